import type { MediaPacket } from './media-packet.ts';

/** Packets that a track keeps for requests to send again. */
export const historyPackets = 2048;

/** The last {@link historyPackets} packets of one source track, by unwrapped sequence number; all its sinks answer requests from it. */
export class PacketHistory {
  #ring = Array.from<MediaPacket | undefined>({ length: historyPackets });

  put(packet: MediaPacket): void {
    this.#ring[packet.sequence & (historyPackets - 1)] = packet;
  }

  get(sequence: number): MediaPacket | undefined {
    const packet = this.#ring[sequence & (historyPackets - 1)];
    return packet?.sequence === sequence ? packet : undefined;
  }
}
