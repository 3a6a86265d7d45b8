import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { internal, notFound } from '../../kernel/index.ts';
import type { KeyWrapper } from './contract.ts';
import { decodeHead, decodeRecord, encodeHead, encodeRecord, headBytes, idToBytes, recordBytes, recordFor, recordsOf } from './data-key-shard.ts';
import { replaceFile } from './durable-file.ts';
import { shredFile, syncFolder } from './shred.ts';

/** Data keys of stored objects, kept apart from the database: a backup of the database opens nothing and brings no deleted key back. */
export interface DataKeys {
  /** Makes the key of `id` durable in every folder. */
  keep(id: string, key: Buffer): Promise<void>;
  /** @throws not-found `data-key-missing` */
  open(id: string): Promise<Buffer>;
  /**
   * Forgets the keys: the shard's survivors are encrypted anew under a new epoch key, the old file is overwritten. Older copies of the
   * file still hold the key under the old epoch key, so the folders must not be kept in versioned backups.
   * @returns the epoch in which each shard concerned now is.
   */
  destroy(ids: readonly string[]): Promise<Map<number, number>>;
  /** Gives every shard a new epoch key, wrapped by `wrapper` (another one when the master key is replaced). */
  rotate(wrapper?: KeyWrapper): Promise<void>;
  has(id: string): Promise<boolean>;
}

export interface DataKeyOptions {
  /** Folders, on different disks where possible, that each hold the whole store. */
  readonly folders: readonly string[];
  readonly wrapper: KeyWrapper;
  /** Keeps other processes out of a shard while `work` runs. */
  readonly exclusively?: <T>(shard: number, work: () => Promise<T>) => Promise<T>;
  readonly shards?: number;
}

interface Shard { readonly bytes: Buffer; readonly epoch: number; readonly key: Buffer }

const cachedKeys = 4_096;

