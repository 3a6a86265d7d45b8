import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { about, blobWorld, collect, generated, generatedSlice, sha256, type BlobWorld } from './fixtures/blob-world.ts';
import type { BlobId } from './index.ts';
import { fragmentBytes, segmentBytes } from './segment.ts';

let world: BlobWorld;
beforeAll(async () => { world = await blobWorld(); });
afterAll(() => world[Symbol.asyncDispose]());

test.each([0, 1, segmentBytes - 1, segmentBytes, segmentBytes + 1, fragmentBytes, fragmentBytes + 1, 2 * fragmentBytes - 5])('an object of %i bytes comes back whole, with its digest', async (size) => {
  const info = await world.store.put(generated(size, 30_011), about);
  expect(info).toMatchObject({ size, owner: about.owner, sha256: sha256(generatedSlice(0, size)) });
  expect(sha256(await collect(await world.store.read(info.id)))).toBe(info.sha256);
  expect(await world.store.info(info.id)).toEqual(info);
});

test('any range of an object is the same slice of its bytes', async () => {
  const size = fragmentBytes + 5 * segmentBytes + 17;
  const info = await world.store.put(generated(size), about);
  await fc.assert(fc.asyncProperty(fc.nat(size - 1), fc.nat(3 * segmentBytes), async (first, length) => {
    const got = await collect(await world.store.read(info.id, { first, last: first + length }));
    expect(got.equals(generatedSlice(first, Math.min(length + 1, size - first)))).toBe(true);
  }), { numRuns: 60, examples: [[0, 0], [size - 1, 0], [fragmentBytes - 1, 1], [segmentBytes - 1, 1], [size - 1, 1_000]] });
});

test('pieces of any length make the same object', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200_000 }), { maxLength: 6 }), async (pieces) => {
    const info = await world.store.put((async function* () { yield* pieces; })(), about);
    expect((await collect(await world.store.read(info.id))).equals(Buffer.concat(pieces))).toBe(true);
  }), { numRuns: 15 });
});

test('a range outside the object, an unknown id and one that is no id get typed errors', async () => {
  const info = await world.store.put(generated(10), about);
  for (const range of [{ first: 10, last: 11 }, { first: -1, last: 3 }, { first: 5, last: 4 }, { first: 0.5, last: 2 }]) {
    await expect(world.store.read(info.id, range)).rejects.toMatchObject({ kind: 'invalid', code: 'blob-range' });
  }
  await expect(world.store.read('6f1f0d2e-0000-4000-8000-000000000000' as BlobId)).rejects.toMatchObject({ kind: 'not-found' });
  await expect(world.store.info("x' or 1=1" as BlobId)).rejects.toMatchObject({ kind: 'not-found' });
});

test('too many bytes, other bytes than announced and a broken source leave nothing behind', async () => {
  const before = [await world.files(0), await world.files(1)];
  await expect(world.store.put(generated(fragmentBytes * 2), { ...about, maxBytes: fragmentBytes + 3 })).rejects.toMatchObject({ kind: 'too-large' });
  await expect(world.store.put(generated(100_000), { ...about, sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'blob-digest' });
  const broken = async function* (): AsyncGenerator<Buffer> {
    yield* generated(fragmentBytes + 9);
    throw new Error('the line broke');
  };
  await expect(world.store.put(broken(), about)).rejects.toThrow('the line broke');
  expect([await world.files(0), await world.files(1)]).toEqual(before);
  expect((await world.db.query('select 1 from blob.intent')).rowCount).toBe(0);
});

test('what is on the disks is not the plain text', async () => {
  const text = Buffer.from('A sentence that must not be found on the disk. ');
  await world.store.put((async function* () { yield text; })(), about);
  const { readFile } = await import('node:fs/promises');
  for (const rack of [0, 1]) for (const path of await world.files(rack)) expect((await readFile(path)).includes(text.subarray(0, 20))).toBe(false);
});

test('sixty objects stored at once are all whole', async () => {
  const infos = await Promise.all(Array.from({ length: 60 }, (_, i) => world.store.put(generated(70_000 + i, 9_999, i), about)));
  for (const [i, info] of infos.entries()) expect((await collect(await world.store.read(info.id))).equals(generatedSlice(0, 70_000 + i, i))).toBe(true);
});

test('a destroyed object is gone everywhere, provably, also after a restart and from a copy of the database', async () => {
  const info = await world.store.put(generated(fragmentBytes + 100), about);
  const { rows: [row] } = await world.db.query('select * from blob.object where id = $1', [info.id]);
  const proof = await world.store.destroy(info.id);
  expect(proof.fragmentsOverwritten).toBe(4);
  await expect(world.store.read(info.id)).rejects.toMatchObject({ kind: 'gone', code: 'blob-destroyed' });
  await expect(world.store.destroy(info.id)).rejects.toMatchObject({ kind: 'gone' });
  for (const rack of [0, 1]) expect((await world.files(rack)).filter((path) => path.includes(info.id))).toEqual([]);
  expect((await world.db.query('select owner, fragments_overwritten from blob.destruction where object = $1', [info.id])).rows).toEqual([{ owner: about.owner, fragments_overwritten: 4 }]);
  expect(await world.events('blob.destroyed')).toBe(1);
  // A backup of the database brings the row back, but neither the key nor the bytes.
  await world.db.query('insert into blob.object (id, owner, size, content_type, sha256) values ($1, $2, $3, $4, $5)', [info.id, row!['owner'], row!['size'], row!['content_type'], row!['sha256']]);
  await world.restart();
  await expect(world.store.read(info.id)).rejects.toMatchObject({ code: 'data-key-missing' });
});

test('objects stay readable when all keys are rotated, and when the master key is replaced', async () => {
  const info = await world.store.put(generated(200_000), about);
  await world.store.rotateKeys();
  await world.restart();
  expect(sha256(await collect(await world.store.read(info.id)))).toBe(info.sha256);
});
