import { invalid, notFound } from '../../kernel/index.ts';
import { demandScope, parameters, visible } from './access.ts';
import { foundOf, type Found, type Line } from './store/read.ts';
import { demandType, isId } from './store/row.ts';
import { historyTable, table } from './store/schema.ts';
import type { Searching } from './search/filter.ts';

interface HistoryLine extends Line { txid: string }
export interface HistoryPage { readonly rows: readonly Found[]; readonly text: string }
const columns = 'id, version, last_updated, content, deleted, patient, case_id, txid';

/** Versions of a resource or of a type, newest first, each judged by its own facts. Pages by `_cursor`. */
export async function history(s: Searching, at: { type?: string; id?: string }, text: string): Promise<HistoryPage> {
  if (at.type === undefined) throw invalid('history-system', 'The history of the whole system is not served: ask for a type.');
  const { type, id } = at;
  demandType(s.store, type);
  demandScope(s.access, type, id === undefined ? 'search' : 'read');
  if (id !== undefined && !isId(id)) throw notFound('not-found', 'There is no such resource.');
  const query = new URLSearchParams(text);
  const count = wholeOf(query, '_count', 50, 1000);
  const since = query.get('_since');
  const cursor = /^(\d{1,16})\.(\d{1,10})\.([A-Za-z0-9.-]{1,64})$/.exec(query.get('_cursor') ?? '');
  if (query.has('_cursor') && !cursor) throw invalid('search-cursor', 'The page link is not valid.', { details: { at: '_cursor' } });
  if (since !== null && Number.isNaN(Date.parse(since))) throw invalid('search-date', 'Not an instant.', { details: { at: '_since' } });
  const p = parameters();
  const part = (from: string): string => {
    const where = [visible(s.access, type, 'x', p)];
    if (id !== undefined) where.push(`x.id = ${p.add(id)}::text`);
    if (since !== null) where.push(`x.last_updated >= ${p.add(new Date(since))}::timestamptz`);
    if (cursor) where.push(`(x.last_updated, x.version, x.id) < (${p.add(new Date(Number(cursor[1])))}::timestamptz, ${p.add(Number(cursor[2]))}::int, ${p.add(cursor[3])}::text)`);
    return `(select ${columns} from ${from} x where ${where.join(' and ')} order by last_updated desc, version desc, id desc limit ${count + 1})`;
  };
  const { rows } = await s.sql.query<HistoryLine>(`select * from (${part(table(type))} union all ${part(historyTable(type))}) v order by last_updated desc, version desc, id desc limit ${count + 1}`, p.values);
  if (rows.length === 0 && id !== undefined && !cursor && since === null) throw notFound('not-found', 'There is no such resource.', { details: { at: type } });
  const page = rows.slice(0, count);
  const last = rows.length > count ? page.at(-1) : undefined;
  return { rows: page.map((r) => foundOf(type, r)), text: bundle(s.store.baseUrl(), at, query, page.map((r) => foundOf(type, r)), last) };
}

function wholeOf(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid('search-parameter', `${name} must be a whole number above 0.`, { details: { at: name } });
  return Math.min(Number(text), most);
}

function bundle(baseUrl: string, at: { type?: string; id?: string }, query: URLSearchParams, rows: readonly Found[], last: HistoryLine | undefined): string {
  const address = `${baseUrl}/${[at.type, at.id, '_history'].filter(Boolean).join('/')}`;
  const link = (relation: string, q: URLSearchParams): string => `{"relation":"${relation}","url":${JSON.stringify(`${address}${q.size > 0 ? `?${q.toString()}` : ''}`)}}`;
  const next = new URLSearchParams(query);
  if (last) next.set('_cursor', `${last.last_updated.getTime()}.${last.version}.${last.id}`);
  const entries = rows.map((f) => {
    const method = f.deleted ? 'DELETE' : f.version === 1 ? 'POST' : 'PUT';
    const request = `"request":{"method":"${method}","url":"${method === 'POST' ? f.type : `${f.type}/${f.id}`}"}`;
    const response = `"response":{"status":"${f.deleted ? '204' : f.version === 1 ? '201' : '200'}","etag":"W/\\"${f.version}\\"","lastModified":"${f.lastUpdated.toISOString()}"}`;
    return `{"fullUrl":${JSON.stringify(`${baseUrl}/${f.type}/${f.id}`)}${f.deleted ? '' : `,"resource":${f.text}`},${request},${response}}`;
  });
  return `{"resourceType":"Bundle","type":"history","link":[${[link('self', query), ...(last ? [link('next', next)] : [])].join(',')}]${entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`}}`;
}
