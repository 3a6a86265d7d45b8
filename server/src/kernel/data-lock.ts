import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { conflict } from './errors.ts';

interface Holder {
  readonly pid: number;
  /** When that process began, in the kernel's ticks: tells it from a later one with the same number. */
  readonly began: string | undefined;
  readonly host: string;
  /** Raised every few seconds while the holder lives: how other machines and containers, which cannot see its process, know. */
  readonly beat: number;
}

const beatMs = 4_000;

function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function lives(file: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) {
    const began = beginningOf(holder.pid);
    return began !== undefined && began === holder.began;
  }
  await sleep(beatMs * 2.5);
  const later = read(file);
  return later !== undefined && (later.beat !== holder.beat || later.pid !== holder.pid);
}

/** Removes the own files of processes of this machine that were killed. */
function removeLeft(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^server\.lock\.(\d{1,9})$/.exec(name)?.[1] ?? NaN);
    if (!Number.isNaN(pid) && pid !== process.pid && beginningOf(pid) === undefined && read(join(folder, name))?.host === hostname()) rmSync(join(folder, name), { force: true });
  }
}

/**
 * Makes this process the only one that serves a data folder. What a killed process left is taken over at once; what a container or another
 * machine on the same disk left, after ten seconds without a sign of life.
 * @throws conflict `data-folder-in-use`, naming the process that has it.
 */
export async function holdDataFolder(folder: string): Promise<{ release(): void }> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const file = join(folder, 'server.lock');
  const mine = join(folder, `server.lock.${process.pid}`);
  const me = { pid: process.pid, began: beginningOf(process.pid), host: hostname() };
  let beat = 0;
  const write = (to: string): void => writeFileSync(to, JSON.stringify({ ...me, beat: beat++ }), { mode: 0o644 });
  write(mine);
  try {
    for (;;) {
      try {
        linkSync(mine, file); // atomic, and never half-written; the two names stay one file, so that a beat is seen by both
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = read(file) ?? (await sleep(100), read(file)); // a beat may be half-written for a moment
      if (holder && await lives(file, holder)) {
        throw conflict('data-folder-in-use', `Another Bedside (process ${holder.pid} on ${holder.host}) already serves ${folder}. End it, or give this one a folder of its own with BEDSIDE_DATA.`);
      }
      const now = read(file);
      if (now?.pid === holder?.pid && now?.began === holder?.began) rmSync(file, { force: true }); // left by one that is gone, or unreadable
    }
  } catch (error) {
    rmSync(mine, { force: true });
    throw error;
  }
  removeLeft(folder);
  const timer = setInterval(() => { try { write(mine); } catch { /* a full disk: the file on it still names us, and this machine sees our process */ } }, beatMs).unref();
  return {
    release: () => {
      clearInterval(timer);
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
      rmSync(mine, { force: true });
    },
  };
}
