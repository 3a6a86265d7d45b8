import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { internal, unavailable } from '../../kernel/index.ts';

/** Plain bytes of a record. */
const recordBytes = 256 * 1024;
/** After so many bytes what was written is made durable and counted. */
const checkpointBytes = 8 * 1024 * 1024;
const overhead = 4 + 12 + 16;

export interface Progress { readonly received: number; readonly fileBytes: number }

/**
 * Unfinished uploads on disk: one file each, appended to in records of AES-256-GCM under the upload's own key. A record is bound to the
 * upload and to its place, so that a file cannot be cut, mixed or continued by another one unseen.
 */
export interface Staging {
  /** Appends the stream from `from` on; `checkpoint` is told what is durable, regularly and at the end, also when the stream fails. */
  append(id: string, key: Buffer, from: Progress, bytes: AsyncIterable<Uint8Array>, checkpoint: (at: Progress) => Promise<void>): Promise<number>;
  read(id: string, key: Buffer, until: Progress): AsyncGenerator<Buffer>;
  remove(id: string): Promise<void>;
  /** Ids that have a file. */
  list(): Promise<string[]>;
}

export async function openStaging(folder: string): Promise<Staging> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (id: string): string => join(folder, `${id}.part`);
  const additionalData = (id: string, at: number): Buffer => Buffer.from(`${id}/${at}`);

  const append: Staging['append'] = async (id, key, from, bytes, checkpoint) => {
    const file = await open(pathOf(id), constants.O_RDWR | constants.O_CREAT, 0o600).catch((error: unknown) => { throw diskFault(error); });
    let { received, fileBytes } = from;
    let durable = received;
    const plain = Buffer.allocUnsafe(recordBytes);
    let filled = 0;
    const endRecord = async (): Promise<void> => {
      if (filled === 0) return;
      const record = seal(key, additionalData(id, received), plain.subarray(0, filled));
      await writeAt(file, record, fileBytes);
      received += filled;
      fileBytes += record.length;
      filled = 0;
    };
    const settle = async (): Promise<void> => {
      await endRecord();
      if (received === durable) return;
      await file.datasync();
      await checkpoint({ received, fileBytes });
      durable = received;
    };
    try {
      // What a crash left behind the last checkpoint was never acknowledged.
      if ((await file.stat()).size < fileBytes) throw internal('upload-staging', 'The staging file of this upload lost bytes.');
      await file.truncate(fileBytes);
      try {
        for await (const chunk of bytes) {
          for (let at = 0; at < chunk.length;) {
            const take = Math.min(recordBytes - filled, chunk.length - at);
            plain.set(chunk.subarray(at, at + take), filled);
            filled += take;
            at += take;
            if (filled === recordBytes) await endRecord();
          }
          if (received - durable >= checkpointBytes) await settle();
        }
      } finally {
        await settle();
      }
      return received;
    } catch (error) {
      throw diskFault(error);
    } finally {
      await file.close();
    }
  };

  return {
    append,
    read: async function* (id, key, until) {
      if (until.fileBytes === 0) return;
      const file = await open(pathOf(id), 'r');
      try {
        let at = 0;
        for (let place = 0; place < until.fileBytes;) {
          const head = Buffer.alloc(4);
          await file.read(head, 0, 4, place);
          const length = head.readUInt32BE();
          const rest = Buffer.allocUnsafe(overhead - 4 + length);
          if (length === 0 || length > recordBytes || (await file.read(rest, 0, rest.length, place + 4)).bytesRead !== rest.length) throw damaged();
          const plain = unseal(key, additionalData(id, at), rest);
          if (!plain) throw damaged();
          yield plain;
          at += length;
          place += overhead + length;
        }
        if (at !== until.received) throw damaged();
      } finally {
        await file.close();
      }
    },
    remove: (id) => rm(pathOf(id), { force: true }),
    list: async () => (await readdir(folder)).filter((name) => name.endsWith('.part')).map((name) => name.slice(0, -'.part'.length)),
  };
}

/** Room on the staging folder's disk for `bytes` more. */
export async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > bytes + 64 * 1024 * 1024;
}

const damaged = () => internal('upload-staging', 'What was uploaded is damaged on the disk; upload the file again.');

function diskFault(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? unavailable('disk-full', 'There is no space left for uploads. Try again when the administrator has made room.', { cause: error, details: { retryAfterMs: 60_000 } })
    : error;
}

async function writeAt(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
}

function seal(key: Buffer, aad: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(plain.length);
  return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Buffer, aad: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - 16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
  } catch {
    return undefined;
  }
}
