import { PdfSignatureError } from './errors.ts';
import type { PdfValue } from './value.ts';

/** Where a parser stands: the document as Latin-1 text (one character a byte) and the next offset. */
export interface Cursor { readonly text: string; at: number }

const maxDepth = 64;
const space = new Set(['\0', '\t', '\n', '\f', '\r', ' ']);
const delimiter = new Set(['(', ')', '<', '>', '[', ']', '{', '}', '/', '%']);

/**
 * Reads one object and leaves the cursor behind it.
 * @throws PdfSignatureError `syntax` with the offset of what was not understood.
 * @see ISO 32000-1 7.2, 7.3
 */
export function parseValue(cursor: Cursor, depth = 0): PdfValue {
  if (depth > maxDepth) throw new PdfSignatureError('syntax', 'Objects are nested too deeply', cursor.at);
  skipSpace(cursor);
  const { text, at } = cursor;
  switch (text[at]) {
    case '/': cursor.at += 1; return { kind: 'name', name: regular(cursor, true) };
    case '(': return { kind: 'token', text: literalString(cursor) };
    case '[': return { kind: 'array', items: arrayItems(cursor, depth) };
    case '<': return text[at + 1] === '<' ? { kind: 'dict', entries: dictEntries(cursor, depth) } : { kind: 'token', text: hexString(cursor) };
    default: return numberOrReference(cursor);
  }
}

/** Expects `keyword` as the next token. */
export function expectKeyword(cursor: Cursor, keyword: string): void {
  skipSpace(cursor);
  if (!cursor.text.startsWith(keyword, cursor.at)) throw new PdfSignatureError('syntax', `Expected ${keyword}`, cursor.at);
  cursor.at += keyword.length;
}

export function parseInteger(cursor: Cursor): number {
  skipSpace(cursor);
  const at = cursor.at;
  const digits = regular(cursor, false);
  if (!/^\d{1,10}$/.test(digits)) throw new PdfSignatureError('syntax', 'Expected a whole number', at);
  return Number(digits);
}

export function skipSpace(cursor: Cursor): void {
  for (;;) {
    const c = cursor.text[cursor.at];
    if (c === undefined) return;
    if (space.has(c)) { cursor.at += 1; continue; }
    if (c !== '%') return;
    while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '\n' && cursor.text[cursor.at] !== '\r') cursor.at += 1;
  }
}

function regular(cursor: Cursor, mayBeEmpty: boolean): string {
  const start = cursor.at;
  for (;;) {
    const c = cursor.text[cursor.at];
    if (c === undefined || space.has(c) || delimiter.has(c)) break;
    cursor.at += 1;
  }
  if (cursor.at === start && !mayBeEmpty) throw new PdfSignatureError('syntax', 'Expected an object', start);
  return cursor.text.slice(start, cursor.at);
}

function numberOrReference(cursor: Cursor): PdfValue {
  const at = cursor.at;
  const first = regular(cursor, false);
  if (/^\d{1,10}$/.test(first)) {
    const reference = /^[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/.exec(cursor.text.slice(cursor.at, cursor.at + 32));
    if (reference) {
      cursor.at += reference[0].length;
      return { kind: 'ref', number: Number(first), generation: Number(reference[1]) };
    }
  }
  if (!/^([+-]?(\d+\.?\d*|\.\d+)|true|false|null)$/.test(first)) throw new PdfSignatureError('syntax', 'Expected an object', at);
  return { kind: 'token', text: first };
}

function literalString(cursor: Cursor): string {
  const start = cursor.at;
  let open = 0;
  for (; cursor.at < cursor.text.length; cursor.at += 1) {
    const c = cursor.text[cursor.at];
    if (c === '\\') cursor.at += 1;
    else if (c === '(') open += 1;
    else if (c === ')') {
      open -= 1;
      if (open === 0) {
        cursor.at += 1;
        return cursor.text.slice(start, cursor.at);
      }
    }
  }
  throw new PdfSignatureError('syntax', 'A string does not end', start);
}

function hexString(cursor: Cursor): string {
  const start = cursor.at;
  const end = cursor.text.indexOf('>', start);
  const source = end < 0 ? '' : cursor.text.slice(start, end + 1);
  if (!/^<[0-9A-Fa-f\0\t\n\f\r ]*>$/.test(source)) throw new PdfSignatureError('syntax', 'A hexadecimal string is malformed', start);
  cursor.at = end + 1;
  return source;
}

function arrayItems(cursor: Cursor, depth: number): PdfValue[] {
  const start = cursor.at;
  cursor.at += 1;
  const items: PdfValue[] = [];
  for (;;) {
    skipSpace(cursor);
    if (cursor.at >= cursor.text.length) throw new PdfSignatureError('syntax', 'An array does not end', start);
    if (cursor.text[cursor.at] === ']') { cursor.at += 1; return items; }
    items.push(parseValue(cursor, depth + 1));
  }
}

function dictEntries(cursor: Cursor, depth: number): Map<string, PdfValue> {
  const start = cursor.at;
  cursor.at += 2;
  const entries = new Map<string, PdfValue>();
  for (;;) {
    skipSpace(cursor);
    if (cursor.text.startsWith('>>', cursor.at)) { cursor.at += 2; return entries; }
    if (cursor.text[cursor.at] !== '/') throw new PdfSignatureError('syntax', cursor.at >= cursor.text.length ? 'A dictionary does not end' : 'Expected a key', cursor.at >= cursor.text.length ? start : cursor.at);
    cursor.at += 1;
    const key = regular(cursor, false);
    entries.set(key, parseValue(cursor, depth + 1));
  }
}
