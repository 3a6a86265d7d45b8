import { invalid } from '../../kernel/errors.ts';

/** One report block. @see RFC 3550 section 6.4.1 */
export interface ReportBlock {
  readonly ssrc: number;
  /** 0 to 1. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In units of the stream's clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0 when none came. */
  readonly lastSenderReport: number;
  /** In 1/65536 s. */
  readonly delaySinceLastSenderReport: number;
}

export type RtcpBlock =
  | { readonly type: 'sender-report'; readonly ssrc: number; readonly ntpSeconds: number; readonly ntpFraction: number; readonly rtpTimestamp: number; readonly reports: readonly ReportBlock[] }
  | { readonly type: 'receiver-report'; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  | { readonly type: 'nack'; readonly mediaSsrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'picture-loss'; readonly mediaSsrc: number }
  | { readonly type: 'full-intra'; readonly mediaSsrcs: readonly number[] }
  | { readonly type: 'max-bitrate'; readonly bitsPerSecond: number; readonly ssrcs: readonly number[] }
  | { readonly type: 'bye'; readonly ssrcs: readonly number[] }
  /** A receiver's clock, to be answered so that it can measure its round trip; middle 32 bits of its NTP time. */
  | { readonly type: 'receiver-time'; readonly ssrc: number; readonly compactNtp: number }
  | { readonly type: 'other'; readonly packetType: number };

const fault = (field: string, offset: number, rule: string) =>
  invalid('media.rtcp', `RTCP ${field} at byte ${offset} ${rule}.`, { details: { at: `${offset}:${field}` } });

function readReports(bytes: Buffer, start: number, count: number, base: number): ReportBlock[] {
  if (start + count * 24 > bytes.length) throw fault('report blocks', base + start, 'run past the end');
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 24;
    return {
      ssrc: bytes.readUInt32BE(at), fractionLost: bytes[at + 4]! / 256, cumulativeLost: bytes.readIntBE(at + 5, 3),
      highestSequence: bytes.readUInt32BE(at + 8), jitter: bytes.readUInt32BE(at + 12),
      lastSenderReport: bytes.readUInt32BE(at + 16), delaySinceLastSenderReport: bytes.readUInt32BE(at + 20),
    };
  });
}

/** Generic NACK: pairs of a lost number and a mask of the sixteen after it. @see RFC 4585 section 6.2.1 */
function readNack(bytes: Buffer): number[] {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= bytes.length; at += 4) {
    const first = bytes.readUInt16BE(at);
    const mask = bytes.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) if ((mask & (1 << bit)) !== 0) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}

/** Receiver estimated maximum bitrate. @see draft-alvestrand-rmcat-remb-03 section 2.2 */
function readMaxBitrate(bytes: Buffer, base: number): RtcpBlock {
  if (bytes.length < 20) throw fault('REMB', base + 12, 'is cut short');
  const count = bytes[16]!;
  if (20 + count * 4 > bytes.length) throw fault('REMB stream list', base + 20, 'runs past the end');
  const exponent = bytes[17]! >> 2;
  const mantissa = ((bytes[17]! & 3) << 16) | bytes.readUInt16BE(18);
  const ssrcs = Array.from({ length: count }, (_, index) => bytes.readUInt32BE(20 + index * 4));
  return { type: 'max-bitrate', bitsPerSecond: mantissa * 2 ** exponent, ssrcs };
}

function readFeedback(bytes: Buffer, packetType: number, format: number, base: number): RtcpBlock {
  if (bytes.length < 12) throw fault('feedback header', base, 'is cut short');
  const mediaSsrc = bytes.readUInt32BE(8);
  if (packetType === 205 && format === 1) return { type: 'nack', mediaSsrc, sequences: readNack(bytes) };
  if (packetType === 206 && format === 1) return { type: 'picture-loss', mediaSsrc };
  if (packetType === 206 && format === 4) {
    const mediaSsrcs: number[] = [];
    for (let at = 12; at + 8 <= bytes.length; at += 8) mediaSsrcs.push(bytes.readUInt32BE(at));
    return { type: 'full-intra', mediaSsrcs };
  }
  if (packetType === 206 && format === 15 && bytes.toString('latin1', 12, 16) === 'REMB') return readMaxBitrate(bytes, base);
  return { type: 'other', packetType };
}

/** Extended report: of its blocks only the receiver reference time. @see RFC 3611 section 4.4 */
function readExtended(bytes: Buffer, base: number): RtcpBlock {
  if (bytes.length < 8) throw fault('extended report', base, 'is cut short');
  for (let at = 8; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt16BE(at + 2) * 4;
    if (end > bytes.length) throw fault('extended report block', base + at, 'runs past the end');
    if (bytes[at] === 4 && end - at === 12) return { type: 'receiver-time', ssrc: bytes.readUInt32BE(4), compactNtp: bytes.readUInt32BE(at + 6) };
    at = end;
  }
  return { type: 'other', packetType: 207 };
}

function readOne(bytes: Buffer, base: number): RtcpBlock {
  const count = bytes[0]! & 0x1f;
  const packetType = bytes[1]!;
  switch (packetType) {
    case 200:
      if (bytes.length < 28) throw fault('sender report', base, 'is cut short');
      return {
        type: 'sender-report', ssrc: bytes.readUInt32BE(4), ntpSeconds: bytes.readUInt32BE(8), ntpFraction: bytes.readUInt32BE(12),
        rtpTimestamp: bytes.readUInt32BE(16), reports: readReports(bytes, 28, count, base),
      };
    case 201:
      if (bytes.length < 8) throw fault('receiver report', base, 'is cut short');
      return { type: 'receiver-report', ssrc: bytes.readUInt32BE(4), reports: readReports(bytes, 8, count, base) };
    case 203:
      if (4 + count * 4 > bytes.length) throw fault('BYE stream list', base + 4, 'runs past the end');
      return { type: 'bye', ssrcs: Array.from({ length: count }, (_, index) => bytes.readUInt32BE(4 + index * 4)) };
    case 207: return readExtended(bytes, base);
    case 205: case 206: return readFeedback(bytes, packetType, count, base);
    default: return { type: 'other', packetType };
  }
}

/** Reads a compound (or reduced-size) RTCP packet; block kinds that nobody here uses come back as `other`. @throws invalid `media.rtcp` */
export function readRtcp(bytes: Buffer): RtcpBlock[] {
  const blocks: RtcpBlock[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw fault('header', at, 'is cut short');
    if (bytes[at]! >> 6 !== 2) throw fault('version', at, 'is not 2');
    const end = at + 4 + bytes.readUInt16BE(at + 2) * 4;
    if (end > bytes.length) throw fault('length', at + 2, 'runs past the end');
    let body = end;
    if ((bytes[at]! & 0x20) !== 0) {
      const padding = bytes[end - 1]!;
      if (padding === 0 || at + 4 + padding > end) throw fault('padding', end - 1, 'is longer than the packet');
      body = end - padding;
    }
    blocks.push(readOne(bytes.subarray(at, body), at));
    at = end;
  }
  return blocks;
}
