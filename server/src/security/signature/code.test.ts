import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDocumentCode, readDocumentCode } from './code.ts';

test('a code has four groups of four characters that are hard to mistake, and no two are the same', () => {
  const codes = Array.from({ length: 2_000 }, newDocumentCode);
  expect(new Set(codes).size).toBe(2_000);
  expect(codes.every((code) => /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/.test(code))).toBe(true);
  expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32);
});

test('a code is read as people type it', () => {
  const code = newDocumentCode();
  expect(readDocumentCode(` ${code.toLowerCase().replaceAll('-', ' ')} `)).toBe(code);
  expect(readDocumentCode('oil0-0000-0000-0000')).toBe('0110-0000-0000-0000');
});

test('anything else is no code', () => {
  expect(['', 'ABCD', 'UUUU-UUUU-UUUU-UUUU', `${newDocumentCode()}0`].map(readDocumentCode)).toEqual([undefined, undefined, undefined, undefined]);
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (typed) => {
    const code = readDocumentCode(typed);
    expect(code === undefined || readDocumentCode(code) === code).toBe(true);
  }));
});
