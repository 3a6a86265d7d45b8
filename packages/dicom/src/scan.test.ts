import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { element, encapsulated, explicit, file, identity, image, item, itemEnd, join, jpeg, sequenceEnd, undefinedLength } from './bytes.fixture.ts';
import { plainText } from './dataset.ts';
import { DicomError } from './errors.ts';
import { alignBits, indexFrames, locateFrame } from './frames.ts';
import { toDicomJson } from './json.ts';
import { readPart10 } from './read.ts';
import { tags } from './tags.ts';

const pieces = (bytes: Uint8Array, size: number): Uint8Array[] => Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
const fault = async (bytes: Uint8Array): Promise<DicomError> => readPart10([bytes]).then(() => { throw new Error('was read'); }, (error: unknown) => {
  if (error instanceof DicomError) return error;
  throw error;
});

test('a file is read the same whatever the sizes of the pieces it comes in', async () => {
  const bytes = file(explicit, identity(), element(0x00081140, 'SQ', join(item(join(element(0x00081155, 'UI', '1.2.9'), itemEnd), undefinedLength), sequenceEnd), undefinedLength),
    image(4, 4, 16), element(tags.PixelData, 'OW', new Uint8Array(32)), element(0xFFFCFFFC, 'OB', new Uint8Array(2)));
  const whole = await readPart10([bytes]);
  const expected = toDicomJson(whole.dataset, { bulkUri: String });
  expect(expected['00081140']).toEqual({ vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.9'] } }] });
  for (const size of [1, 3, 7, 64]) {
    const read = await readPart10(pieces(bytes, size));
    expect(toDicomJson(read.dataset, { bulkUri: String })).toEqual(expected);
    expect(indexFrames(read)).toEqual({ kind: 'native', offset: bytes.length - 14 - 32, frameBits: 256, count: 1 });
    expect(read.byteLength).toBe(bytes.length);
  }
});

test('a value too large to keep is located, not kept, and points to its bytes in the JSON model', async () => {
  const document = new Uint8Array(200_000);
  const bytes = file(explicit, identity(), element(tags.EncapsulatedDocument, 'OB', document), element(tags.MIMETypeOfEncapsulatedDocument, 'LO', 'application/pdf'));
  const read = await readPart10(pieces(bytes, 1000));
  expect(read.dataset.elements.get(tags.EncapsulatedDocument)?.bytes).toBeUndefined();
  expect(plainText(read.dataset, tags.MIMETypeOfEncapsulatedDocument)).toBe('application/pdf');
  const at = bytes.length - 200_000 - 8 - 16;
  expect(toDicomJson(read.dataset, { bulkUri: ({ offset, length }) => `${offset}-${length}` })['00420011']).toEqual({ vr: 'OB', BulkDataURI: `${at}-200000` });
});

test('a claim of four gigabytes is found out when the file ends, without memory for it', async () => {
  const error = await fault(file(explicit, identity(), image(4, 4, 16), element(tags.PixelData, 'OW', new Uint8Array(8), 0xFFFFFFF0)));
  expect(error).toMatchObject({ fault: 'truncated', tag: '(7FE0,0010)' });
});

test('a nested claim longer than what holds it names the element and the byte', async () => {
  const error = await fault(file(explicit, identity(), element(0x00081140, 'SQ', item(element(0x00081155, 'UI', '1.2', 60_000)))));
  expect(error).toMatchObject({ fault: 'bad-length', tag: '(0008,1155)' });
  expect(error.offset).toBeGreaterThan(132);
});

test('sequences nested without end are refused', async () => {
  const level = join(element(0x00081140, 'SQ', new Uint8Array(0), undefinedLength), item(new Uint8Array(0), undefinedLength));
  expect(await fault(file(explicit, ...Array.from({ length: 200 }, () => level)))).toMatchObject({ fault: 'too-deep' });
});

test('a deflated data set is inflated, with or without its padding byte', async () => {
  const inner = join(identity(), image(2, 2, 8), element(tags.PixelData, 'OB', new Uint8Array([1, 2, 3, 4])));
  for (const pad of [new Uint8Array(0), new Uint8Array(1)]) {
    const head = file('1.2.840.10008.1.2.1.99');
    const bytes = join(head, deflateRawSync(inner), pad);
    const read = await readPart10(pieces(bytes, 11));
    expect(plainText(read.dataset, tags.SOPInstanceUID)).toBe('1.2.3.1');
    expect(indexFrames(read)).toMatchObject({ kind: 'native', offset: head.length + inner.length - 4 });
  }
  expect(await fault(join(file('1.2.840.10008.1.2.1.99'), new Uint8Array([7, 7, 7, 7, 7, 7, 7, 7])))).toMatchObject({ fault: 'inflate-failed' });
});

const soi = (n: number): Uint8Array => new Uint8Array([0xFF, 0xD8, n, n]);
const rest = (n: number): Uint8Array => new Uint8Array([n, n]);

test('encapsulated frames are found by offset table, by count, and by where a codestream begins', async () => {
  const frames = async (table: number[], ...fragments: Uint8Array[]): Promise<unknown> => {
    const bytes = file(jpeg, identity(), image(2, 2, 8, 2), encapsulated(table, ...fragments));
    const index = indexFrames(await readPart10(pieces(bytes, 5)));
    return [0, 1].map((frame) => Buffer.concat(locateFrame(index, frame).ranges.map((r) => bytes.subarray(r.offset, r.offset + r.length))).toString('hex'));
  };
  expect(await frames([0, 22], soi(1), rest(2), soi(3))).toEqual(['ffd801010202', 'ffd80303']);
  expect(await frames([], soi(1), soi(3))).toEqual(['ffd80101', 'ffd80303']);
  expect(await frames([], soi(1), rest(2), soi(3), rest(4), rest(5))).toEqual(['ffd801010202', 'ffd8030304040505']);
  await expect(frames([], soi(1), soi(2), soi(3))).rejects.toThrow('3 fragments cannot be shared among 2 frames');
});

test('an extended offset table has the say over fragments', async () => {
  const offsets = new Uint8Array(new BigUint64Array([0n, 12n]).buffer);
  const bytes = file(jpeg, identity(), image(2, 2, 8, 2), element(tags.ExtendedOffsetTable, 'OV', offsets), encapsulated([], soi(1), soi(2), soi(3)));
  expect(indexFrames(await readPart10([bytes]))).toMatchObject({ kind: 'encapsulated', frames: [{ length: 2 }, { length: 4 }] });
});

test('one-bit frames that do not begin on a byte are shifted into place', async () => {
  const bytes = file(explicit, identity(), image(3, 3, 1, 2), element(tags.PixelData, 'OB', new Uint8Array([0xFF, 0b00000011, 0b00000010, 0])));
  const index = indexFrames(await readPart10([bytes]));
  const { ranges, bitOffset, bitLength } = locateFrame(index, 1);
  const frame = alignBits(bytes.subarray(ranges[0]!.offset, ranges[0]!.offset + ranges[0]!.length), bitOffset, bitLength);
  expect([...frame]).toEqual([0b00000001, 0b1]);
  expect(() => locateFrame(index, 2)).toThrow(DicomError);
});

test('whatever the bytes, the reader ends with a file or a typed fault', async () => {
  const seed = file(explicit, identity(), element(0x00081140, 'SQ', item(element(0x00081155, 'UI', '1.2.9'))), image(2, 2, 8, 2), encapsulated([0, 12], soi(1), soi(2)));
  await expect(fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(fc.nat(seed.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }), fc.nat(seed.length), fc.integer({ min: 1, max: 90 }),
    async (changes, cut, size) => {
      const bytes = seed.slice(0, seed.length - (cut % 40));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        const read = await readPart10(pieces(bytes, size));
        indexFrames(read);
        return JSON.stringify(toDicomJson(read.dataset, { bulkUri: String })).startsWith('{');
      } catch (error) {
        return error instanceof DicomError;
      }
    }), { numRuns: 1500 })).resolves.toBeUndefined();
});
