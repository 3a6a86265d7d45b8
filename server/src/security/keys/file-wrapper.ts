import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { internal } from '../../kernel/index.ts';
import type { KeyWrapper } from './contract.ts';
import { writeOnce } from './durable-file.ts';

const formatVersion = 1;
const keyBytes = 32;
const idBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + idBytes + nonceBytes;

/**
 * The key wrapper whose master key is the file `master.key` (32 random bytes, mode 0600) in `folder`, made on first use.
 * Wrapped form: version (1 byte), first 8 bytes of the key's SHA-256, nonce (12), AES-256-GCM ciphertext, tag (16).
 * Keep the folder out of database backups: without it, nothing that was wrapped can be opened again.
 * @throws internal `master-key` when the file has the wrong size or others than its owner may read it.
 * @see NIST SP 800-38D
 */
export async function openFileKeyWrapper(folder: string): Promise<KeyWrapper> {
  const key = await readMasterKey(folder);
  const keyId = createHash('sha256').update(key).digest().subarray(0, idBytes);
  return {
    wrap: async (bytes, context) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      const head = Buffer.concat([Buffer.of(formatVersion), keyId, nonce]);
      cipher.setAAD(additionalData(head, context));
      return new Uint8Array(Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
    },
    unwrap: async (wrapped, context) => {
      const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength);
      if (bytes.length < headBytes + tagBytes) throw failed('is shorter than its header');
      if (bytes[0] !== formatVersion) throw failed(`has the unknown format ${bytes[0]}`);
      if (!bytes.subarray(1, 1 + idBytes).equals(keyId)) throw failed('was wrapped with another master key');
      const head = bytes.subarray(0, headBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(1 + idBytes), { authTagLength: tagBytes });
      decipher.setAAD(additionalData(head, context));
      decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
      try {
        return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(headBytes, bytes.length - tagBytes)), decipher.final()]));
      } catch (cause) {
        throw failed('was altered or belongs to something else', cause);
      }
    },
  };
}

const additionalData = (head: Buffer, context: string): Buffer => Buffer.concat([head, Buffer.from(context, 'utf8')]);

const failed = (why: string, cause?: unknown) =>
  internal('key-unwrap', `A wrapped key ${why}.`, cause === undefined ? undefined : { cause });

async function readMasterKey(folder: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'master.key');
  // Of several processes that start together, one makes the file; all read the same one.
  await writeOnce(path, randomBytes(keyBytes));
  const { mode, size } = await stat(path);
  if ((mode & 0o077) !== 0) throw internal('master-key', `Others than the owner may read ${path}; set its mode to 0600.`);
  if (size !== keyBytes) throw internal('master-key', `${path} must hold ${keyBytes} bytes; restore it from its backup.`);
  return readFile(path);
}
