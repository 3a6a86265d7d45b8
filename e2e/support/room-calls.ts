/** What the tests of the room do again and again: open a participant, wait for media, measure a call. */
import type { Browser, Page } from 'playwright-core';
import type { Admission } from '../../server/src/media/index.ts';
import type { Inbound } from './room-page/core.ts';
import type { RoomServer } from './room-server.ts';

export async function enter(browser: Browser, server: RoomServer, admission: Partial<Admission> & { participantId: string }, options: { tone?: boolean } = {}): Promise<Page> {
  const page = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
  await page.goto(`${server.url}/index.html?ticket=${server.issue(admission)}`);
  await page.evaluate((given) => window.bare.join(given), options);
  return page;
}

export async function until(what: string, check: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!await check()) {
    if (Date.now() > end) throw new Error(`Not in time: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

export interface Received { readonly frames: number; readonly audioPackets: number; readonly freezes: number; readonly freezeMs: number; readonly widest: number }
export const received = (page: Page): Promise<Received> => page.evaluate(async () => (await window.bare.inbound()).reduce((sum, one: Inbound) => ({
  frames: sum.frames + (one.framesDecoded ?? 0), audioPackets: sum.audioPackets + (one.kind === 'audio' ? one.packetsReceived : 0),
  freezes: sum.freezes + (one.freezeCount ?? 0), freezeMs: sum.freezeMs + (one.totalFreezesDuration ?? 0) * 1000, widest: Math.max(sum.widest, one.frameWidth ?? 0),
}), { frames: 0, audioPackets: 0, freezes: 0, freezeMs: 0, widest: 0 }));

/** Waits until decoded frames and audio packets of the page have risen by this much. */
export async function flows(page: Page, what: string, frames = 10, audioPackets = 20): Promise<void> {
  const before = await received(page);
  // A connection made anew counts from nothing.
  await until(what, async () => {
    const now = await received(page);
    return (now.frames >= before.frames + frames || (now.frames < before.frames && now.frames >= frames))
      && (now.audioPackets >= before.audioPackets + audioPackets || (now.audioPackets < before.audioPackets && now.audioPackets >= audioPackets));
  });
}

export interface CallFigures {
  readonly framesPerSecond: number;
  /** A freeze is, to WebRTC, at least 150 ms more than the mean time between frames: 200 ms at 20 frames a second. */
  readonly freezes: number;
  readonly freezeMs: number;
  readonly longestFrameGapMs: number;
  readonly concealedFraction: number; readonly longestConcealedMs: number;
  readonly playoutMs: number;
  readonly machineStalls: number; readonly senderStalls: number;
}

/** Measures what a receiver sees and hears for a while. */
export async function measureCall(page: Page, forMs: number): Promise<CallFigures> {
  await page.evaluate(() => window.bare.resetGaps());
  const before = await received(page);
  const startedAt = Date.now();
  const measured = await page.evaluate((ms) => window.bare.measure(ms), forMs);
  const after = await received(page);
  const gaps = await page.evaluate(() => window.bare.gaps());
  const playoutMs = await page.evaluate(async () => Math.max(...(await window.bare.inbound()).map((one) => (one.jitterBufferEmittedCount > 0 ? (one.jitterBufferDelay / one.jitterBufferEmittedCount) * 1000 : 0))));
  return {
    framesPerSecond: ((after.frames - before.frames) * 1000) / (Date.now() - startedAt), freezes: after.freezes - before.freezes, freezeMs: after.freezeMs - before.freezeMs,
    longestFrameGapMs: Math.max(...Object.values(gaps)), playoutMs, ...measured,
  };
}
