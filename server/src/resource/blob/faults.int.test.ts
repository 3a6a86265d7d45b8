import { execFileSync, spawn } from 'node:child_process';
import { copyFile, mkdir, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { about, blobWorld, collect, generated, generatedSlice, sha256, type BlobWorld } from './fixtures/blob-world.ts';
import { replaceRack, type BlobId } from './index.ts';
import { fragmentBytes, storedSegmentBytes } from './segment.ts';

const flip = async (path: string, at: number): Promise<void> => {
  const file = await open(path, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  buffer[0]! ^= 1;
  await file.write(buffer, 0, 1, at);
  await file.close();
};
/** The fragments that are not the same on both racks. */
const unequal = async (world: BlobWorld): Promise<string[]> => {
  const names = new Set([...await world.files(0), ...await world.files(1)].map((path) => path.split('/').slice(-2).join('/')));
  const found: string[] = [];
  for (const name of names) {
    const [a, b] = await Promise.all(world.folders.map((folder) => readFile(join(folder, 'fragments', name)).catch(() => undefined)));
    if (!a || !b || !a.equals(b)) found.push(name);
  }
  return found;
};

test('a copy that is damaged anywhere, cut short, deleted or replaced is read from the other rack, repaired and reported', async () => {
  await using world = await blobWorld();
  const size = fragmentBytes + 3 * 65_536 + 100;
  const info = await world.store.put(generated(size), about);
  const other = await world.store.put(generated(size, 65_536, 2), about);
  const plain = generatedSlice(0, size);
  const [first, second] = (await world.files(0)).filter((path) => path.includes(info.id));
  const foreign = (await world.files(0)).find((path) => path.includes(other.id))!;
  const damages: Record<string, (path: string) => Promise<void>> = {
    'a flipped bit': (path) => flip(path, 70_000),
    'a flipped bit in the tag': (path) => flip(path, storedSegmentBytes - 1),
    'cut short': (path) => truncate(path, 65_536),
    'cut by a whole segment': async (path) => truncate(path, (await readFile(path)).length - storedSegmentBytes),
    'deleted': (path) => rm(path),
    'emptied': (path) => truncate(path, 0),
    'another object put in its place': (path) => copyFile(foreign, path),
    'two fragments swapped': async () => {
      await rename(first!, `${first}.x`);
      await rename(second!, first!);
      await rename(`${first}.x`, second!);
    },
    'two segments swapped': async (path) => {
      const bytes = await readFile(path);
      await writeFile(path, Buffer.concat([bytes.subarray(storedSegmentBytes, 2 * storedSegmentBytes), bytes.subarray(0, storedSegmentBytes), bytes.subarray(2 * storedSegmentBytes)]));
    },
    'a segment repeated': async (path) => {
      const bytes = await readFile(path);
      bytes.copy(bytes, storedSegmentBytes, 0, storedSegmentBytes);
      await writeFile(path, bytes);
    },
  };
  let repaired = 0;
  for (const damage of Object.values(damages)) {
    await damage(first!);
    expect((await collect(await world.store.read(info.id))).equals(plain)).toBe(true);
    await world.store.settled();
    expect(await world.events('blob.repaired')).toBeGreaterThan(repaired);
    // The reader asked the other rack for the second fragment: the scrub finds what no reader met.
    await world.store.scrub({ bytesPerSecond: 1e12 });
    expect(await unequal(world)).toEqual([]);
    repaired = await world.events('blob.repaired');
  }
  expect(await world.events('blob.damaged')).toBe(repaired);
});

test('damage of any byte of either rack never gives a wrong byte, and a scrub repairs it all', async () => {
  await using world = await blobWorld();
  const size = 3 * 65_536 + 100;
  const info = await world.store.put(generated(size), about);
  const plain = generatedSlice(0, size);
  await fc.assert(fc.asyncProperty(fc.nat(1), fc.array(fc.nat(size + 63), { minLength: 1, maxLength: 4 }), async (rack, places) => {
    const path = (await world.files(rack))[0]!;
    for (const at of new Set(places)) await flip(path, at);
    const result = await world.store.scrub({ bytesPerSecond: 1e12 });
    expect(result).toMatchObject({ copies: 2, damaged: 1, repaired: 1, lost: 0 });
    expect((await collect(await world.store.read(info.id))).equals(plain)).toBe(true);
  }), { numRuns: 20 });
  expect(await unequal(world)).toEqual([]);
});

test('when both copies are damaged at the same place the reader gets an error, never wrong bytes, and the loss is reported', async () => {
  await using world = await blobWorld();
  const info = await world.store.put(generated(200_000), about);
  for (const rack of [0, 1]) await flip((await world.files(rack))[0]!, 150_000);
  await expect(world.store.read(info.id).then(collect)).rejects.toMatchObject({ code: 'blob-lost' });
  expect((await collect(await world.store.read(info.id, { first: 0, last: 99 }))).equals(generatedSlice(0, 100))).toBe(true);
  await world.store.settled();
  expect(await world.events('blob.lost')).toBeGreaterThan(0);
});

test('damage found before a crash is repaired after the restart', async () => {
  await using world = await blobWorld();
  await world.store.put(generated(100), about);
  await flip((await world.files(1))[0]!, 5);
  await world.db.query("update blob.copy set state = 'suspect' where rack = (select id from blob.rack where folder = $1)", [world.folders[1]]);
  await world.restart();
  await world.store.settled();
  expect(await unequal(world)).toEqual([]);
});

test('everything acknowledged before kill -9 is whole after it, and nothing else is left on the disks', async () => {
  await using world = await blobWorld();
  const acknowledged = new Map<string, { size: number; seed: number }>();
  for (const lifeMs of [700, 1_100, 1_600]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/put-forever.ts'), world.db.connectionString, join(world.root, 'keys'), ...world.folders], { stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    let faults = '';
    child.stdout.on('data', (text: Buffer) => { told += text.toString(); });
    child.stderr.on('data', (text: Buffer) => { faults += text.toString(); });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!told.includes('\n') && child.exitCode === null) await pause(20);
    await pause(lifeMs);
    child.kill('SIGKILL');
    await ended;
    expect(faults).toBe('');
    for (const line of told.split('\n').slice(0, -1)) {
      const [id, size, seed] = line.split(' ');
      acknowledged.set(id!, { size: Number(size), seed: Number(seed) });
    }
  }
  expect(acknowledged.size).toBeGreaterThan(10);
  await pause(1_100);
  await world.restart({ leaseMs: 1_000 });
  for (const [id, { size, seed }] of acknowledged) {
    expect(sha256(await collect(await world.store.read(id as BlobId)))).toBe(sha256(generatedSlice(0, size, seed)));
  }
  const known = new Set((await world.db.query<{ id: string }>('select id::text from blob.object')).rows.map((row) => row.id));
  for (const rack of [0, 1]) {
    for (const path of await world.files(rack)) expect(known).toContain(path.split('/').at(-1)!.slice(0, 36));
  }
  expect((await world.db.query('select 1 from blob.intent')).rowCount).toBe(0);
  expect(await world.events('blob.damaged')).toBe(0);
}, 120_000);

test('a destruction that was interrupted is finished at the next start', async () => {
  await using world = await blobWorld();
  const info = await world.store.put(generated(100_000), about);
  await world.db.query("update blob.object set state = 'destroying' where id = $1", [info.id]);
  await world.restart();
  await expect(world.store.info(info.id)).rejects.toMatchObject({ kind: 'gone' });
  expect(await world.files(0)).toEqual([]);
});

test('files that belong to nothing are removed by a scrub once they are old', async () => {
  await using world = await blobWorld();
  await world.store.put(generated(10), about);
  const folder = join(world.folders[0]!, 'fragments', 'abc');
  await mkdir(folder);
  await writeFile(join(folder, 'abc00000-0000-4000-8000-000000000000.0'), 'left over');
  expect((await world.store.scrub()).orphans).toBe(0);
  expect((await world.store.scrub({ orphanAgeMs: -1_000 })).orphans).toBe(1);
  expect((await world.files(0)).length).toBe(1);
});

test('an unmounted rack is not taken for an empty one: reading goes on, storing waits, and a new disk is filled again', async () => {
  await using world = await blobWorld();
  const info = await world.store.put(generated(100_000), about);
  await world.store.close();
  await rename(world.folders[1]!, `${world.folders[1]}.away`);
  await world.restart();
  expect(sha256(await collect(await world.store.read(info.id)))).toBe(info.sha256);
  await expect(world.store.put(generated(10), about)).rejects.toMatchObject({ code: 'rack-missing' });
  expect(await world.events('blob.rack-missing')).toBe(1);
  await replaceRack(world.db, world.folders[1]!);
  await world.restart();
  await world.store.settled();
  expect(await unequal(world)).toEqual([]);
  expect((await world.store.put(generated(10), about)).size).toBe(10);
});

/** A disk of 12 MiB of its own, where the system lets us mount one. */
const mountSmallDisk = (folder: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
test('a full disk is told, nothing is left behind, and smaller objects still fit', async ({ skip }) => {
  await using world = await blobWorld();
  const disk = join(world.root, 'small');
  await mkdir(disk);
  if (!mountSmallDisk(disk)) skip('this system lets no test mount a small disk');
  try {
    const folders = [join(world.root, 'roomy'), disk];
    await world.restart({ folders });
    await expect(world.store.put(generated(30_000_000), about)).rejects.toMatchObject({ kind: 'unavailable', code: 'disk-full' });
    expect((await world.db.query('select 1 from blob.intent')).rowCount).toBe(0);
    const info = await world.store.put(generated(8_000_000), about);
    expect(sha256(await collect(await world.store.read(info.id)))).toBe(info.sha256);
    await world.restart({ folders, reserveBytes: 10_000_000 });
    await expect(world.store.put(generated(10), about)).rejects.toMatchObject({ code: 'disk-full' });
    await world.store.close();
  } finally {
    execFileSync('umount', [disk]);
  }
});
