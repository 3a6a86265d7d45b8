import type { DataChannel, PeerConnection } from 'node-datachannel';
import { createPeer, describe, type PeerOptions } from './peer.ts';
import { mostSdpCharacters } from './session-description.ts';
import { tooLarge } from '../../../kernel/errors.ts';

/** A probe echoes small numbered datagrams over an unreliable, unordered data channel: that is what media meets too. */
export const probeLimits = { mostMessageBytes: 1_200, mostMessages: 2_000, lifetimeMs: 20_000 } as const;

export class Probe {
  #peer: PeerConnection;
  #received = 0;
  #timer: NodeJS.Timeout;
  #channel: DataChannel | undefined;

  constructor(id: string, options: PeerOptions & { readonly nowMs: () => number; readonly onClosed: () => void }) {
    this.#peer = createPeer(`probe-${id}`, options);
    this.#timer = setTimeout(() => { this.close(); options.onClosed(); }, probeLimits.lifetimeMs);
    this.#peer.onDataChannel((channel) => {
      this.#channel = channel;
      channel.onMessage((message) => {
        const bytes = Buffer.isBuffer(message) ? message : undefined;
        if (bytes === undefined || bytes.length < 4 || bytes.length > probeLimits.mostMessageBytes || this.#received >= probeLimits.mostMessages) return;
        this.#received += 1;
        // What came, how many have come, and when: the client tells the two directions apart.
        const answer = Buffer.alloc(bytes.length + 12);
        answer.writeUInt32BE(this.#received, 0);
        answer.writeDoubleBE(options.nowMs(), 4);
        bytes.copy(answer, 12);
        if (channel.isOpen()) channel.sendMessageBinary(answer);
      });
    });
  }

  async accept(offerSdp: string): Promise<string> {
    if (offerSdp.length > mostSdpCharacters) throw tooLarge('media.sdp', 'The session description is too long.', { details: { at: 'sdp' } });
    this.#peer.setRemoteDescription(offerSdp, 'offer');
    return describe(this.#peer, 'answer');
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#peer.close();
  }
}
