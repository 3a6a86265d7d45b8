import { invalid } from '../../kernel/errors.ts';

export interface RedBlock {
  readonly payloadType: number;
  /** How much older than the packet's timestamp, in clock units; 0 for the primary block. */
  readonly timestampOffset: number;
  readonly payload: Buffer;
}

const fault = (field: string, offset: number, rule: string) =>
  invalid('media.red', `RED ${field} at byte ${offset} ${rule}.`, { details: { at: `${offset}:${field}` } });

const mostBlocks = 9;

/** Splits a redundant audio payload into its blocks, oldest first, the primary block last. @see RFC 2198 @throws invalid `media.red` */
export function readRed(payload: Buffer): RedBlock[] {
  const headers: { payloadType: number; timestampOffset: number; length: number }[] = [];
  let at = 0;
  for (;;) {
    if (at >= payload.length) throw fault('block header', at, 'is missing');
    const first = payload[at]!;
    if (first < 0x80) {
      headers.push({ payloadType: first, timestampOffset: 0, length: -1 });
      at += 1;
      break;
    }
    if (at + 4 > payload.length) throw fault('block header', at, 'is cut short');
    const rest = payload.readUIntBE(at + 1, 3);
    headers.push({ payloadType: first & 0x7f, timestampOffset: rest >> 10, length: rest & 0x3ff });
    if (headers.length >= mostBlocks) throw fault('block list', at, `is longer than ${mostBlocks}`);
    at += 4;
  }
  return headers.map(({ payloadType, timestampOffset, length }) => {
    const end = length < 0 ? payload.length : at + length;
    if (end > payload.length) throw fault('block', at, 'runs past the end');
    const block = { payloadType, timestampOffset, payload: payload.subarray(at, end) };
    at = end;
    return block;
  });
}

/** Limits of the 14-bit offset and 10-bit length of a redundant block. */
export const canBeRedundant = (timestampOffset: number, bytes: number): boolean =>
  timestampOffset > 0 && timestampOffset < 1 << 14 && bytes < 1 << 10;

/** Builds a redundant payload behind `headroom` free bytes. `redundant` is oldest first and must pass {@link canBeRedundant}. */
export function writeRed(payloadType: number, redundant: readonly Omit<RedBlock, 'payloadType'>[], primary: Buffer, headroom: number): Buffer {
  const size = redundant.reduce((sum, block) => sum + 4 + block.payload.length, 1 + primary.length);
  const out = Buffer.allocUnsafe(headroom + size);
  let at = headroom;
  for (const block of redundant) {
    out[at] = 0x80 | payloadType;
    out.writeUIntBE((block.timestampOffset << 10) | block.payload.length, at + 1, 3);
    at += 4;
  }
  out[at] = payloadType;
  at += 1;
  for (const block of redundant) at += block.payload.copy(out, at);
  primary.copy(out, at);
  return out;
}
