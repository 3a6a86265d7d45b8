import fc from 'fast-check';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { readPicture } from './pictures.ts';
import { samplePicture } from './testing.ts';

/** A grey JPEG of one pixel, with an EXIF segment that says where it was taken. */
const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.from('ffe1000e457869660000736563726574', 'hex'),
  Buffer.from('ffdb004300', 'hex'), Buffer.alloc(64, 1), Buffer.from('ffc0000b080001000101011100', 'hex'),
  Buffer.from('ffc40014000100000000000000000000000000000003', 'hex'), Buffer.from('ffda0008010100003f0037ffd9', 'hex'),
]);

const refusal = (bytes: Uint8Array, at: string): unknown => {
  try {
    readPicture(bytes, at);
    return undefined;
  } catch (error) {
    return error;
  }
};

test('a PNG becomes opaque RGB of the same size', () => {
  const picture = readPicture(samplePicture(20, 10), 'x');
  expect(picture).toMatchObject({ width: 20, height: 10 });
  expect(picture.bytes[25]).toBe(2);
  expect(PNG.sync.read(picture.bytes).data.length).toBe(20 * 10 * 4);
});

test('metadata of a JPEG is left out, its picture is not', () => {
  const picture = readPicture(jpeg, 'x');
  expect(picture).toMatchObject({ width: 1, height: 1 });
  expect(picture.bytes.includes('secret')).toBe(false);
  expect(picture.bytes.length).toBe(jpeg.length - 16);
});

test('what is neither, is too large, or announces more pixels than allowed is refused with the field', () => {
  expect(refusal(Buffer.from('GIF89a'), 'images[3]')).toMatchObject({ code: 'document-picture', details: { at: 'images[3]' } });
  const huge = samplePicture(8, 8);
  huge.writeUInt32BE(100_000, 16);
  huge.writeUInt32BE(100_000, 20);
  expect(refusal(huge, 'x')).toMatchObject({ code: 'document-picture' });
});

test.each([['PNG', samplePicture(16, 16)], ['JPEG', jpeg]])('a %s cut short or with changed bytes is read or refused, and nothing else happens', (_, source) => {
  fc.assert(fc.property(fc.nat(source.length), fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { maxLength: 6 }), (length, changes) => {
    const altered = Buffer.from(source.subarray(0, changes.length === 0 ? length : source.length));
    for (const [at, byte] of changes) altered[at] = byte;
    expect([undefined, 'document-picture']).toContain((refusal(altered, 'x') as { code?: string } | undefined)?.code);
  }), { numRuns: 300 });
});
