import { randomBytes } from 'node:crypto';
import type { Branded } from '../../kernel/index.ts';

/** Sixteen characters of Crockford's base 32 (80 random bits) in four groups: `K7QM-3XV8-ZT5R-0W2N`. */
export type DocumentCode = Branded<'DocumentCode'>;

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = (characters: string): DocumentCode => (characters.match(/.{4}/g) ?? []).join('-') as DocumentCode;

/** A new unguessable code; the document is printed with it before its hash is known. */
export const newDocumentCode = (): DocumentCode =>
  groups(Array.from(randomBytes(16), (byte) => alphabet[byte & 31]!).join(''));

/**
 * Reads a code as people type it: lower case, without or with other separators, O for 0, I and L for 1.
 * @returns undefined when it can be no code.
 * @see Crockford base 32
 */
export function readDocumentCode(typed: string): DocumentCode | undefined {
  if (typed.length > 64) return undefined;
  const characters = typed.toUpperCase().replace(/[\s\-–—_.]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(characters) ? groups(characters) : undefined;
}
