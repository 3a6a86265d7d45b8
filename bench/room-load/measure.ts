import { readFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import type { LoadReceiver, LoadSender } from './generator.ts';

const clockTicks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time of a process, in seconds, user and system. @see proc(5) */
async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicks;
}

const tickMs = 10;

/** Sends at a steady rate and returns packets relayed per second of the relay's CPU time, and the share that arrived. */
export async function relayedPerCpuSecond(pid: number, sender: LoadSender, receivers: readonly LoadReceiver[], packetsPerSecond: number, forMs: number): Promise<{ perCpuSecond: number; arrivedFraction: number }> {
  const count = (): number => receivers.reduce((sum, receiver) => sum + receiver.count(), 0);
  const run = async (ms: number): Promise<number> => {
    const startedAt = performance.now();
    let sent = 0;
    while (performance.now() - startedAt < ms) {
      const due = Math.floor(((performance.now() - startedAt) * packetsPerSecond) / 1000) - sent;
      sender.send(due);
      sent += due;
      await new Promise((resolve) => { setTimeout(resolve, tickMs); });
    }
    return sent;
  };
  await run(1_000);
  const [cpu, packets] = [await cpuSeconds(pid), count()];
  const sent = await run(forMs);
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  const relayed = count() - packets;
  return { perCpuSecond: relayed / (await cpuSeconds(pid) - cpu), arrivedFraction: relayed / (sent * receivers.length) };
}
