/** WebRTC senders and receivers without a browser: the same load for our media process and for Janus. */
import { PeerConnection, Video, type Track } from 'node-datachannel';

const payloadType = 96;
const mediaBytes = 1_000;

/** Waits until a peer's description holds its candidates. */
function described(peer: PeerConnection, type: 'offer' | 'answer'): Promise<string> {
  return new Promise((resolve) => {
    let done = false;
    const finish = (): void => { if (!done) { done = true; resolve(peer.localDescription()!.sdp); } };
    peer.onGatheringStateChange((state) => { if (state === 'complete') finish(); });
    peer.setLocalDescription(type);
    if (peer.gatheringState() === 'complete') finish();
  });
}

const connectWithinMs = 30_000;
/** Negotiates and waits for the connection; closes the peer when either fails. */
async function connect(peer: PeerConnection, negotiate: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), connectWithinMs);
    peer.onStateChange((state) => { if (state === 'connected') resolve(true); });
  });
  try {
    await negotiate();
    if (peer.state() !== 'connected' && !await ready) throw new Error(`A load connection did not come about within ${connectWithinMs} ms.`);
  } catch (error) {
    peer.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

export interface LoadSender { send(packets: number): void; close(): void }

/** One sender of VP8-like packets, each of which looks like the start of a key frame. */
export async function openSender(bindAddress: string, negotiate: (offer: string) => Promise<string>): Promise<LoadSender> {
  const peer = new PeerConnection('load-sender', { iceServers: [], bindAddress, disableAutoNegotiation: true });
  const video = new Video('0', 'SendOnly');
  const ssrc = 1 + Math.floor(Math.random() * 1e9);
  video.addVP8Codec(payloadType);
  video.addSSRC(ssrc, 'load', 'load', 'load');
  const track = peer.addTrack(video);
  track.onMessage(() => undefined);
  await connect(peer, async () => { peer.setRemoteDescription(await negotiate(await described(peer, 'offer')), 'answer'); });
  const packet = Buffer.alloc(12 + mediaBytes);
  packet[0] = 0x80;
  packet[1] = 0x80 | payloadType;
  packet.writeUInt32BE(ssrc, 8);
  packet[12] = 0x10;
  let sequence = 0;
  return {
    send(packets) {
      for (let sent = 0; sent < packets; sent += 1) {
        sequence += 1;
        packet.writeUInt16BE(sequence & 0xffff, 2);
        packet.writeUInt32BE((sequence * 150) >>> 0, 4);
        track.sendMessageBinary(packet);
      }
    },
    close: () => peer.close(),
  };
}

export interface LoadReceiver { count(): number; close(): void }

/** One receiver that counts media packets. */
export async function openReceiver(bindAddress: string, offer: string, answer: (sdp: string) => Promise<void>): Promise<LoadReceiver> {
  const peer = new PeerConnection('load-receiver', { iceServers: [], bindAddress, disableAutoNegotiation: true });
  const tracks: Track[] = [];
  let packets = 0;
  peer.onTrack((track) => {
    tracks.push(track);
    track.onMessage((bytes) => { if (bytes[1]! < 192 || bytes[1]! > 223) packets += 1; });
  });
  await connect(peer, async () => {
    peer.setRemoteDescription(offer, 'offer');
    await answer(await described(peer, 'answer'));
  });
  return { count: () => packets, close: () => { tracks.length = 0; peer.close(); } };
}
