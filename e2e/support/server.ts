/**
 * The product itself, as `npm start` runs it: server/src/main.ts in a process of its own, on a free port, with the demonstration network in a
 * fresh data folder. The network is written once for each state of the sources and day; every test file starts on a copy of that.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emptyData, endMain, runMain, type Process } from './main-process.ts';
import { demonstrationPeople, type People } from './people.ts';
import { preparedData } from './prepared-data.ts';

const root = join(import.meta.dirname, '../..');
const mostLogCharacters = 50_000_000;

export interface StartOptions {
  /** Settings besides the ones below, e.g. `{ UPLOAD_LIMIT_MB: '1' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Data folder to start on, kept at the end. Default: a copy of the prepared demonstration network, removed at the end. */
  readonly data?: string;
  /** False: a server without the demonstration network, on an empty data folder. */
  readonly demonstration?: boolean;
}

export interface RunningServer extends AsyncDisposable, People {
  readonly url: string;
  /** Its BEDSIDE_DATA. */
  readonly data: string;
  /** Process id of the server that runs now. */
  pid(): number;
  /** Everything that it printed, of all its lives. */
  log(): string;
  /** Ends it as Ctrl-C does. @returns its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut does: SIGKILL, nothing is tidied. Its children end by themselves or are taken over by the next start. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port after `stop` or `kill`; with other settings if given. */
  start(env?: Readonly<Record<string, string>>): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts the product. `await using server = await startServer()` ends it and removes its data. */
export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const demonstration = options.demonstration ?? true;
  const data = options.data ?? await emptyData();
  if (options.data === undefined && demonstration) await promisify(execFile)('cp', ['-a', '--reflink=auto', `${await preparedData(root)}/.`, data]);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  const hear = (text: string): void => { log = (log + text).slice(-mostLogCharacters); };
  const settings = { BEDSIDE_DATA: data, BEDSIDE_DEMO: demonstration ? '1' : '0', HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'info' };
  let running: Process | undefined;
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => { running = await runMain({ ...settings, ...options.env, ...env }, hear); };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => (running ? endMain(running, signal) : null);
  await start();
  const people = demonstrationPeople(url);
  return {
    ...people, url, data,
    pid: () => running!.child.pid!,
    log: () => log,
    stop: () => end('SIGTERM'),
    kill: async () => { await end('SIGKILL'); },
    start,
    async [Symbol.asyncDispose]() {
      await end('SIGTERM');
      if (options.data === undefined) await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