/** Opens the store, finishing what a crash interrupted. @see NIST SP 800-88 (cryptographic erase) */
export async function openDataKeys(options: DataKeyOptions): Promise<DataKeys> {
  const shards = options.shards ?? 256;
  let wrapper = options.wrapper;
  const between = options.exclusively ?? (<T>(_: number, work: () => Promise<T>) => work());
  const turns = new Map<number, Promise<unknown>>();
  const opened = new Map<string, Buffer>();
  const epochKeys = new Map<number, { wrapped: Uint8Array; key: Buffer }>();

  const exclusively = <T>(shard: number, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(shard) ?? Promise.resolve()).then(() => between(shard, work));
    turns.set(shard, turn.catch(() => undefined));
    return turn;
  };
  const shardOf = (id: Buffer): number => id.readUInt16BE(0) % shards;
  const pathOf = (folder: string, shard: number): string => join(folder, `${shard.toString(16).padStart(4, '0')}.keys`);
  const context = (shard: number, epoch: number): string => `data-keys/${shard}/${epoch}`;

  const parse = async (bytes: Buffer, shard: number): Promise<Shard | undefined> => {
    const head = decodeHead(bytes);
    if (!head) return undefined;
    const cached = epochKeys.get(shard);
    if (cached && Buffer.compare(cached.wrapped, head.wrapped) === 0) return { bytes, epoch: head.epoch, key: cached.key };
    const key = Buffer.from(await wrapper.unwrap(head.wrapped, context(shard, head.epoch)));
    epochKeys.set(shard, { wrapped: head.wrapped, key });
    return { bytes, epoch: head.epoch, key };
  };
  const readShard = async (folder: string, shard: number): Promise<Shard | 'absent' | Error> => {
    try {
      return await parse(await readFile(pathOf(folder, shard)), shard) ?? internal('data-key-head', `The key file of shard ${shard} in ${folder} is damaged.`);
    } catch (error) {
      return (error as { code?: unknown }).code === 'ENOENT' ? 'absent' : error as Error;
    }
  };
  /** Every folder's copy of the newest epoch. A copy of an older epoch is what a crash left of a rotation. */
  const newest = async (shard: number): Promise<{ copies: (Shard | undefined)[]; epoch: number }> => {
    const found = await Promise.all(options.folders.map((folder) => readShard(folder, shard)));
    const all = found.map((copy) => (copy === 'absent' || copy instanceof Error ? undefined : copy));
    // Never mistake a store that cannot be read (a wrong master key) for an empty one: the next write would replace it.
    const fault = found.find((copy) => copy instanceof Error);
    if (fault && all.every((copy) => copy === undefined)) throw fault;
    const epoch = Math.max(0, ...all.map((copy) => copy?.epoch ?? 0));
    return { copies: all.map((copy) => (copy?.epoch === epoch ? copy : undefined)), epoch };
  };

  /** Writes a shard anew in the next epoch without the ids in `without`, and shreds the old files. */
  const rewrite = async (shard: number, without: ReadonlySet<string>, next: KeyWrapper = wrapper): Promise<number> => {
    const { copies, epoch: before } = await newest(shard);
    const epoch = before + 1;
    const key = randomBytes(32);
    const wrapped = await next.wrap(key, context(shard, epoch));
    const records = new Map<string, Buffer>();
    for (const copy of copies) {
      for (const record of copy ? recordsOf(copy.bytes) : []) {
        const id = record.subarray(0, 16);
        const name = id.toString('hex');
        if (without.has(name) || records.has(name)) continue;
        const dataKey = decodeRecord(record, copy!.key, shard, before);
        if (dataKey) records.set(name, encodeRecord(id, dataKey, key, shard, epoch));
      }
    }
    const bytes = Buffer.concat([encodeHead({ epoch, wrapped }), ...records.values()]);
    for (const folder of options.folders) await supersede(pathOf(folder, shard), bytes);
    epochKeys.set(shard, { wrapped, key });
    return epoch;
  };

  /** Appends to each folder's file behind its last whole record. */
  const append = async (shard: number, id: Buffer, dataKey: Buffer): Promise<void> => {
    const { copies } = await newest(shard);
    await Promise.all(options.folders.map(async (folder, i) => {
      const copy = copies[i];
      if (!copy) throw internal('data-key-folder', `The key folder ${folder} is not in step with the others; restart to repair it.`);
      const file = await open(pathOf(folder, shard), 'r+');
      try {
        const whole = Math.floor((copy.bytes.length - headBytes) / recordBytes);
        await file.write(encodeRecord(id, dataKey, copy.key, shard, copy.epoch), 0, recordBytes, headBytes + whole * recordBytes);
        await file.datasync();
      } finally {
        await file.close();
      }
    }));
  };

  const open_ = async (id: string): Promise<Buffer | undefined> => {
    const bytes = idToBytes(id);
    const shard = shardOf(bytes);
    for (const copy of (await newest(shard)).copies) {
      const record = copy && recordFor(copy.bytes, bytes);
      const key = record && decodeRecord(record, copy.key, shard, copy.epoch);
      if (key) return key;
    }
    return undefined;
  };
  const remember = (id: string, key: Buffer): Buffer => {
    if (opened.size >= cachedKeys) opened.delete(opened.keys().next().value!);
    opened.set(id, key);
    return key;
  };

  for (const folder of options.folders) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) if (name.endsWith('.shred')) await shredFile(join(folder, name));
  }
  for (let shard = 0; shard < shards; shard += 1) {
    const { copies, epoch } = await newest(shard);
    if (epoch > 0 && new Set(copies.map((copy) => copy?.bytes.length)).size !== 1) await exclusively(shard, () => rewrite(shard, new Set()));
  }

  return {
    keep: async (id, key) => {
      const bytes = idToBytes(id);
      const shard = shardOf(bytes);
      await exclusively(shard, async () => {
        if ((await newest(shard)).epoch === 0) await rewrite(shard, new Set());
        await append(shard, bytes, key);
      });
      remember(id, key);
    },
    open: async (id) => {
      // A reader may meet the moment in which another process shreds the superseded file: then it looks again when that is over.
      const key = opened.get(id) ?? await open_(id) ?? await exclusively(shardOf(idToBytes(id)), () => open_(id));
      if (!key) throw notFound('data-key-missing', 'The key of this object is not in the key store: it was destroyed, or the store is not the right one.');
      return remember(id, key);
    },
    has: async (id) => (await open_(id)) !== undefined,
    destroy: async (ids) => {
      const grouped = Map.groupBy(ids, (id) => shardOf(idToBytes(id)));
      const epochs = new Map<number, number>();
      for (const [shard, members] of grouped) {
        for (const id of members) opened.delete(id);
        const without = new Set(members.map((id) => idToBytes(id).toString('hex')));
        epochs.set(shard, await exclusively(shard, () => rewrite(shard, without)));
        for (const id of members) opened.delete(id);
      }
      return epochs;
    },
    rotate: async (next) => {
      for (let shard = 0; shard < shards; shard += 1) {
        await exclusively(shard, async () => { if ((await newest(shard)).epoch > 0) await rewrite(shard, new Set(), next); });
      }
      if (next) wrapper = next;
    },
  };
}

/** Replaces a file and shreds its old content; after a crash the old content is found under `.shred` and shredded at the next start. */
async function supersede(path: string, bytes: Buffer): Promise<void> {
  const old = `${path}.shred`;
  await shredFile(old);
  const linked = await link(path, old).then(() => true, (error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return false;
    throw error;
  });
  await replaceFile(path, bytes);
  if (!linked) return;
  await shredFile(old);
  await rm(old, { force: true });
  await syncFolder(join(path, '..'));
}
