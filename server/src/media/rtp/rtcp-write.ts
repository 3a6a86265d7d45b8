import type { ReportBlock } from './rtcp-read.ts';

function header(bytes: number, count: number, packetType: number): Buffer {
  const out = Buffer.alloc(bytes);
  out[0] = 0x80 | count;
  out[1] = packetType;
  out.writeUInt16BE(bytes / 4 - 1, 2);
  return out;
}

function writeReports(out: Buffer, start: number, reports: readonly ReportBlock[]): void {
  for (const [index, report] of reports.entries()) {
    const at = start + index * 24;
    out.writeUInt32BE(report.ssrc, at);
    out[at + 4] = Math.min(255, Math.floor(report.fractionLost * 256));
    out.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, report.cumulativeLost)), at + 5, 3);
    out.writeUInt32BE(report.highestSequence >>> 0, at + 8);
    out.writeUInt32BE(Math.round(report.jitter) >>> 0, at + 12);
    out.writeUInt32BE(report.lastSenderReport >>> 0, at + 16);
    out.writeUInt32BE(report.delaySinceLastSenderReport >>> 0, at + 20);
  }
}

/** @see RFC 3550 section 6.4.2; at most 31 reports. */
export function writeReceiverReport(ssrc: number, reports: readonly ReportBlock[]): Buffer {
  const out = header(8 + reports.length * 24, reports.length, 201);
  out.writeUInt32BE(ssrc, 4);
  writeReports(out, 8, reports);
  return out;
}

export interface SenderInfo { ssrc: number; ntpSeconds: number; ntpFraction: number; rtpTimestamp: number; packets: number; octets: number }

/** @see RFC 3550 section 6.4.1 */
export function writeSenderReport(info: SenderInfo): Buffer {
  const out = header(28, 0, 200);
  out.writeUInt32BE(info.ssrc, 4);
  out.writeUInt32BE(info.ntpSeconds >>> 0, 8);
  out.writeUInt32BE(info.ntpFraction >>> 0, 12);
  out.writeUInt32BE(info.rtpTimestamp >>> 0, 16);
  out.writeUInt32BE(info.packets >>> 0, 20);
  out.writeUInt32BE(info.octets >>> 0, 24);
  return out;
}

/** Generic NACK of 16-bit sequence numbers in rising order (modulo the wrap). @see RFC 4585 section 6.2.1 */
export function writeNack(senderSsrc: number, mediaSsrc: number, sequences: readonly number[]): Buffer {
  const pairs: [number, number][] = [];
  for (const sequence of sequences) {
    const last = pairs.at(-1);
    const distance = last === undefined ? 0 : (sequence - last[0]) & 0xffff;
    if (last !== undefined && distance >= 1 && distance <= 16) last[1] |= 1 << (distance - 1);
    else pairs.push([sequence & 0xffff, 0]);
  }
  const out = header(12 + pairs.length * 4, 1, 205);
  out.writeUInt32BE(senderSsrc, 4);
  out.writeUInt32BE(mediaSsrc, 8);
  for (const [index, [first, mask]] of pairs.entries()) {
    out.writeUInt16BE(first, 12 + index * 4);
    out.writeUInt16BE(mask, 14 + index * 4);
  }
  return out;
}

/** Picture loss indication. @see RFC 4585 section 6.3.1 */
export function writePictureLoss(senderSsrc: number, mediaSsrc: number): Buffer {
  const out = header(12, 1, 206);
  out.writeUInt32BE(senderSsrc, 4);
  out.writeUInt32BE(mediaSsrc, 8);
  return out;
}

/** Receiver estimated maximum bitrate. @see draft-alvestrand-rmcat-remb-03 section 2.2 */
export function writeMaxBitrate(senderSsrc: number, bitsPerSecond: number, ssrcs: readonly number[]): Buffer {
  const out = header(20 + ssrcs.length * 4, 15, 206);
  let exponent = 0;
  let mantissa = Math.max(0, Math.floor(bitsPerSecond));
  while (mantissa > 0x3ffff) { mantissa = Math.floor(mantissa / 2); exponent += 1; }
  out.writeUInt32BE(senderSsrc, 4);
  out.write('REMB', 12, 'latin1');
  out[16] = ssrcs.length;
  out[17] = (exponent << 2) | (mantissa >> 16);
  out.writeUInt16BE(mantissa & 0xffff, 18);
  for (const [index, ssrc] of ssrcs.entries()) out.writeUInt32BE(ssrc, 20 + index * 4);
  return out;
}

/** Answers a receiver's reference time; the delay is in 1/65536 s. @see RFC 3611 section 4.5 */
export function writeReceiverTimeAnswer(senderSsrc: number, receiverSsrc: number, compactNtp: number, delay: number): Buffer {
  const out = header(24, 0, 207);
  out.writeUInt32BE(senderSsrc, 4);
  out[8] = 5;
  out.writeUInt16BE(3, 10);
  out.writeUInt32BE(receiverSsrc, 12);
  out.writeUInt32BE(compactNtp >>> 0, 16);
  out.writeUInt32BE(Math.round(delay) >>> 0, 20);
  return out;
}
