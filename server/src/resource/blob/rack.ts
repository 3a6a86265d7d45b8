import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { internal, unavailable, type BedsideError } from '../../kernel/index.ts';
import { shredFile, syncFolder } from '../../security/keys/index.ts';

/** A folder, best on a disk of its own, that keeps one copy of fragments. Its identity is in it: an unmounted disk is not taken for an empty rack. */
export interface Rack {
  readonly id: string;
  readonly folder: string;
  /** Where a fragment is. */
  pathOf(object: string, no: number): string;
  /** A draft that becomes the fragment when it is whole and durable. */
  draft(object: string, no: number): Promise<Draft>;
  /** Makes the names of the object's fragments durable. */
  syncNames(object: string): Promise<void>;
  shred(object: string, no: number): Promise<boolean>;
  /** Names of all files of the object, drafts too. */
  filesOf(object: string): Promise<string[]>;
  freeBytes(): Promise<number>;
}

export interface Draft {
  write(buffers: readonly Buffer[]): Promise<void>;
  /** Durable content under the final name; the name itself is durable after `syncNames`. */
  finish(before?: () => Promise<void>): Promise<void>;
  discard(): Promise<void>;
}

const marker = 'rack.json';
export const fragmentsFolder = 'fragments';
const draftSuffix = '.draft';

/** The identity in the folder, or undefined when it has none. */
export async function rackIdentity(folder: string): Promise<string | undefined> {
  try {
    const { id } = JSON.parse(await readFile(join(folder, marker), 'utf8')) as { id?: unknown };
    if (typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) return id;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw internal('rack-marker', `The file ${marker} in ${folder} cannot be read.`, { cause: error });
  }
  throw internal('rack-marker', `The file ${marker} in ${folder} names no rack.`);
}

/** Makes an empty folder a rack. Of several processes that start together, one gives the identity; all return the same. */
export async function initialiseRack(folder: string): Promise<string> {
  await mkdir(join(folder, fragmentsFolder), { recursive: true, mode: 0o700 });
  const draft = join(folder, `${marker}.${randomUUID()}`);
  const file = await open(draft, 'wx', 0o600);
  await file.writeFile(`${JSON.stringify({ id: randomUUID() })}\n`);
  await file.sync();
  await file.close();
  await link(draft, join(folder, marker)).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  });
  await rm(draft);
  await syncFolder(folder);
  return (await rackIdentity(folder))!;
}

export function openRack(id: string, folder: string): Rack {
  const base = join(folder, fragmentsFolder);
  const folderOf = (object: string): string => join(base, object.slice(0, 3));
  const pathOf = (object: string, no: number): string => join(folderOf(object), `${object}.${no}`);
  return {
    id, folder, pathOf,
    draft: async (object, no) => {
      const made = await mkdir(folderOf(object), { mode: 0o700 }).then(() => true, (error: unknown) => {
        if ((error as { code?: unknown }).code === 'EEXIST') return false;
        throw diskFault(error, folder);
      });
      if (made) await syncFolder(base);
      return openDraft(pathOf(object, no), folder);
    },
    syncNames: (object) => syncFolder(folderOf(object)),
    shred: (object, no) => shredFile(pathOf(object, no)),
    filesOf: async (object) => {
      const names = await readdir(folderOf(object)).catch((error: unknown) => {
        if ((error as { code?: unknown }).code === 'ENOENT') return [];
        throw error;
      });
      return names.filter((name) => name.startsWith(`${object}.`)).map((name) => join(folderOf(object), name));
    },
    freeBytes: async () => {
      await stat(join(folder, marker));
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

async function openDraft(path: string, folder: string): Promise<Draft> {
  const draft = `${path}${draftSuffix}`;
  const file: FileHandle = await open(draft, 'w', 0o600).catch((error: unknown) => { throw diskFault(error, folder); });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  return {
    write: async (buffers) => {
      try {
        await writeAll(file, buffers);
      } catch (error) {
        throw diskFault(error, folder);
      }
    },
    finish: async (before) => {
      try {
        await file.datasync();
        await close();
        await before?.();
        await rename(draft, path);
      } catch (error) {
        throw diskFault(error, folder);
      }
    },
    discard: async () => {
      await close();
      await rm(draft, { force: true });
    },
  };
}

/** A short write (disk nearly full) goes on where it stopped, until it fails or is done. */
async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const total = buffers.reduce((sum, b) => sum + b.length, 0);
  const { bytesWritten } = await file.writev(buffers as Buffer[]);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(buffers as Buffer[]).subarray(bytesWritten);
  await file.writeFile(rest);
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);
/** A fault of the disk, as what a caller may be told. */
export function diskFault(error: unknown, folder: string): BedsideError | Error {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error as Error;
  return fullCodes.has(code)
    ? unavailable('disk-full', 'There is no space left to store this; nothing was kept. Try again when the administrator has made room.', { cause: error, details: { retryAfterMs: 60_000 } })
    : unavailable('rack-failed', `A storage folder cannot be used (${code}).`, { cause: error, details: { folder, retryAfterMs: 10_000 } });
}
