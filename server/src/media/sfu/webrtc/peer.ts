import { PeerConnection, type DescriptionType } from 'node-datachannel';
import { unavailable } from '../../../kernel/errors.ts';

export interface PeerOptions {
  /** Address that media is sent from and to; empty for all addresses. */
  readonly bindAddress: string;
  readonly iceServers: readonly string[];
}

const gatheringTimeoutMs = 3_000;

/** A peer connection that never negotiates by itself. */
export function createPeer(name: string, options: PeerOptions): PeerConnection {
  return new PeerConnection(name, {
    iceServers: [...options.iceServers], disableAutoNegotiation: true,
    ...(options.bindAddress === '' ? {} : { bindAddress: options.bindAddress }),
  });
}

/** Makes the local description and waits until all candidates are in it: nothing has to trickle. @throws unavailable `media.gathering` */
export function describe(peer: PeerConnection, type: DescriptionType): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(), gatheringTimeoutMs);
    const finish = () => {
      clearTimeout(timer);
      peer.onGatheringStateChange(() => undefined);
      const sdp = peer.localDescription()?.sdp;
      if (sdp === undefined) reject(unavailable('media.gathering', 'No local session description could be made.'));
      else resolve(sdp);
    };
    peer.onGatheringStateChange((state) => { if (state === 'complete') finish(); });
    peer.setLocalDescription(type);
    if (peer.gatheringState() === 'complete') finish();
  });
}
