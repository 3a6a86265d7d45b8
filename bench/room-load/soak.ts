/** A call of two browsers through a link that drops RTP and RTCP both ways, measured by what the receivers saw and heard. */
import { startBrowser } from '../../e2e/support/browser.ts';
import { lossyLink } from '../../e2e/support/lossy-proxy.ts';
import { enter, flows, measureCall } from '../../e2e/support/room-calls.ts';
import { buildPages, startRoomServer } from '../../e2e/support/room-server.ts';

export interface SoakOptions { readonly seconds: number; readonly dropFraction: number; readonly roundTripMs: number; readonly seed: number }

const settleMs = 8_000;

/** Prints the figures of both receivers and returns whether they keep the promise: no freeze, no gap over 60 ms, under 1 % concealed. */
export async function soakRoom(options: SoakOptions, print: (line: string) => void): Promise<boolean> {
  const link = lossyLink({ dropFraction: options.dropFraction, delayMs: options.roundTripMs / 2 }, options.seed);
  const server = await startRoomServer({ pagesFolder: await buildPages(), link });
  const browser = await startBrowser();
  try {
    const a = await enter(browser, server, { participantId: 'a', role: 'host' }, { tone: true });
    const b = await enter(browser, server, { participantId: 'b' }, { tone: true });
    await Promise.all([flows(a, 'media at a'), flows(b, 'media at b')]);
    await new Promise((resolve) => { setTimeout(resolve, settleMs); });
    const figures = await Promise.all([a, b].map((page) => measureCall(page, options.seconds * 1_000)));
    for (const one of figures) {
      print(`${one.framesPerSecond.toFixed(1)} frames/s, ${one.freezes} freezes (${one.freezeMs.toFixed(0)} ms), longest time between frames ${one.longestFrameGapMs.toFixed(0)} ms, ${(one.concealedFraction * 100).toFixed(3)} % concealed, longest ${one.longestConcealedMs.toFixed(0)} ms, held back ${one.playoutMs.toFixed(0)} ms, machine stood still ${one.machineStalls} times, its sender ${one.senderStalls} times`);
    }
    print(`${link.counts.dropped} of ${link.counts.dropped + link.counts.passed} datagrams dropped`);
    return figures.every((one, index) => one.freezes <= one.machineStalls + figures[1 - index]!.senderStalls && one.longestConcealedMs < 60 && one.concealedFraction < 0.01);
  } finally {
    await browser.close();
    await server.close();
  }
}
