import { invalid } from '../../kernel/errors.ts';

/** One RTP packet, read in place: `payload` is a view into the bytes that were read. @see RFC 3550 section 5.1 */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits, wraps. */
  readonly sequence: number;
  /** 32 bits, wraps, in units of the codec's clock. */
  readonly timestamp: number;
  readonly ssrc: number;
  /** Profile of the header extension (0xBEDE = one-byte elements), 0 when there is none. @see RFC 8285 */
  readonly extensionProfile: number;
  readonly extension: Buffer | undefined;
  readonly payload: Buffer;
}

export const rtpHeaderBytes = 12;

const fault = (field: string, offset: number, rule: string) =>
  invalid('media.rtp', `RTP ${field} at byte ${offset} ${rule}.`, { details: { at: `${offset}:${field}` } });

/** Tells RTCP from RTP on one port. @see RFC 5761 section 4 */
export const isRtcp = (bytes: Buffer): boolean => bytes.length >= 8 && bytes[1]! >= 192 && bytes[1]! <= 223;

/** Reads one RTP packet. @throws invalid `media.rtp` naming field and byte offset. */
export function readRtp(bytes: Buffer): RtpPacket {
  if (bytes.length < rtpHeaderBytes) throw fault('header', 0, 'is cut short');
  const first = bytes[0]!;
  if (first >> 6 !== 2) throw fault('version', 0, 'is not 2');
  let at = rtpHeaderBytes + (first & 0x0f) * 4;
  if (at > bytes.length) throw fault('CSRC list', rtpHeaderBytes, 'runs past the end');
  let extensionProfile = 0;
  let extension: Buffer | undefined;
  if ((first & 0x10) !== 0) {
    if (at + 4 > bytes.length) throw fault('extension header', at, 'is cut short');
    extensionProfile = bytes.readUInt16BE(at);
    const end = at + 4 + bytes.readUInt16BE(at + 2) * 4;
    if (end > bytes.length) throw fault('extension', at, 'runs past the end');
    extension = bytes.subarray(at + 4, end);
    at = end;
  }
  let end = bytes.length;
  if ((first & 0x20) !== 0) {
    const padding = bytes[end - 1]!;
    if (padding === 0 || at + padding > end) throw fault('padding', end - 1, 'is longer than the payload');
    end -= padding;
  }
  return {
    payloadType: bytes[1]! & 0x7f, marker: bytes[1]! >= 128, sequence: bytes.readUInt16BE(2), timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8), extensionProfile, extension, payload: bytes.subarray(at, end),
  };
}

/** The element `id` of a header extension, or undefined. A damaged list ends the search. @see RFC 8285 section 4 */
export function extensionElement(packet: Pick<RtpPacket, 'extension' | 'extensionProfile'>, id: number): Buffer | undefined {
  const list = packet.extension;
  if (list === undefined || id <= 0) return undefined;
  const oneByte = packet.extensionProfile === 0xbede;
  if (!oneByte && packet.extensionProfile >> 4 !== 0x100) return undefined;
  let at = 0;
  while (at < list.length) {
    if (list[at] === 0) { at += 1; continue; }
    const element = oneByte ? list[at]! >> 4 : list[at]!;
    if (oneByte && element === 15) return undefined;
    if (!oneByte && at + 1 >= list.length) return undefined;
    const length = oneByte ? (list[at]! & 0x0f) + 1 : list[at + 1]!;
    const start = at + (oneByte ? 1 : 2);
    if (start + length > list.length) return undefined;
    if (element === id) return list.subarray(start, start + length);
    at = start + length;
  }
  return undefined;
}

export interface RtpHeader { payloadType: number; marker: boolean; sequence: number; timestamp: number; ssrc: number }

/** Writes a 12-byte header without CSRCs or extensions to the start of `target`. */
export function writeRtpHeader(target: Buffer, header: RtpHeader): void {
  target[0] = 0x80;
  target[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  target.writeUInt16BE(header.sequence & 0xffff, 2);
  target.writeUInt32BE(header.timestamp >>> 0, 4);
  target.writeUInt32BE(header.ssrc >>> 0, 8);
}
