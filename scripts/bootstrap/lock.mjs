import { mkdirSync, readFileSync, unlinkSync, writeFileSync, linkSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './print.mjs';

/** When a process began, in the kernel's ticks: tells a process from a later one with the same number. Undefined when there is none. */
function beginningOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function alive({ pid, began }) {
  if (process.platform === 'linux') return beginningOf(pid) === began;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while no other process of this machine runs work under the same file; one that was killed holds nothing. */
export async function withLock(file, waiting, work) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) }));
  let told = false;
  for (;;) {
    try {
      linkSync(mine, file); // atomic: fails when the lock exists, and is never seen half-written
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder;
    try {
      holder = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      continue; // released between the two calls
    }
    if (!alive(holder)) {
      unlinkSync(file);
      continue;
    }
    if (!told) say(`${waiting} (process ${holder.pid}) …`);
    told = true;
    await sleep(300);
  }
  const release = () => { for (const f of [file, mine]) { try { unlinkSync(f); } catch { /* already gone */ } } };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}
