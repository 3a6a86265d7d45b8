import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataKeys, openFileKeyWrapper, type DataKeys } from './index.ts';

let root = '';
let folders: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bedside-data-keys-'));
  folders = [join(root, 'a'), join(root, 'b')];
});
afterEach(() => rm(root, { recursive: true, force: true }));
const start = async (): Promise<DataKeys> => openDataKeys({ folders, wrapper: await openFileKeyWrapper(join(root, 'master')), shards: 4 });
const filled = async (keys: DataKeys, count: number): Promise<Map<string, Buffer>> => {
  const all = new Map(Array.from({ length: count }, () => [randomUUID(), randomBytes(32)] as const));
  await Promise.all([...all].map(([id, key]) => keys.keep(id, key)));
  return all;
};

test('keys kept at the same time are all there after a restart', async () => {
  const all = await filled(await start(), 60);
  const again = await start();
  for (const [id, key] of all) expect(await again.open(id)).toEqual(key);
});

test('a destroyed key is gone, the others open, and no file holds the id any more', async () => {
  const keys = await start();
  const all = await filled(keys, 20);
  const [gone] = [...all.keys()];
  await keys.destroy([gone!]);
  await expect(keys.open(gone!)).rejects.toMatchObject({ code: 'data-key-missing' });
  const again = await start();
  expect(await again.has(gone!)).toBe(false);
  const needle = Buffer.from(gone!.replaceAll('-', ''), 'hex');
  all.delete(gone!);
  for (const [id, key] of all) expect(await again.open(id)).toEqual(key);
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      expect(name).not.toContain('shred');
      expect((await readFile(join(folder, name))).includes(needle)).toBe(false);
    }
  }
});

test('rotation under a new master key leaves every key readable with the new one only', async () => {
  const keys = await start();
  const all = await filled(keys, 10);
  await keys.rotate(await openFileKeyWrapper(join(root, 'master2')));
  const again = await openDataKeys({ folders, wrapper: await openFileKeyWrapper(join(root, 'master2')), shards: 4 });
  for (const [id, key] of all) expect(await again.open(id)).toEqual(key);
  await expect(start()).rejects.toMatchObject({ code: 'key-unwrap' });
});

test('a folder that was lost, cut short or left behind by a rotation is made whole at the next start', async () => {
  const keys = await start();
  const all = await filled(keys, 20);
  const [first, second, third] = (await readdir(folders[1]!)).map((name) => join(folders[1]!, name));
  const behind = await readFile(third!);
  await keys.rotate();
  await rm(first!);
  await truncate(second!, 300);
  await writeFile(third!, behind);
  const again = await start();
  for (const [id, key] of all) expect(await again.open(id)).toEqual(key);
  await rm(folders[0]!, { recursive: true });
  const healed = await start();
  for (const [id, key] of all) expect(await healed.open(id)).toEqual(key);
});

test('a record that a crash left half written is ignored and overwritten by the next', async () => {
  const keys = await start();
  const all = await filled(keys, 5);
  for (const name of await readdir(folders[0]!)) {
    const path = join(folders[0]!, name);
    await writeFile(path, Buffer.concat([await readFile(path), randomBytes(30)]));
  }
  const again = await start();
  const more = await filled(again, 5);
  const last = await start();
  for (const [id, key] of [...all, ...more]) expect(await last.open(id)).toEqual(key);
});

test('a damaged copy of a shard never wins over a whole one, and a store that cannot be read is not taken for an empty one', async () => {
  const keys = await start();
  const all = await filled(keys, 12);
  const [name] = await readdir(folders[0]!);
  await copyFile(join(folders[0]!, name!), join(root, 'kept'));
  await writeFile(join(folders[0]!, name!), randomBytes(500));
  const again = await start();
  for (const [id, key] of all) expect(await again.open(id)).toEqual(key);
  for (const folder of folders) await writeFile(join(folder, name!), randomBytes(500));
  await expect(start()).rejects.toMatchObject({ code: 'data-key-head' });
});
