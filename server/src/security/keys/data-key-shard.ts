import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { internal } from '../../kernel/index.ts';

/**
 * One shard of the data-key store as bytes: a head of 256 bytes (magic, epoch number, wrapped epoch key) and records of 76 bytes
 * (object id, nonce, data key encrypted under the epoch key, tag). Fixed sizes: a record cut short by a crash is recognised and ignored.
 */
export const headBytes = 256;
export const recordBytes = 76;
const magic = Buffer.from('BSDKEY1\0', 'latin1');
const idBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;

export interface Head { readonly epoch: number; readonly wrapped: Uint8Array }

export function encodeHead(head: Head): Buffer {
  if (head.wrapped.length > headBytes - 14) throw internal('data-key-head', 'A wrapped epoch key does not fit the head of its file.');
  const bytes = Buffer.alloc(headBytes);
  magic.copy(bytes);
  bytes.writeUInt32BE(head.epoch, 8);
  bytes.writeUInt16BE(head.wrapped.length, 12);
  bytes.set(head.wrapped, 14);
  return bytes;
}

/** The head, or undefined when the bytes are no whole head (a file that a crash left half written, or was overwritten). */
export function decodeHead(bytes: Buffer): Head | undefined {
  if (bytes.length < headBytes || !bytes.subarray(0, 8).equals(magic)) return undefined;
  const length = bytes.readUInt16BE(12);
  if (length > headBytes - 14) return undefined;
  return { epoch: bytes.readUInt32BE(8), wrapped: new Uint8Array(bytes.subarray(14, 14 + length)) };
}

export const idToBytes = (id: string): Buffer => {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  if (bytes.length !== idBytes) throw internal('data-key-id', 'A data key belongs to a UUID.');
  return bytes;
};

const additionalData = (id: Buffer, shard: number, epoch: number): Buffer => {
  const bytes = Buffer.alloc(idBytes + 6);
  id.copy(bytes);
  bytes.writeUInt16BE(shard, idBytes);
  bytes.writeUInt32BE(epoch, idBytes + 2);
  return bytes;
};

export function encodeRecord(id: Buffer, key: Buffer, epochKey: Buffer, shard: number, epoch: number): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', epochKey, nonce, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(id, shard, epoch));
  return Buffer.concat([id, nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** @returns the data key, or undefined when the record was altered or belongs elsewhere. */
export function decodeRecord(record: Buffer, epochKey: Buffer, shard: number, epoch: number): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', epochKey, record.subarray(idBytes, idBytes + nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(additionalData(record.subarray(0, idBytes), shard, epoch));
  decipher.setAuthTag(record.subarray(recordBytes - tagBytes));
  try {
    return Buffer.concat([decipher.update(record.subarray(idBytes + nonceBytes, recordBytes - tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The records of a shard's file, a last one that is incomplete left out. */
export function* recordsOf(file: Buffer): Generator<Buffer> {
  for (let at = headBytes; at + recordBytes <= file.length; at += recordBytes) yield file.subarray(at, at + recordBytes);
}

export const recordFor = (file: Buffer, id: Buffer): Buffer | undefined => {
  for (let at = file.indexOf(id, headBytes); at >= 0; at = file.indexOf(id, at + 1)) {
    if ((at - headBytes) % recordBytes === 0 && at + recordBytes <= file.length) return file.subarray(at, at + recordBytes);
  }
  return undefined;
};
