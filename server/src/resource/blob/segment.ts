import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Plain bytes of a segment: what is decrypted for a small range. */
export const segmentBytes = 64 * 1024;
export const tagBytes = 16;
/** Segments of a fragment: 8 MiB of plain bytes. */
export const segmentsPerFragment = 128;
export const fragmentBytes = segmentBytes * segmentsPerFragment;
export const storedSegmentBytes = segmentBytes + tagBytes;

/** Where a segment belongs. All of it is authenticated, so that no segment can be moved, swapped, repeated or cut off unseen. */
export interface SegmentPlace {
  /** The 16 bytes of the object's id. */
  readonly object: Buffer;
  readonly fragment: number;
  /** Within its fragment. */
  readonly segment: number;
  /** True for the object's last segment only. */
  readonly last: boolean;
}

const formatVersion = 1;

/** The nonce counts the segments of the object; as each object has a data key of its own, no pair of key and nonce repeats. @see NIST SP 800-38D 8.2.1 */
const nonceOf = (place: SegmentPlace): Buffer => {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(place.fragment) * BigInt(segmentsPerFragment) + BigInt(place.segment), 4);
  return nonce;
};

const additionalData = (place: SegmentPlace): Buffer => {
  const bytes = Buffer.alloc(26);
  bytes[0] = formatVersion;
  place.object.copy(bytes, 1);
  bytes.writeUInt32BE(place.fragment, 17);
  bytes.writeUInt32BE(place.segment, 21);
  bytes[25] = place.last ? 1 : 0;
  return bytes;
};

/** @returns ciphertext and tag, to be written one after the other. */
export function encryptSegment(key: Buffer, place: SegmentPlace, plain: Buffer): [Buffer, Buffer] {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place), { authTagLength: tagBytes });
  cipher.setAAD(additionalData(place));
  const text = cipher.update(plain);
  cipher.final();
  return [text, cipher.getAuthTag()];
}

/** @returns the plain bytes, or undefined when they are not the ones written for this place. */
export function decryptSegment(key: Buffer, place: SegmentPlace, stored: Buffer): Buffer | undefined {
  if (stored.length < tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place), { authTagLength: tagBytes });
  decipher.setAAD(additionalData(place));
  decipher.setAuthTag(stored.subarray(stored.length - tagBytes));
  const plain = decipher.update(stored.subarray(0, stored.length - tagBytes));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** How an object of `size` plain bytes lies in fragments. An empty object has one empty segment, so that it, too, is authenticated. */
export function layoutOf(size: number): { fragments: number; segments: number } {
  const segments = Math.max(1, Math.ceil(size / segmentBytes));
  return { segments, fragments: Math.ceil(segments / segmentsPerFragment) };
}

/** Plain bytes of segment `index` (counted over the whole object). */
export const plainBytesOf = (size: number, index: number): number => Math.min(segmentBytes, size - index * segmentBytes);
