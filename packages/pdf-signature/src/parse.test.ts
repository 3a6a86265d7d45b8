import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDocument } from './document.ts';
import { PdfSignatureError, readSignatures } from './index.ts';
import { parseValue } from './parse.ts';
import { errorOf, testPdf } from './testing.ts';
import { write } from './value.ts';

test('what is written back means what was read, with strings, escapes and numbers untouched', () => {
  const source = '<< /A (a \\) (nested) \\\\) /B [1 0 R -1.50 .5 true null <FEFF 00 41>] % comment\n/C#20D << /E /F >> /G 12 /H 3 0 R>>';
  expect(write(parseValue({ text: source, at: 0 }))).toBe('<</A (a \\) (nested) \\\\)\n/B [1 0 R -1.50 .5 true null <FEFF 00 41>]\n/C#20D <</E /F>>\n/G 12\n/H 3 0 R>>');
});

test('arbitrary text is parsed or refused with an offset, and never hangs', () => {
  const pieces = fc.constantFrom('<<', '>>', '[', ']', '(', ')', '/N', '1 0 R', '12', '<', '>', '\\', ' ', '%', 'obj', '\u0000', 'R');
  fc.assert(fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
    const error = errorOf(() => parseValue({ text: parts.join(''), at: 0 }));
    expect(error === undefined || (error instanceof PdfSignatureError && typeof error.offset === 'number')).toBe(true);
  }), { numRuns: 2000 });
});

test('a document cut short or with changed bytes is read or refused with a typed error', async () => {
  const pdf = await testPdf();
  fc.assert(fc.property(fc.nat(pdf.length), fc.array(fc.tuple(fc.nat(pdf.length - 1), fc.nat(255)), { maxLength: 8 }), (length, changes) => {
    const altered = Buffer.from(pdf.subarray(0, changes.length === 0 ? length : pdf.length));
    for (const [at, byte] of changes) altered[at] = byte;
    const error = errorOf(() => readSignatures(altered));
    expect(error === undefined || error instanceof PdfSignatureError).toBe(true);
  }), { numRuns: 500 });
});

test('sections that point at each other end in an error', () => {
  const text = '%PDF-1.7\nxref\n0 0\ntrailer <</Size 1 /Prev 9>>\nstartxref\n9\n%%EOF';
  expect(() => openDocument(Buffer.from(text))).toThrowError(/revisions/);
});
