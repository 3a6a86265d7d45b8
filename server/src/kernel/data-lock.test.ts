import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdDataFolder } from './index.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'bedside-lock-')); });
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the folder until it is killed. */
async function holderProcess(): Promise<ChildProcess> {
  const code = `import { holdDataFolder } from ${JSON.stringify(join(import.meta.dirname, 'data-lock.ts'))}; await holdDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child;
}

async function expectHeldByUs(): Promise<void> {
  const lock = await holdDataFolder(folder);
  expect(JSON.parse(readFileSync(join(folder, 'server.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
}

test('a second server on the same data folder is refused with the process that has it', async () => {
  const child = await holderProcess();
  await expect(holdDataFolder(folder)).rejects.toMatchObject({ kind: 'conflict', code: 'data-folder-in-use', message: expect.stringContaining(`process ${child.pid}`) });
});

test('the folder of a server that was killed is taken over at once', async () => {
  const child = await holderProcess();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expectHeldByUs();
});

test('a process with the same number that began later does not hold the folder', async () => {
  writeFileSync(join(folder, 'server.lock'), JSON.stringify({ pid: process.pid, began: '1', host: hostname(), beat: 0 }));
  await expectHeldByUs();
});

test('what a container that is gone left is taken over when it shows no sign of life', async () => {
  writeFileSync(join(folder, 'server.lock'), JSON.stringify({ pid: 1, began: '1', host: 'container-of-yesterday', beat: 7 }));
  await expectHeldByUs();
}, 20_000);

test('a released folder can be held again', async () => {
  await expectHeldByUs();
  await expectHeldByUs();
});
