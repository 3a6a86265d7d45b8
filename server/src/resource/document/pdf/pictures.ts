import { PNG } from 'pngjs';
import { invalid } from '../../../kernel/index.ts';

/** A picture that can be put into a document as it is. */
export interface Picture { readonly bytes: Buffer; readonly width: number; readonly height: number }

/** Largest picture: bytes as given, and pixels, which are all in memory while a PNG is read. */
export const pictureLimits = { bytes: 24 << 20, pixels: 24_000_000 } as const;

/**
 * Checks a picture and brings it into a form that needs no decoding when it is embedded: PNG as RGB on white, JPEG without its metadata
 * (cameras write places and names there).
 * @throws invalid `document-picture` with the path of the field: not PNG or JPEG, cut short, or over the limits.
 */
export function readPicture(bytes: Uint8Array, at: string): Picture {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (source.length > pictureLimits.bytes) throw bad(at, `has more than ${pictureLimits.bytes} bytes`);
  if (source.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return readPng(source, at);
  if (source.length > 4 && source.readUInt16BE(0) === 0xffd8) return readJpeg(source, at);
  throw bad(at, 'is neither PNG nor JPEG');
}

const bad = (at: string, why: string, cause?: unknown) =>
  invalid('document-picture', `${at} ${why}.`, { details: { at }, ...(cause === undefined ? {} : { cause }) });

function readPng(source: Buffer, at: string): Picture {
  if (source.length < 33) throw bad(at, 'is cut short');
  checkSize(source.readUInt32BE(16), source.readUInt32BE(20), at);
  const png = decodePng(source, at);
  const { data, width, height } = png;
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 255) continue;
    for (let c = 0; c < 3; c += 1) data[i + c] = Math.round((data[i + c]! * alpha + 255 * (255 - alpha)) / 255);
  }
  return { bytes: PNG.sync.write(png, { colorType: 2, inputHasAlpha: true }), width, height };
}

function decodePng(source: Buffer, at: string): PNG {
  try {
    // Not the stream reader: it lets errors of damaged data escape as uncaught exceptions.
    return PNG.sync.read(source);
  } catch (error) {
    throw bad(at, 'is a damaged PNG', error);
  }
}

/** Markers of frames that PDF readers decode: baseline, extended, progressive. @see ITU-T T.81 table B.1 */
const frameMarkers = new Set([0xc0, 0xc1, 0xc2]);
/** APP0 (JFIF) and APP14 (Adobe colour transform) are needed to show the picture rightly; other APPn and comments are left out. */
const keptApplicationMarkers = new Set([0xe0, 0xee]);

function readJpeg(source: Buffer, at: string): Picture {
  const kept: Buffer[] = [source.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  for (let offset = 2; ;) {
    if (offset + 4 > source.length || source[offset] !== 0xff) throw bad(at, `is a damaged JPEG at byte ${offset}`);
    const marker = source[offset + 1]!;
    if (marker === 0xff) { offset += 1; continue; }
    const end = offset + 2 + source.readUInt16BE(offset + 2);
    if (end > source.length || end < offset + 4) throw bad(at, `is cut short at byte ${offset}`);
    if (frameMarkers.has(marker)) {
      if (end < offset + 10) throw bad(at, `is a damaged JPEG at byte ${offset}`);
      size = { height: source.readUInt16BE(offset + 5), width: source.readUInt16BE(offset + 7) };
      if (![1, 3, 4].includes(source[offset + 9]!) || source[offset + 4] !== 8) throw bad(at, 'has a JPEG colour model that PDF does not have');
    }
    const isMetadata = ((marker & 0xf0) === 0xe0 && !keptApplicationMarkers.has(marker)) || marker === 0xfe;
    if (!isMetadata) kept.push(source.subarray(offset, end));
    offset = end;
    if (marker === 0xda) {
      const last = source.lastIndexOf(Buffer.from([0xff, 0xd9]));
      if (last < offset || size === undefined) throw bad(at, 'is cut short');
      checkSize(size.width, size.height, at);
      kept.push(source.subarray(offset, last + 2));
      return { bytes: Buffer.concat(kept), ...size };
    }
  }
}

function checkSize(width: number, height: number, at: string): void {
  if (width < 1 || height < 1 || width * height > pictureLimits.pixels) {
    throw bad(at, `must have between 1 and ${pictureLimits.pixels} pixels`);
  }
}
