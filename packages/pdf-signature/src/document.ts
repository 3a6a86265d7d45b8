import { PdfSignatureError } from './errors.ts';
import { expectKeyword, parseInteger, parseValue, skipSpace, type Cursor } from './parse.ts';
import type { PdfDict, PdfRef, PdfValue } from './value.ts';

/** A document with classic cross-reference tables, as pdfkit writes them and as this package's own updates add to them. */
export interface PdfDocument {
  readonly bytes: Uint8Array;
  readonly trailer: PdfDict;
  /** Offset of the newest cross-reference section. */
  readonly startXref: number;
  /** One more than the highest object number. */
  readonly size: number;
  /** Follows references until a value that is none; an object that is not there is `null`, as ISO 32000-1 7.3.10 has it. */
  resolve(value: PdfValue | undefined): PdfValue;
  /** @throws PdfSignatureError `syntax` when it is no dictionary. `what` names it in the message. */
  dictionary(value: PdfValue | undefined, what: string): PdfDict;
}

const maxBytes = 256 << 20;
const maxRevisions = 64;
const maxObjects = 1_000_000;

/**
 * Reads what signing needs of a document: its cross-reference sections, trailer and, on demand, objects that are not streams.
 * @throws PdfSignatureError `syntax`, `unsupported` (encrypted, or cross-reference streams), `too-large` (over 256 MiB).
 * @see ISO 32000-1 7.5
 */
export function openDocument(bytes: Uint8Array): PdfDocument {
  if (bytes.length > maxBytes) throw new PdfSignatureError('too-large', `A document may have ${maxBytes} bytes at most`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!text.startsWith('%PDF-')) throw new PdfSignatureError('syntax', 'The document does not begin with %PDF-', 0);
  const startXref = lastXref(text);
  const offsets = new Map<number, { offset: number; generation: number }>();
  let trailer: PdfDict | undefined;
  let next: number | undefined = startXref;
  for (let revision = 0; next !== undefined; revision += 1) {
    if (revision >= maxRevisions) throw new PdfSignatureError('unsupported', `A document may have ${maxRevisions} revisions at most`);
    const section = readSection({ text, at: next }, offsets);
    trailer ??= section;
    const previous = section.get('Prev');
    next = previous === undefined ? undefined : wholeNumber(previous, 'Prev');
  }
  if (trailer === undefined || trailer.has('Encrypt')) throw new PdfSignatureError('unsupported', 'Encrypted documents are not signed');
  const size = wholeNumber(trailer.get('Size'), 'Size');

  const resolve = (value: PdfValue | undefined): PdfValue => {
    let current = value;
    for (let hops = 0; current?.kind === 'ref'; hops += 1) {
      if (hops > 32) throw new PdfSignatureError('syntax', 'References go in a circle');
      current = readObject(text, current, offsets.get(current.number));
    }
    return current ?? { kind: 'token', text: 'null' };
  };
  return {
    bytes, trailer, startXref, size, resolve,
    dictionary: (value, what) => {
      const found = resolve(value);
      if (found.kind !== 'dict') throw new PdfSignatureError('syntax', `${what} is not a dictionary`);
      return found.entries;
    },
  };
}

function lastXref(text: string): number {
  const at = text.lastIndexOf('startxref');
  if (at < 0) throw new PdfSignatureError('syntax', 'There is no startxref', text.length);
  return parseInteger({ text, at: at + 'startxref'.length });
}

function readSection(cursor: Cursor, offsets: Map<number, { offset: number; generation: number }>): PdfDict {
  skipSpace(cursor);
  if (/^\d/.test(cursor.text[cursor.at] ?? '')) throw new PdfSignatureError('unsupported', 'Cross-reference streams are not supported', cursor.at);
  expectKeyword(cursor, 'xref');
  for (;;) {
    skipSpace(cursor);
    if (cursor.text.startsWith('trailer', cursor.at)) break;
    const first = parseInteger(cursor);
    const count = parseInteger(cursor);
    for (let i = 0; i < count; i += 1) readEntry(cursor, first + i, offsets);
  }
  expectKeyword(cursor, 'trailer');
  const at = cursor.at;
  const trailer = parseValue(cursor);
  if (trailer.kind !== 'dict') throw new PdfSignatureError('syntax', 'The trailer is not a dictionary', at);
  return trailer.entries;
}

function readEntry(cursor: Cursor, number: number, offsets: Map<number, { offset: number; generation: number }>): void {
  if (number >= maxObjects) throw new PdfSignatureError('unsupported', `A document may have ${maxObjects} objects at most`, cursor.at);
  const offset = parseInteger(cursor);
  const generation = parseInteger(cursor);
  skipSpace(cursor);
  const kind = cursor.text[cursor.at];
  if (kind !== 'n' && kind !== 'f') throw new PdfSignatureError('syntax', 'A cross-reference entry is neither n nor f', cursor.at);
  cursor.at += 1;
  // Newer sections are read first: what they say stands.
  if (!offsets.has(number)) offsets.set(number, { offset: kind === 'n' ? offset : -1, generation });
}

function readObject(text: string, reference: PdfRef, entry: { offset: number; generation: number } | undefined): PdfValue | undefined {
  if (entry === undefined || entry.offset < 0 || entry.generation !== reference.generation) return undefined;
  const cursor: Cursor = { text, at: entry.offset };
  if (parseInteger(cursor) !== reference.number) throw new PdfSignatureError('syntax', `Object ${reference.number} is not where the table says`, entry.offset);
  parseInteger(cursor);
  expectKeyword(cursor, 'obj');
  return parseValue(cursor);
}

function wholeNumber(value: PdfValue | undefined, what: string): number {
  if (value?.kind !== 'token' || !/^\d{1,10}$/.test(value.text)) throw new PdfSignatureError('syntax', `${what} is not a whole number`);
  return Number(value.text);
}
