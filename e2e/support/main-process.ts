import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const readyWithinMs = 180_000;
const endsWithinMs = 30_000;

export interface Process { readonly child: ChildProcess; ended: boolean }

/** Runs main.ts until it says that it is ready. @throws with the end of its log when it does not come up. */
export async function runMain(env: Readonly<Record<string, string>>, hear: (text: string) => void): Promise<Process> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'server/src/main.ts')], { cwd: root, env: { PATH, HOME, TZ: 'UTC', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const running: Process = { child, ended: false };
  let said = '';
  let ready = (): void => undefined;
  const isReady = new Promise<void>((resolve) => { ready = resolve; });
  for (const stream of [child.stdout, child.stderr]) {
    stream!.setEncoding('utf8').on('data', (text: string) => {
      hear(text);
      said = (said + text).slice(-20_000);
      if (/^Bedside is ready at /m.test(said)) ready();
    });
  }
  const gone = once(child, 'close').then(([code]) => {
    running.ended = true;
    throw new Error(`The server ended with ${String(code)} before it was ready:\n${said.slice(-4_000)}`);
  });
  gone.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error(`The server was not ready after ${readyWithinMs} ms:\n${said.slice(-4_000)}`)), readyWithinMs); });
  try {
    await Promise.race([isReady, gone, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return running;
}

export async function endMain(running: Process, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (running.ended) return running.child.exitCode;
  const closed = once(running.child, 'close');
  running.child.kill(signal);
  const timer = setTimeout(() => running.child.kill('SIGKILL'), endsWithinMs);
  await closed;
  clearTimeout(timer);
  return running.child.exitCode;
}

/** An empty data folder that PostgreSQL's user can reach when we are root. */
export async function emptyData(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-e2e-'));
  await chmod(folder, 0o711);
  return folder;
}
