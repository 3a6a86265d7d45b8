import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
let data: string;
let port: number;
const started: ChildProcess[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'bedside-start-'));
  chmodSync(data, 0o711);
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  port = (probe.address() as AddressInfo).port;
  probe.close();
});
afterAll(async () => {
  for (const child of started) if (child.exitCode === null) child.kill('SIGTERM');
  for (const pid of processesOf()) process.kill(pid, 'SIGKILL');
  await sleep(500);
  rmSync(data, { recursive: true, force: true });
});

/** Every process of this machine that has the data folder on its command line or in its environment: the server and its children. */
function processesOf(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`BEDSIDE_DATA=${data}`);
    } catch {
      return false; // ended meanwhile, or somebody else's
    }
  });
}
const serverPid = (): number => processesOf().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server/src/main.ts'))!;
const postmasterPid = (): number | undefined => processesOf().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bin/postgres\0-D'));

interface Start { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<number> }

function start(): Start {
  const child = spawn(process.execPath, ['scripts/start.mjs'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', BEDSIDE_DATA: data, BEDSIDE_DEMO: '0', DATABASE_URL: '' } });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => { text += part; });
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => code as number) };
}
const ready = async (s: Start): Promise<void> => { await expect.poll(s.output, { timeout: 120_000, interval: 100 }).toContain(`Bedside is ready at http://127.0.0.1:${port}`); };
const readyz = async (): Promise<number> => fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.status, () => 0);

test('npm start is ready when /readyz answers 200, and a second one on the same data says who has it', async () => {
  const first = start();
  await ready(first);
  expect(await readyz()).toBe(200);
  const second = start();
  expect(await second.ended).not.toBe(0);
  expect(second.output()).toMatch(/Another Bedside \(process \d+ on .+\) already serves/);
  expect(await readyz()).toBe(200);
});

test('a killed PostgreSQL is there again within seconds, without a new start', async () => {
  const before = postmasterPid();
  process.kill(before!, 'SIGKILL');
  await expect.poll(() => [undefined, before].includes(postmasterPid()), { timeout: 30_000, interval: 100 }).toBe(false);
  await expect.poll(readyz, { timeout: 30_000, interval: 200 }).toBe(200);
});

test('after kill -9 of the server the next start is clean', async () => {
  process.kill(serverPid(), 'SIGKILL');
  await expect.poll(() => started[0]!.exitCode, { timeout: 10_000 }).toBe(1);
  const again = start();
  await ready(again);
  expect(await readyz()).toBe(200);
});

test('after kill -9 of the start script the server ends in order by itself, and the next start is clean', async () => {
  started.at(-1)!.kill('SIGKILL');
  await expect.poll(processesOf, { timeout: 30_000, interval: 200 }).toEqual([]);
  await ready(start());
});

test('Ctrl-C ends the server and every process that it started', async () => {
  const running = started.at(-1)!;
  running.kill('SIGINT');
  expect((await once(running, 'close'))[0]).toBe(0);
  expect(processesOf()).toEqual([]);
});
