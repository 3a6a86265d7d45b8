import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, rmSync, chownSync, chmodSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unsupported } from '../errors.ts';
import { giveFolder, type UnixUser } from './user.ts';

const run = promisify(execFile);

export interface Home {
  /** Folder that has `bin/postgres`. */
  readonly folder: string;
  readonly version: string;
  readonly user: UnixUser | undefined;
}

/** What PostgreSQL's programs run with: nothing of the caller's environment. */
export const environmentOf = (home: Home): Record<string, string> => ({ LD_LIBRARY_PATH: join(home.folder, 'lib'), PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

/** Makes the cluster on first use; a half-made one is never used. @returns its folder. */
export async function provideCluster(folder: string, home: Home): Promise<string> {
  const cluster = join(folder, `cluster-${home.version.split('.')[0]}`);
  if (existsSync(join(cluster, 'PG_VERSION'))) return cluster;
  const made = `${cluster}.new`;
  for (const half of [cluster, made]) rmSync(half, { recursive: true, force: true });
  giveFolder(made, home.user);
  await run(join(home.folder, 'bin/initdb'), ['-D', made, '-U', 'bedside', '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--auth=trust', '--data-checksums', '--no-instructions'], {
    env: environmentOf(home), cwd: folder, ...(home.user ? { uid: home.user.uid, gid: home.user.gid } : {}),
  });
  await run('/bin/mv', [made, cluster]);
  return cluster;
}

/** Longest path of a Unix socket is 107 bytes; PostgreSQL adds `/.s.PGSQL.5432`. */
const longestFolder = 90;

/**
 * The folder of the socket: beside the cluster if its path is short enough for a socket, else under the system's temporary folder.
 * Whoever may enter it may be the database to us and use ours, so it is nobody else's.
 */
export function provideSocketFolder(folder: string, user: UnixUser | undefined): string {
  const beside = join(folder, 'run');
  const sockets = Buffer.byteLength(beside) <= longestFolder ? beside : join(tmpdir(), `bedside-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  const owner = lstatSync(sockets);
  const mine = [process.getuid?.(), user?.uid].includes(owner.uid);
  if (!owner.isDirectory() || !mine) throw unsupported('socket-folder-foreign', `${sockets} belongs to somebody else; remove it and start again.`);
  chmodSync(sockets, 0o700);
  if (user) chownSync(sockets, user.uid, user.gid);
  return sockets;
}
