import type { ClientMessage, LinkReportView, ServerMessage } from '@bedside/server/media/protocol/index.ts';

export interface LinkProbeOptions {
  /** Address of the signalling, e.g. wss://host/room. */
  readonly url: string;
  readonly datagrams?: number;
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Like a voice packet: 160 bytes every 20 ms. */
const probeBytes = 160;
const probeEveryMs = 20;
const lateAfterMs = 700;
const channelWithinMs = 4_000;
const gradedWithinMs = 4_000;

/** What came back of one numbered datagram. */
export interface Echo { readonly number: number; readonly sentAtMs: number; readonly backAtMs: number; readonly atServerMs: number }

/** Smoothed difference of transit times. @see RFC 3550 section 6.4.1 */
export function interarrivalJitter(times: readonly { readonly sentMs: number; readonly arrivedMs: number }[]): number {
  let jitter = 0;
  for (let index = 1; index < times.length; index += 1) {
    const now = times[index]!;
    const before = times[index - 1]!;
    jitter += (Math.abs(now.arrivedMs - before.arrivedMs - (now.sentMs - before.sentMs)) - jitter) / 16;
  }
  return jitter;
}

/** Round trip (median), jitter (the worse direction) and loss of one direction. */
export function summarize(sent: number, echoes: readonly Echo[]): { roundTripMs: number; jitterMs: number; lossFraction: number } {
  const trips = echoes.map((echo) => echo.backAtMs - echo.sentAtMs).sort((a, b) => a - b);
  const inOrder = [...echoes].sort((a, b) => a.number - b.number);
  const there = interarrivalJitter(inOrder.map((echo) => ({ sentMs: echo.sentAtMs, arrivedMs: echo.atServerMs })));
  const back = interarrivalJitter(inOrder.map((echo) => ({ sentMs: echo.atServerMs, arrivedMs: echo.backAtMs })));
  const arrived = Math.min(1, echoes.length / Math.max(1, sent));
  // Each echo has passed the link twice.
  return { roundTripMs: trips[Math.floor(trips.length / 2)] ?? 60_000, jitterMs: Math.max(there, back), lossFraction: 1 - Math.sqrt(arrived) };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return Promise.race([promise, wait(ms).then(() => undefined)]);
}

/** A socket of its own, before joining: no ticket is spent. */
async function connect(url: string, signal: AbortSignal | undefined): Promise<{ send(message: ClientMessage): void; next<K extends ServerMessage['type']>(type: K): Promise<Extract<ServerMessage, { type: K }>>; close(): void }> {
  const socket = new WebSocket(url);
  signal?.addEventListener('abort', () => socket.close());
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', () => reject(new Error('The server cannot be reached.')));
  });
  return {
    send: (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
    next: (type) => new Promise((resolve, reject) => {
      socket.addEventListener('message', (event) => {
        const message = JSON.parse(String(event.data)) as ServerMessage;
        if (message.type === type) resolve(message as Extract<ServerMessage, { type: typeof type }>);
        if (message.type === 'error') reject(new Error(message.code));
      });
      socket.addEventListener('close', () => reject(new Error('The connection to the server was lost.')));
    }),
    close: () => socket.close(),
  };
}

type Line = Awaited<ReturnType<typeof connect>>;

async function openChannel(line: Line, peer: RTCPeerConnection): Promise<RTCDataChannel | undefined> {
  const channel = peer.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
  channel.binaryType = 'arraybuffer';
  const opened = new Promise<RTCDataChannel>((resolve) => { channel.addEventListener('open', () => resolve(channel)); });
  await peer.setLocalDescription(await peer.createOffer());
  const answer = line.next('probed');
  line.send({ type: 'probe', sdp: peer.localDescription?.sdp ?? '' });
  const found = await within(answer, channelWithinMs);
  if (found === undefined) return undefined;
  await peer.setRemoteDescription({ type: 'answer', sdp: found.sdp });
  return within(opened, channelWithinMs);
}

async function overDatagrams(channel: RTCDataChannel, options: LinkProbeOptions): Promise<{ roundTripMs: number; jitterMs: number; lossFraction: number }> {
  const count = options.datagrams ?? 100;
  const sentAt: number[] = [];
  const echoes: Echo[] = [];
  const seen = new Set<number>();
  channel.addEventListener('message', (event) => {
    if (!(event.data instanceof ArrayBuffer) || event.data.byteLength < 16) return;
    const view = new DataView(event.data);
    const number = view.getUint32(12);
    const sentAtMs = sentAt[number];
    if (sentAtMs === undefined || seen.has(number)) return;
    seen.add(number);
    echoes.push({ number, sentAtMs, backAtMs: performance.now(), atServerMs: view.getFloat64(4) });
  });
  const bytes = new ArrayBuffer(probeBytes);
  for (let number = 0; number < count && options.signal?.aborted !== true; number += 1) {
    new DataView(bytes).setUint32(0, number);
    sentAt.push(performance.now());
    channel.send(bytes);
    options.onProgress?.((number + 1) / count);
    await wait(probeEveryMs);
  }
  await wait(lateAfterMs);
  return summarize(sentAt.length, echoes);
}

/** Where no datagrams pass: round trip and jitter of the WebSocket. TCP repeats what is lost, so loss cannot be seen. */
async function overWebSocket(line: Line, options: LinkProbeOptions): Promise<{ roundTripMs: number; jitterMs: number }> {
  const count = 20;
  const trips: number[] = [];
  for (let number = 0; number < count && options.signal?.aborted !== true; number += 1) {
    const sentAt = performance.now();
    const answer = line.next('pong');
    line.send({ type: 'ping', sentAt });
    if (await within(answer, 2_000) !== undefined) trips.push(performance.now() - sentAt);
    options.onProgress?.((number + 1) / count);
    await wait(probeEveryMs * 3);
  }
  const jitterMs = interarrivalJitter(trips.map((trip, index) => ({ sentMs: index * 100, arrivedMs: index * 100 + trip })));
  return { roundTripMs: [...trips].sort((a, b) => a - b)[Math.floor(trips.length / 2)] ?? 60_000, jitterMs };
}

/** Measures the link to the server and lets it be graded against the limits. @throws when the server cannot be reached. */
export async function measureLink(options: LinkProbeOptions): Promise<LinkReportView> {
  const line = await connect(options.url, options.signal);
  const peer = new RTCPeerConnection();
  try {
    const channel = await openChannel(line, peer).catch(() => undefined);
    const measured = channel === undefined ? { ...await overWebSocket(line, options), over: 'websocket' as const } : { ...await overDatagrams(channel, options), over: 'datagrams' as const };
    const graded = line.next('graded');
    line.send({ type: 'measured', ...measured });
    const answer = await within(graded, gradedWithinMs);
    if (answer === undefined) throw new Error('The server did not answer.');
    return answer.link;
  } finally {
    peer.close();
    line.close();
  }
}
