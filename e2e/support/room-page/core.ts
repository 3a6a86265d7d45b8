/** The framework-free room client on a bare page, for tests that measure media rather than look at screens. */
import { RoomClient } from '../../../web/src/room/core/index.ts';

const ticket = new URLSearchParams(location.search).get('ticket') ?? '';
const client = new RoomClient({ url: `ws://${location.host}/room`, ticket });
const shown = new Map<string, HTMLVideoElement>();
const times = { start: performance.now(), firstFrameMs: undefined as number | undefined };
/** Longest time between two frames shown, per picture, since it was last reset. */
const gaps = new Map<string, { last: number; longestMs: number }>();

function watchFrames(id: string, video: HTMLVideoElement): void {
  const onFrame = (now: number) => {
    times.firstFrameMs ??= performance.now() - times.start;
    const gap = gaps.get(id);
    if (gap === undefined) gaps.set(id, { last: now, longestMs: 0 });
    else { gap.longestMs = Math.max(gap.longestMs, now - gap.last); gap.last = now; }
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

client.watch(() => {
  const { streams, auxiliary } = client.snapshot;
  const all = new Map(streams);
  if (auxiliary !== undefined) all.set(`screen-of-${auxiliary.participantId}`, auxiliary.stream);
  for (const [id, stream] of all) {
    let video = shown.get(id);
    if (video === undefined) {
      video = document.createElement('video');
      video.autoplay = true;
      video.playsInline = true;
      video.id = id;
      document.querySelector('#videos')!.append(video);
      shown.set(id, video);
      watchFrames(id, video);
    }
    if (video.srcObject !== stream) video.srcObject = stream;
  }
  for (const [id, video] of shown) if (!all.has(id)) { video.remove(); shown.delete(id); }
});

async function join(options: { width?: number; height?: number; frameRate?: number; tone?: boolean }): Promise<void> {
  const media = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    video: { width: options.width ?? 640, height: options.height ?? 360, frameRate: options.frameRate ?? 20 },
  });
  let audio = media.getAudioTracks()[0] ?? null;
  if (options.tone === true) {
    const context = new AudioContext();
    const oscillator = context.createOscillator();
    const out = context.createMediaStreamDestination();
    oscillator.connect(out);
    oscillator.start();
    audio = out.stream.getAudioTracks()[0] ?? null;
  }
  times.start = performance.now();
  times.firstFrameMs = undefined;
  await client.setMicrophone(audio);
  await client.setCamera(media.getVideoTracks()[0] ?? null);
  client.start();
}

/** A moving drawing as a screen: headless machines have none. */
async function shareDrawing(): Promise<void> {
  const canvas = document.createElement('canvas');
  canvas.width = 1280;
  canvas.height = 720;
  const paint = canvas.getContext('2d')!;
  let n = 0;
  setInterval(() => {
    n += 1;
    paint.fillStyle = `hsl(${n % 360} 80% 50%)`;
    paint.fillRect(0, 0, 1280, 720);
    paint.fillStyle = 'black';
    paint.font = '120px sans-serif';
    paint.fillText(String(n), 100, 300);
  }, 100);
  await client.share(canvas.captureStream(10).getVideoTracks()[0]!);
}

export interface Inbound { kind: string; mid: string; framesDecoded: number; packetsReceived: number; packetsLost: number; freezeCount: number; totalFreezesDuration: number; concealedSamples: number; totalSamplesReceived: number; frameWidth: number; nackCount: number; framesPerSecond: number; jitterBufferDelay: number; jitterBufferEmittedCount: number }
async function inbound(): Promise<Inbound[]> {
  const report = await client.links.peers.down?.getStats();
  return [...(report?.values() ?? [])].filter((one) => one.type === 'inbound-rtp') as Inbound[];
}

async function outbound(): Promise<unknown[]> {
  const report = await client.links.peers.up?.getStats();
  return [...(report?.values() ?? [])].filter((one) => one.type === 'outbound-rtp' || one.type === 'remote-inbound-rtp');
}

const lookEveryMs = 100;
const stallMs = 200;

interface Measured {
  readonly concealedFraction: number;
  /** Longest run of looks in which sound was concealed: an upper bound of the longest gap. */
  readonly longestConcealedMs: number;
  /** Times that this browser itself stood still (a busy machine), and that its camera or encoder gave nothing, for longer than a freeze. */
  readonly machineStalls: number;
  readonly senderStalls: number;
}

async function measure(forMs: number): Promise<Measured> {
  const look = async () => {
    const audio = (await inbound()).filter((one) => one.kind === 'audio' && one.packetsReceived > 0);
    const sent = (await outbound()) as { framesEncoded?: number }[];
    return {
      concealed: audio.reduce((sum, one) => sum + one.concealedSamples, 0), total: audio.reduce((sum, one) => sum + one.totalSamplesReceived, 0),
      encoded: sent.reduce((sum, one) => sum + (one.framesEncoded ?? 0), 0), atMs: performance.now(),
    };
  };
  const first = await look();
  let last = first;
  let run = 0;
  let longest = 0;
  let machineStalls = 0;
  let senderStalls = 0;
  let encodedAtMs = first.atMs;
  while (last.atMs < first.atMs + forMs) {
    await new Promise((resolve) => { setTimeout(resolve, lookEveryMs); });
    const now = await look();
    run = now.concealed > last.concealed ? run + now.concealed - last.concealed : 0;
    longest = Math.max(longest, run);
    if (now.atMs - last.atMs > lookEveryMs + stallMs / 2) machineStalls += 1;
    if (now.encoded > last.encoded) encodedAtMs = now.atMs;
    else if (now.atMs - encodedAtMs > stallMs - lookEveryMs) { senderStalls += 1; encodedAtMs = now.atMs; }
    last = now;
  }
  return { concealedFraction: (last.concealed - first.concealed) / Math.max(1, last.total - first.total), longestConcealedMs: longest / 48, machineStalls, senderStalls };
}

const bare = {
  client, join, shareDrawing, inbound, outbound, measure, times,
  resetGaps: () => { gaps.clear(); },
  gaps: () => Object.fromEntries([...gaps].map(([id, gap]) => [id, Math.max(gap.longestMs, 0)])),
};
declare global { interface Window { bare: typeof bare } }
window.bare = bare;
