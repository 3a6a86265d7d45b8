import { number, plainText } from './dataset.ts';
import { DicomError } from './errors.ts';
import type { Part10 } from './read.ts';
import { tags } from './tags.ts';

/**
 * Where each frame lies in the file. Native frames are computed; encapsulated ones list, per frame, the pairs (byte, length) of their fragments.
 * JSON-ready, so that an index can keep it and never parse the file again.
 */
export type FrameIndex =
  | { readonly kind: 'native'; readonly offset: number; readonly frameBits: number; readonly count: number }
  | { readonly kind: 'encapsulated'; readonly frames: readonly (readonly number[])[] }
  | { readonly kind: 'none' };

/** Byte range of a file: first byte and length. */
export interface ByteRange { readonly offset: number; readonly length: number }

/** @throws DicomError when the image attributes contradict the pixel data. @see PS3.5 8, A.4; PS3.3 C.7.6.3 */
export function indexFrames(file: Part10): FrameIndex {
  const { pixelData, dataset } = file;
  if (!pixelData) return { kind: 'none' };
  const count = frameCount(file);
  if (pixelData.length >= 0) return nativeFrames(file, count, pixelData.offset, pixelData.length);
  const { fragments } = pixelData;
  const total = fragments.offset.length;
  if (total === 0) {
    if (plainText(dataset, tags.NumberOfFrames) === undefined) return { kind: 'encapsulated', frames: [] };
    throw new DicomError('frames-undeterminable', 'The pixel data holds no fragment', { tag: tags.PixelData, offset: pixelData.offset });
  }
  const starts = extendedStarts(file, count) ?? basicStarts(file, count) ?? markedStarts(file, count);
  const frames = starts.map((start, at) => {
    const end = starts[at + 1] ?? total;
    const ranges: number[] = [];
    for (let n = start; n < end; n += 1) ranges.push(fragments.offset[n]!, fragments.length[n]!);
    return ranges;
  });
  return { kind: 'encapsulated', frames };
}

export const frameTotal = (index: FrameIndex): number => index.kind === 'native' ? index.count : index.kind === 'encapsulated' ? index.frames.length : 0;

/**
 * Byte ranges of a frame (0-based), to be joined. `bitOffset` is not 0 only for 1-bit frames that do not begin on a byte.
 * @throws DicomError `frame-out-of-range`.
 */
export function locateFrame(index: FrameIndex, frame: number): { ranges: ByteRange[]; bitOffset: number; bitLength: number } {
  const total = frameTotal(index);
  if (!Number.isInteger(frame) || frame < 0 || frame >= total) throw new DicomError('frame-out-of-range', `There are ${total} frames`);
  if (index.kind === 'native') {
    const first = frame * index.frameBits;
    const from = Math.floor(first / 8);
    const to = Math.ceil((first + index.frameBits) / 8);
    return { ranges: [{ offset: index.offset + from, length: to - from }], bitOffset: first % 8, bitLength: index.frameBits };
  }
  const pairs = index.kind === 'encapsulated' ? index.frames[frame]! : [];
  const ranges: ByteRange[] = [];
  for (let n = 0; n < pairs.length; n += 2) ranges.push({ offset: pairs[n]!, length: pairs[n + 1]! });
  return { ranges, bitOffset: 0, bitLength: ranges.reduce((sum, r) => sum + r.length * 8, 0) };
}

/** Shifts a 1-bit frame so that it begins on a byte; the last byte is padded with zeros. */
export function alignBits(bytes: Uint8Array, bitOffset: number, bitLength: number): Uint8Array {
  if (bitOffset === 0 && bitLength % 8 === 0) return bytes;
  const out = new Uint8Array(Math.ceil(bitLength / 8));
  for (let at = 0; at < out.length; at += 1) out[at] = ((bytes[at]! >>> bitOffset) | ((bytes[at + 1] ?? 0) << (8 - bitOffset))) & 0xFF;
  const spare = out.length * 8 - bitLength;
  if (spare > 0) out[out.length - 1]! &= 0xFF >>> spare;
  return out;
}

