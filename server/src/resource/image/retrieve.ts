import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { alignBits, DicomError, locateFrame, type ByteRange } from '@bedside/dicom';
import { internal, notFound, unsupported } from '../../kernel/index.ts';
import type { BlobStore } from '../blob/index.ts';
import type { InstanceRow } from './contract.ts';

/** Largest frame that is put together in memory. */
const maxFrameBytes = 512 * 1_048_576;

/** Bytes of a frame (from 1), by the offsets in the index: the file is not parsed again. */
export async function readFrame(blobs: BlobStore, row: InstanceRow, frame: number): Promise<Uint8Array> {
  const { ranges, bitOffset, bitLength } = locate(row, frame - 1);
  if (ranges.reduce((sum, r) => sum + r.length, 0) > maxFrameBytes) throw unsupported('frame-too-large', 'The frame is too large to be sent by itself; retrieve the instance.');
  const bytes = row.deflated ? await inflatedRange(await blobs.read(row.blob_id), ranges[0]!) : await joined(blobs, row, ranges);
  return alignBits(bytes, bitOffset, bitLength);
}

function locate(row: InstanceRow, frame: number): ReturnType<typeof locateFrame> {
  try {
    return locateFrame(row.frame_index, frame);
  } catch (error) {
    if (error instanceof DicomError) throw notFound('frame-unknown', `The instance has ${row.frames} frames.`, { details: { at: 'frame' } });
    throw error;
  }
}

async function joined(blobs: BlobStore, row: InstanceRow, ranges: readonly ByteRange[]): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (const { offset, length } of ranges) {
    if (length === 0) continue;
    for await (const chunk of await blobs.read(row.blob_id, { first: offset, last: offset + length - 1 })) parts.push(chunk as Buffer);
  }
  return Buffer.concat(parts);
}

/**
 * A range of a deflated file: offsets count from the end of the file meta information as if nothing had been deflated, so everything
 * before has to be inflated and dropped.
 */
async function inflatedRange(file: Readable, range: ByteRange): Promise<Uint8Array> {
  const chunks = file[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  let start = 0;
  while (start === 0) {
    const next = await chunks.next();
    if (next.done) throw internal('image-index', 'The stored file is shorter than its index says.');
    head = Buffer.concat([head, next.value]);
    if (head.length >= 144) start = 144 + head.readUInt32LE(140);
  }
  const inflate = createInflateRaw();
  const feed = async (): Promise<void> => {
    let position = 0;
    const write = async (chunk: Buffer): Promise<void> => {
      const part = position < start ? chunk.subarray(Math.min(chunk.length, start - position)) : chunk;
      position += chunk.length;
      if (part.length > 0 && !inflate.destroyed && !inflate.write(part)) await Promise.race([once(inflate, 'drain'), once(inflate, 'close')]);
    };
    await write(head);
    for (let next = await chunks.next(); !next.done && !inflate.destroyed; next = await chunks.next()) await write(next.value);
    if (!inflate.destroyed) inflate.end();
  };
  const fed = feed();
  const out: Buffer[] = [];
  let position = start;
  for await (const chunk of inflate as AsyncIterable<Buffer>) {
    const from = Math.max(0, range.offset - position);
    const to = Math.min(chunk.length, range.offset + range.length - position);
    if (to > from) out.push(chunk.subarray(from, to));
    position += chunk.length;
    if (position >= range.offset + range.length) break;
  }
  inflate.destroy();
  file.destroy();
  await fed.catch((error: unknown) => {
    if (out.reduce((sum, part) => sum + part.length, 0) < range.length) throw error;
  });
  return Buffer.concat(out);
}
