import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { internal, unavailable } from '../errors.ts';
import { provideBinaries } from './binaries.ts';
import { environmentOf, provideCluster, provideSocketFolder } from './cluster.ts';
import { endLeftover } from './leftover.ts';
import { databaseUser, giveFolder } from './user.ts';

export interface EmbeddedPostgres {
  /** For the `bedside` database. */
  readonly connectionString: string;
  /** The same server, another database. */
  connectionStringOf(database: string): string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Resolves when the server has ended, whatever ended it. */
  readonly ended: Promise<void>;
  /** Ends the server in order (fast shutdown); idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the binaries and the cluster. */
  readonly folder: string;
  /** Where the binaries go, if not into `folder`; several clusters can share them. */
  readonly binariesFolder?: string;
  /** Extra `name=value` settings, e.g. `fsync=off` for throw-away tests. */
  readonly settings?: readonly string[];
  readonly log?: (line: string) => void;
}

const defaults = ['listen_addresses=', 'unix_socket_permissions=0700', 'port=5432', 'max_connections=120', 'shared_buffers=256MB', 'max_wal_size=2GB', 'jit=off', 'timezone=UTC', 'log_timezone=UTC'];
const stopTimeoutMs = 15_000;

/**
 * Starts PostgreSQL on a Unix socket only (no port, no password on the wire), creating the cluster on first use. A server that a
 * killed process of ours left behind is ended first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = databaseUser();
  giveFolder(options.folder, user);
  const home = { ...provideBinaries(options.binariesFolder ?? options.folder), user };
  const cluster = await provideCluster(options.folder, home);
  await endLeftover(cluster);
  const sockets = provideSocketFolder(options.folder, user);

  const settings = [...defaults, `unix_socket_directories=${sockets}`, ...(options.settings ?? [])];
  const child = spawn(join(home.folder, 'bin/postgres'), ['-D', cluster, ...settings.flatMap((s) => ['-c', s])], {
    env: environmentOf(home), cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a terminal's Ctrl-C is for us; we end PostgreSQL when nothing needs it any more
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  });
  const ended = new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.once('error', () => resolve()); });
  const lastLines = follow(child, options.log);
  const connectionStringOf = (database: string): string => `postgresql://bedside@/${database}?host=${encodeURIComponent(sockets)}&port=5432`;
  await answering(child, connectionStringOf('postgres'), lastLines);
  await createDatabase(connectionStringOf('postgres'), 'bedside');
  return {
    connectionString: connectionStringOf('bedside'),
    connectionStringOf,
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      if (hasEnded(child)) return;
      child.kill('SIGINT');
      const killer = setTimeout(() => child.kill('SIGQUIT'), stopTimeoutMs);
      await ended;
      clearTimeout(killer);
    },
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

/** Hands PostgreSQL's lines to the log and remembers the last ones, for the message if it does not start. */
function follow(child: ChildProcess, log: ((line: string) => void) | undefined): readonly string[] {
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((l) => l !== '')) {
        log?.(line);
        lastLines.push(line);
        if (lastLines.length > 20) lastLines.shift();
      }
    });
  }
  return lastLines;
}

async function createDatabase(connectionString: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database "${name}"`);
  } finally {
    await client.end();
  }
}

async function answering(child: ChildProcess, connectionString: string, lastLines: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (hasEnded(child)) throw internal('postgres-ended', `PostgreSQL did not start: ${lastLines.slice(-3).join(' | ')}`);
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      // Not up yet (starting, or recovering after a crash): ask again until it answers or ends.
      await client.end().catch(() => undefined);
      await sleep(50);
    }
  }
  child.kill('SIGQUIT');
  throw unavailable('postgres-slow', 'PostgreSQL did not answer within a minute.');
}
