/** What a browser really decodes of the others, counted by its own WebRTC statistics. */
import type { Page } from 'playwright-core';
import { until } from '../room-calls.ts';

declare global {
  interface Window { peerConnections: RTCPeerConnection[]; sockets: WebSocket[] }
}

/** Runs in each page before its own code: keeps hold of connections so that their statistics can be read, and sockets cut. */
export function countConnections(): void {
  window.peerConnections = [];
  window.sockets = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(options?: RTCConfiguration) {
      super(options);
      window.peerConnections.push(this);
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      window.sockets.push(this);
    }
  };
}

export interface StreamFigures { readonly kind: 'audio' | 'video'; readonly framesDecoded: number; readonly packetsReceived: number; readonly frameWidth: number }

/** Every stream that comes in now, by a name that stays the same. */
export const streamsOf = async (page: Page): Promise<Map<string, StreamFigures>> => new Map(await page.evaluate(async () => {
  const found: [string, StreamFigures][] = [];
  for (const [at, connection] of window.peerConnections.entries()) {
    if (connection.connectionState === 'closed') continue;
    for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (report['type'] !== 'inbound-rtp') continue;
      found.push([`${at}/${String(report['ssrc'])}`, { kind: report['kind'] as 'audio' | 'video', framesDecoded: Number(report['framesDecoded'] ?? 0), packetsReceived: Number(report['packetsReceived'] ?? 0), frameWidth: Number(report['frameWidth'] ?? 0) }]);
    }
  }
  return found;
}));

/** Waits until pictures and sound of exactly so many others rise. @param extraVideo shared screens among them. */
export async function risesFrom(page: Page, what: string, others: number, extraVideo = 0): Promise<void> {
  const before = await streamsOf(page);
  await until(what, async () => {
    const now = await streamsOf(page);
    const risen = [...now].filter(([name, one]) => (one.kind === 'video' ? one.framesDecoded >= (before.get(name)?.framesDecoded ?? 0) + 5 : one.packetsReceived >= (before.get(name)?.packetsReceived ?? 0) + 20));
    return risen.filter(([, one]) => one.kind === 'video').length === others + extraVideo && risen.filter(([, one]) => one.kind === 'audio').length === others;
  }, 40_000);
}
