import { createHash } from 'node:crypto';
import type { PdfDocument } from './document.ts';
import { token, write, type PdfValue } from './value.ts';

/** Source text of an object body by object number: what an update adds or replaces. */
export type ChangedObjects = ReadonlyMap<number, string>;

/** Bytes of the update and where in the whole document each changed object begins. */
export interface Update { readonly bytes: Uint8Array; readonly offsets: ReadonlyMap<number, number> }

/**
 * Appends changed objects to a document without touching a byte of it, which is what keeps earlier signatures valid.
 * @param size one more than the highest object number after the update.
 * @see ISO 32000-1 7.5.6
 */
export function appendUpdate(document: PdfDocument, changed: ChangedObjects, size: number): Update {
  const separator = document.bytes.at(-1) === 0x0a ? '' : '\n';
  let text = separator;
  const offsets = new Map<number, number>();
  const numbers = [...changed.keys()].sort((a, b) => a - b);
  for (const number of numbers) {
    offsets.set(number, document.bytes.length + text.length);
    text += `${number} 0 obj\n${changed.get(number)}\nendobj\n`;
  }
  const startXref = document.bytes.length + text.length;
  text += 'xref\n';
  for (const number of numbers) text += `${number} 1\n${String(offsets.get(number)).padStart(10, '0')} 00000 n \n`;
  text += `trailer\n${write(trailer(document, text, size))}\nstartxref\n${startXref}\n%%EOF\n`;
  return { bytes: Buffer.concat([document.bytes, Buffer.from(text, 'latin1')]), offsets };
}

function trailer(document: PdfDocument, update: string, size: number): PdfValue {
  const kept = [...document.trailer].filter(([key]) => key === 'Root' || key === 'Info');
  const entries = new Map<string, PdfValue>([['Size', token(String(size))], ...kept, ['Prev', token(String(document.startXref))]]);
  const changing = token(`<${createHash('sha256').update(update, 'latin1').digest('hex').slice(0, 32)}>`);
  const id = document.trailer.get('ID');
  const permanent = id?.kind === 'array' ? id.items[0] : undefined;
  entries.set('ID', { kind: 'array', items: [permanent ?? changing, changing] });
  return { kind: 'dict', entries };
}
