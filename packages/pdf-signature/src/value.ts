/** A PDF object as this package edits it. Numbers and strings keep their source text, so what is written back is what was read. @see ISO 32000-1 7.3 */
export type PdfValue =
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'ref'; readonly number: number; readonly generation: number }
  | { readonly kind: 'array'; readonly items: readonly PdfValue[] }
  | { readonly kind: 'dict'; readonly entries: PdfDict };

/** Keys are names without the slash, as written (with #xx escapes). */
export type PdfDict = ReadonlyMap<string, PdfValue>;
export type PdfRef = Extract<PdfValue, { kind: 'ref' }>;

export const token = (text: string): PdfValue => ({ kind: 'token', text });
export const name = (name: string): PdfValue => ({ kind: 'name', name });
export const ref = (number: number, generation = 0): PdfRef => ({ kind: 'ref', number, generation });
export const array = (items: readonly PdfValue[]): PdfValue => ({ kind: 'array', items });
export const dict = (entries: Iterable<readonly [string, PdfValue]>): PdfValue => ({ kind: 'dict', entries: new Map(entries) });

/** Text as a hexadecimal string object in UTF-16BE with byte-order mark, which any text string may be. @see ISO 32000-1 7.9.2.2 */
export const textString = (text: string): PdfValue =>
  token(`<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`);

/** A date string in UTC. @see ISO 32000-1 7.9.4 */
export const dateString = (at: Date): PdfValue => token(`(D:${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}+00'00')`);

/** The value in PDF syntax. */
export function write(value: PdfValue): string {
  switch (value.kind) {
    case 'token': return value.text;
    case 'name': return `/${value.name}`;
    case 'ref': return `${value.number} ${value.generation} R`;
    case 'array': return `[${value.items.map(write).join(' ')}]`;
    case 'dict': return `<<${[...value.entries].map(([key, item]) => `/${key} ${write(item)}`).join('\n')}>>`;
  }
}
