import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { invalid } from '../../../kernel/index.ts';
import type { Parameters } from '../access.ts';
import { hash32 } from '../params/hash.ts';
import type { TypePlan } from '../params/plan.ts';
import { sortLine } from '../store/schema.ts';
import type { SearchQuery } from './query.ts';

/** One key of an order: SQL, its type, direction. Rows without a value come last in either direction. */
export interface SortKey { readonly sql: string; readonly cast: 'float8' | 'text' | 'timestamptz'; readonly descending: boolean; readonly nullable: boolean }

export function sortKeys(plan: TypePlan, query: SearchQuery, alias: string): SortKey[] {
  const keys = query.sort.map(({ param, descending }): SortKey => {
    if (param.code === '_id') return { sql: `${alias}.id`, cast: 'text', descending, nullable: false };
    if (param.storage === 'meta') return { sql: `${alias}.last_updated`, cast: 'timestamptz', descending, nullable: false };
    if (param.storage === 'string') return { sql: sortLine(`${alias}.`, param.code), cast: 'text', descending, nullable: true };
    if (param.storage === 'column') return { sql: `${alias}."${param.column}_lo"`, cast: 'float8', descending, nullable: true };
    return { sql: `(select ${descending ? 'max' : 'min'}(so.lo) from fhir.ordered so where so.type = ${plan.number} and so.id = ${alias}.id and so.param = ${hash32(param.code)})`, cast: 'float8', descending, nullable: true };
  });
  return keys.length > 0 ? keys : [{ sql: `${alias}.last_updated`, cast: 'timestamptz', descending: true, nullable: false }];
}

const tieDescending = (keys: readonly SortKey[]): boolean => keys.at(-1)?.descending ?? false;
export const orderBy = (keys: readonly SortKey[], id: string): string =>
  [...keys.map((k) => `${k.sql} ${k.descending ? 'desc' : 'asc'}${k.nullable ? ' nulls last' : ''}`), `${id} ${tieDescending(keys) ? 'desc' : 'asc'}`].join(', ');

/** Position after which a page begins: the sort values and id of the last row shown. */
export interface Position { readonly values: readonly (string | null)[]; readonly id: string }

/** Rows after a position, whatever was inserted or removed meanwhile. */
export function after(keys: readonly SortKey[], id: string, position: Position, p: Parameters): string {
  const step = (i: number): string => {
    const key = keys[i];
    if (!key) return `${id} ${tieDescending(keys) ? '<' : '>'} ${p.add(position.id)}::text`;
    const value = position.values[i] ?? null;
    if (value === null) return `(${key.sql} is null and ${step(i + 1)})`;
    const at = `${p.add(value)}::${key.cast}`;
    const beyond = `${key.sql} ${key.descending ? '<' : '>'} ${at}${key.nullable ? ` or ${key.sql} is null` : ''}`;
    return `(${beyond} or (${key.sql} = ${at} and ${step(i + 1)}))`;
  };
  return step(0);
}

const digest = (query: SearchQuery): string => createHash('sha256').update(`${query.type}?${query.self}`).digest('base64url').slice(0, 16);

/** A position as an opaque text: encrypted, since a sort value may be a name and URLs end up in logs; bound to its query. */
export function sealCursor(key: Buffer, query: SearchQuery, position: Position): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(digest(query)));
  const body = Buffer.concat([cipher.update(JSON.stringify([...position.values, position.id]), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

/** @throws invalid `search-cursor` for anything that was not made for this very query. */
export function openCursor(key: Buffer, query: SearchQuery, text: string, keys: readonly SortKey[]): Position {
  try {
    const bytes = Buffer.from(text.slice(0, 4096), 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(digest(query)));
    decipher.setAuthTag(bytes.subarray(12, 28));
    const list = JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as (string | null)[];
    if (list.length !== keys.length + 1) throw new Error('length');
    return { values: list.slice(0, -1), id: list.at(-1) ?? '' };
  } catch (cause) {
    throw invalid('search-cursor', 'The page link does not belong to this search: start it again.', { cause, details: { at: '_cursor' } });
  }
}
