import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const zeros = Buffer.alloc(1024 * 1024);

/**
 * Overwrites a file with zeros, makes that durable, and removes its name. On disks that write elsewhere (SSD, copy on write) the zeros
 * may not reach the old cells: that is why what is shredded was encrypted, and its key is destroyed first.
 * @returns false when there was no such file.
 */
export async function shredFile(path: string): Promise<boolean> {
  const file = await open(path, 'r+').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return false;
  try {
    const { size } = await file.stat();
    for (let at = 0; at < size; at += zeros.length) await file.write(zeros, 0, Math.min(zeros.length, size - at), at);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rm(path, { force: true });
  await syncFolder(dirname(path));
  return true;
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
