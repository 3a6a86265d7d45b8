import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import { negotiate, parseAccept } from './accept.ts';
import { multipartParameters, readMultipart, writeMultipart } from './multipart.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const bodies = async (bytes: Uint8Array, size: number, boundary = 'b'): Promise<string[]> => {
  const out: string[] = [];
  for await (const part of readMultipart(pieces(bytes, size), boundary)) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of part.body) chunks.push(chunk);
    out.push(Buffer.concat(chunks).toString('latin1'));
  }
  return out;
};

test('what is written is read again, whatever the bytes and the sizes they come in', async () => {
  await expect(fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }), fc.integer({ min: 1, max: 70 }), async (parts, size) => {
    const source = (async function* () { for (const part of parts) yield { headers: { 'Content-Type': 'application/dicom' }, body: pieces(part, 7) }; })();
    const written: Uint8Array[] = [];
    for await (const chunk of writeMultipart(source, 'boundary-1')) written.push(chunk);
    const read = await bodies(Buffer.concat(written), size, 'boundary-1');
    return JSON.stringify(read) === JSON.stringify(parts.map((part) => Buffer.from(part).toString('latin1')));
  }), { numRuns: 300 })).resolves.toBeUndefined();
});

test('a preamble, an epilogue, missing headers and bytes that look like a boundary are no trouble', async () => {
  const body = Buffer.from('hello\r\n--b  \r\n\r\none\r\n--x\r\n-\r\n--b\r\nA: 1\r\n\r\n\r\n--b--\r\nbye');
  for (const size of [1, 2, 5, 100]) expect(await bodies(body, size)).toEqual(['one\r\n--x\r\n-', '']);
});

test('a body that is cut short, or whose headers never end, is refused', async () => {
  await expect(bodies(Buffer.from('--b\r\nA: 1\r\n\r\nabc'), 4)).rejects.toMatchObject({ code: 'multipart-cut', details: { at: 'byte 16' } });
  await expect(bodies(Buffer.concat([Buffer.from('--b\r\n'), Buffer.alloc(40_000, 65)]), 1_000)).rejects.toMatchObject({ code: 'multipart-headers' });
  expect(() => multipartParameters('multipart/related; type="application/dicom"')).toThrow(BedsideError);
  expect(multipartParameters('multipart/related; type="application/dicom"; boundary=a-b')).toEqual({ boundary: 'a-b', type: 'application/dicom' });
});

test('accept headers of viewers are understood', () => {
  const stored = { mediaType: 'image/jls', transferSyntax: '1.2.840.10008.1.2.4.80' };
  expect(negotiate('multipart/related; type=application/octet-stream; transfer-syntax=*', stored)).toBe('multipart');
  expect(negotiate('multipart/related; type="image/jls"; transfer-syntax=1.2.840.10008.1.2.4.80, */*;q=0.1', stored)).toBe('multipart');
  expect(negotiate('application/octet-stream; transfer-syntax=*', stored)).toBe('single');
  expect(negotiate('image/jls', stored)).toBe('single');
  expect(negotiate(undefined, stored)).toBe('multipart');
  expect(() => negotiate('multipart/related; type="image/jp2"', stored)).toThrow(/JPEG-LS/);
  expect(() => negotiate('multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1', stored)).toThrow(/stored/);
  expect(parseAccept('a/b;q=0, c/d;q=0.5, e/f').map((r) => r.type)).toEqual(['e/f', 'c/d']);
});
