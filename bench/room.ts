/** The conference room: join to first frame in a real browser, and the cost of relaying beside Janus under the same load. */
import { networkInterfaces } from 'node:os';
import { startBrowser } from '../e2e/support/browser.ts';
import { enter, flows, until } from '../e2e/support/room-calls.ts';
import { buildPages, startRoomServer } from '../e2e/support/room-server.ts';
import { MediaPool } from '../server/src/media/index.ts';
import { openReceiver, openSender, type LoadReceiver } from './room-load/generator.ts';
import { janusInstalled, startJanus } from './room-load/janus.ts';
import { relayedPerCpuSecond } from './room-load/measure.ts';

type Print = (name: string, ours: number, reference: number, unit: string, what: string) => void;

const packetsPerSecond = 600;
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
/** Janus offers no loopback candidates, so both relay over the machine's own address. */
const ownAddress = (): string => Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';

/** From the call to join until the first frame of the other is on the screen, everything included: ticket, signalling, ICE, DTLS, key frame. */
async function joinTimes(rounds: number): Promise<number[]> {
  const server = await startRoomServer({ pagesFolder: await buildPages() });
  const browser = await startBrowser();
  try {
    const host = await enter(browser, server, { participantId: 'host', role: 'host' });
    await until('the host is inside', () => host.evaluate(() => window.bare.client.snapshot.phase === 'inside'));
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const guest = await enter(browser, server, { participantId: `guest-${round}` });
      await flows(guest, 'media at the guest');
      times.push(await guest.evaluate(() => window.bare.times.firstFrameMs ?? NaN));
      await guest.evaluate(() => window.bare.client.leave());
      await guest.context().close();
    }
    return times;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** The transport library refuses a description now and then for no reason that can be seen; a load connection is simply made again. */
async function again<T>(what: string, open: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open();
    } catch (error) {
      if (attempt === 3) throw error;
      console.error(`${what}, attempt ${attempt}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function ourRelay(subscribers: number, forMs: number): Promise<number> {
  const address = ownAddress();
  const pool = new MediaPool({ processes: 1, address });
  const receivers: LoadReceiver[] = [];
  try {
    const room = pool.openRoom('bench', { onEvent: () => undefined, onRestart: () => { throw new Error('The media process died under load.'); } });
    const sender = await again('sender', () => openSender(address, async (offer) => (await room.publish('sender', offer)).sdp));
    await room.openTracks('sender', ['main']);
    for (let number = 0; number < subscribers; number += 1) {
      const id = `receiver-${number}`;
      receivers.push(await again('receiver', async () => {
        const { sdp, negotiation } = await room.subscribe(id, 1);
        return openReceiver(address, sdp, (answer) => room.answer(id, negotiation, answer));
      }));
    }
    const { perCpuSecond, arrivedFraction } = await relayedPerCpuSecond(pool.processIds[0]!, sender, receivers, packetsPerSecond, forMs);
    if (arrivedFraction < 0.95) console.error(`ours: ${(arrivedFraction * 100).toFixed(1)} % of the packets arrived`);
    sender.close();
    return perCpuSecond;
  } finally {
    for (const receiver of receivers) receiver.close();
    await pool.close();
  }
}

async function janusRelay(subscribers: number, forMs: number): Promise<number> {
  const address = ownAddress();
  const janus = await startJanus();
  const receivers: LoadReceiver[] = [];
  try {
    const sender = await again('sender', () => openSender(address, (offer) => janus.publish(offer)));
    for (let number = 0; number < subscribers; number += 1) {
      receivers.push(await again('receiver', async () => {
        const subscription = await janus.subscribe();
        return openReceiver(address, subscription.offer, (answer) => subscription.answer(answer));
      }));
    }
    const { perCpuSecond, arrivedFraction } = await relayedPerCpuSecond(janus.pid, sender, receivers, packetsPerSecond, forMs);
    if (arrivedFraction < 0.95) console.error(`Janus: ${(arrivedFraction * 100).toFixed(1)} % of the packets arrived`);
    sender.close();
    return perCpuSecond;
  } finally {
    for (const receiver of receivers) receiver.close();
    await janus.close();
  }
}

export async function bench(print: Print, options: { full: boolean }): Promise<void> {
  const times = await joinTimes(options.full ? 20 : 5);
  print('room join to first frame', median(times), 1_000, 'ms', `the limit of one second; median of ${times.length}`);
  const subscribers = options.full ? 80 : 20;
  const forMs = options.full ? 20_000 : 6_000;
  if (!await janusInstalled()) {
    console.error('Janus is not installed (apt-get install janus): no reference for relaying.');
    return;
  }
  // Alternating, so that other work on the machine meets both alike.
  const ours: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    ours.push(await ourRelay(subscribers, forMs));
    reference.push(await janusRelay(subscribers, forMs));
  }
  print('room packets relayed', median(ours), median(reference), 'packets per CPU-second', `Janus of Debian with two event loops, same run and load: 1 sender at ${packetsPerSecond}/s, ${subscribers} receivers; median of 3`);
}
