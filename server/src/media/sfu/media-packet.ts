import type { VideoCodec } from '../rtp/index.ts';

export type AudioCodec = 'opus';
export type Codec = AudioCodec | VideoCodec;
export const clockRate: Readonly<Record<Codec, number>> = { opus: 48_000, VP8: 90_000, H264: 90_000 };

/** What a track is for. A screen share, H.239 and BFCP slides are all the auxiliary track. */
export const trackRoles = ['audio', 'main', 'auxiliary'] as const;
export type TrackRole = (typeof trackRoles)[number];

/**
 * One media packet on its way through the room.
 * `frame` holds the payload behind twelve bytes that each sink may overwrite with its own RTP header and must hand on before it returns: relaying to eleven sinks copies nothing.
 */
export interface MediaPacket {
  readonly codec: Codec;
  /** Unwrapped sequence number of the source; gaps stay visible. */
  readonly sequence: number;
  /** 32 bits, the source's clock. */
  readonly timestamp: number;
  readonly marker: boolean;
  readonly keyFrame: boolean;
  readonly frame: Buffer;
  /** When it came in, on the media process's own clock. */
  readonly atMs: number;
}

/** How a source's media clock lies in its own wall clock, from its sender reports; lets a receiver play sound and lips together. */
export interface ClockReference { readonly ntpSeconds: number; readonly ntpFraction: number; readonly rtpTimestamp: number; readonly atMs: number }
