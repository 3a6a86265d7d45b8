import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../errors.ts';

/** Process id of the postmaster that holds the cluster, or undefined. */
function postmasterOf(cluster: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster) ? pid : undefined;
  } catch {
    return undefined; // no such file, no such process, or a system without /proc: PostgreSQL itself checks again
  }
}

/** A postmaster whose parent was killed goes on without it: end it in order before a new one takes the cluster. */
export async function endLeftover(cluster: string): Promise<void> {
  const pid = postmasterOf(cluster);
  if (pid === undefined) return;
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 400 && postmasterOf(cluster) === pid; i++) await sleep(50);
  if (postmasterOf(cluster) === pid) throw unavailable('postgres-busy', `A PostgreSQL server (process ${pid}) still holds ${cluster}.`);
}

/**
 * How to reach the PostgreSQL that another process of ours keeps in a folder, for tools that work beside a running server.
 * @returns the connection string of the `bedside` database; undefined when none runs there.
 */
export function runningPostgres(folder: string): string | undefined {
  const clusters = existsSync(folder) ? readdirSync(folder).filter((name) => /^cluster-\d+$/.test(name)) : [];
  for (const cluster of clusters.map((name) => join(folder, name))) {
    if (postmasterOf(cluster) === undefined) continue;
    const sockets = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[4]; // @see PostgreSQL, miscadmin.h: LOCK_FILE_LINE_SOCKET_DIR
    if (sockets) return `postgresql://bedside@/bedside?host=${encodeURIComponent(sockets)}&port=5432`;
  }
  return undefined;
}
