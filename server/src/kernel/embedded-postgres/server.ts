import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { internal, unavailable } from '../errors.ts';
import { databaseUser, giveFolder } from './user.ts';
import { provideBinaries } from './binaries.ts';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** For the `bedside` database. */
  readonly connectionString: string;
  /** The same server, another database. */
  connectionStringOf(database: string): string;
  readonly pid: number;
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

/** Starts PostgreSQL on a Unix socket only (no port, no password on the wire), creating the cluster on first use. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = databaseUser();
  giveFolder(options.folder, user);
  const { folder: home, version } = provideBinaries(options.binariesFolder ?? options.folder);
  const cluster = join(options.folder, `cluster-${version.split('.')[0]}`);
  const as = user ? { uid: user.uid, gid: user.gid } : {};
  const env = { LD_LIBRARY_PATH: join(home, 'lib'), PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    rmSync(cluster, { recursive: true, force: true });
    const made = `${cluster}.new`;
    rmSync(made, { recursive: true, force: true });
    giveFolder(made, user);
    await run(join(home, 'bin/initdb'), ['-D', made, '-U', 'bedside', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--auth=trust', '--data-checksums', '--no-instructions'], { env, ...as, cwd: options.folder });
    await run('/bin/mv', [made, cluster]);
  }
  await endLeftover(cluster);

  const sockets = join(tmpdir(), `bedside-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`);
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  if (user) chownSync(sockets, user.uid, user.gid);
  const settings = ['listen_addresses=', `unix_socket_directories=${sockets}`, 'unix_socket_permissions=0700', 'port=5432', 'max_connections=120', 'shared_buffers=256MB', 'max_wal_size=2GB', 'jit=off', 'timezone=UTC', 'log_timezone=UTC', ...(options.settings ?? [])];
  const child = spawn(join(home, 'bin/postgres'), ['-D', cluster, ...settings.flatMap((s) => ['-c', s])], { env, ...as, cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lastLines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) if (line) { options.log?.(line); lastLines.push(line); if (lastLines.length > 20) lastLines.shift(); }
    });
  }
  const connectionStringOf = (database: string): string => `postgresql://bedside@/${database}?host=${encodeURIComponent(sockets)}&port=5432`;
  await answering(child, connectionStringOf('postgres'), lastLines);
  await createDatabase(connectionStringOf('postgres'), 'bedside');
  writeFileSync(join(sockets, 'owner.pid'), String(process.pid));
  return {
    connectionString: connectionStringOf('bedside'),
    connectionStringOf,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      const killer = setTimeout(() => child.kill('SIGQUIT'), 15_000);
      await ended;
      clearTimeout(killer);
    },
  };
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
    if (child.exitCode !== null || child.signalCode !== null) throw internal('postgres-ended', `PostgreSQL did not start: ${lastLines.slice(-3).join(' | ')}`);
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
  throw unavailable('postgres-slow', 'PostgreSQL did not answer within a minute.');
}

/** A postmaster whose parent was killed goes on without it: end it in order before a new one takes the cluster. */
async function endLeftover(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const isOurs = (): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster);
    } catch {
      return false;
    }
  };
  if (!pid || !isOurs()) return;
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 400 && isOurs(); i++) await sleep(50);
  if (isOurs()) throw unavailable('postgres-busy', `A PostgreSQL server (process ${pid}) still holds ${cluster}.`);
}