function frameCount(file: Part10): number {
  const text = plainText(file.dataset, tags.NumberOfFrames);
  if (text === undefined) return 1;
  const count = Number(text.split('\\')[0]);
  if (!Number.isInteger(count) || count < 1 || count > 10_000_000) throw new DicomError('bad-value', 'A wrong number of frames', { tag: tags.NumberOfFrames });
  return count;
}

function nativeFrames(file: Part10, count: number, offset: number, length: number): FrameIndex {
  const need = (tag: number): number => {
    const value = number(file.dataset, tag);
    if (value === undefined) throw new DicomError('value-missing', 'Needed to find the frames', { tag });
    return value;
  };
  const samples = number(file.dataset, tags.SamplesPerPixel) ?? 1;
  const photometric = plainText(file.dataset, tags.PhotometricInterpretation) ?? '';
  // Chroma is subsampled: two samples a pixel, or one and a half. @see PS3.3 C.7.6.3.1.2
  const perPixel = photometric === 'YBR_FULL_422' || photometric === 'YBR_PARTIAL_422' ? 2 : photometric === 'YBR_PARTIAL_420' ? 1.5 : samples;
  const frameBits = need(tags.Rows) * need(tags.Columns) * perPixel * need(tags.BitsAllocated);
  if (frameBits <= 0) throw new DicomError('bad-value', 'The image has no pixels', { tag: tags.Rows });
  if (Math.ceil((frameBits * count) / 8) > length) {
    throw new DicomError('frames-undeterminable', 'The pixel data is shorter than its frames', { tag: tags.PixelData, offset });
  }
  return { kind: 'native', offset, frameBits, count };
}

/** Fragment index at each of the given byte positions after the offset table; undefined when one is not the start of a fragment. */
function atOffsets(file: Part10, offsets: readonly number[]): number[] | undefined {
  const { fragments } = file.pixelData!;
  const base = fragments.offset[0]! - 8;
  const byOffset = new Map(fragments.offset.map((offset, at) => [offset - 8 - base, at]));
  const starts = offsets.map((offset) => byOffset.get(offset));
  return starts.every((start, at): start is number => start !== undefined && (at === 0 ? start === 0 : start > starts[at - 1]!)) ? (starts as number[]) : undefined;
}

function extendedStarts(file: Part10, count: number): number[] | undefined {
  const bytes = file.dataset.elements.get(tags.ExtendedOffsetTable)?.bytes;
  if (bytes?.length !== count * 8) return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return atOffsets(file, Array.from({ length: count }, (_, n) => Number(data.getBigUint64(n * 8, true))));
}

const basicStarts = (file: Part10, count: number): number[] | undefined =>
  file.pixelData!.basicOffsets.length === count ? atOffsets(file, file.pixelData!.basicOffsets) : undefined;

/** Without a usable table: one fragment a frame, one frame of all fragments, or a new frame wherever a codestream begins. */
function markedStarts(file: Part10, count: number): number[] {
  const { fragments, offset } = file.pixelData!;
  const total = fragments.offset.length;
  if (count === 1 || file.syntax.frameMediaType.startsWith('video/')) return [0];
  if (total === count) return fragments.offset.map((_, at) => at);
  const marked: number[] = [];
  for (let at = 0; at < total; at += 1) if (beginsCodestream(fragments.start[at]!, file.syntax.frameMediaType)) marked.push(at);
  if (marked.length === count && marked[0] === 0) return marked;
  throw new DicomError('frames-undeterminable', `${total} fragments cannot be shared among ${count} frames`, { tag: tags.PixelData, offset });
}

/** JPEG and JPEG-LS begin with SOI, JPEG 2000 codestreams with SOC, JP2 and JXL boxes with a length of 12. */
const beginsCodestream = (start: number, mediaType: string): boolean =>
  mediaType === 'image/jpeg' || mediaType === 'image/jls' ? start === 0xFFD8 : start === 0xFF4F || start === 0x0000 || start === 0xFF0A;
