import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces `path` by `bytes` so that after a crash either the old or the new content is there, whole. Mode 0600 unless given. */
export async function replaceFile(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<void> {
  const draft = await writeDraft(path, bytes, mode);
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Creates `path` with `bytes` unless it exists; says whether it did. Whoever comes second leaves the first one's file untouched. */
export async function writeOnce(path: string, bytes: Uint8Array | string, mode = 0o600): Promise<boolean> {
  const draft = await writeDraft(path, bytes, mode);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
    await syncFolder(dirname(path));
  }
}

async function writeDraft(path: string, bytes: Uint8Array | string, mode: number): Promise<string> {
  const draft = `${path}.${randomUUID()}.draft`;
  const file = await open(draft, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
