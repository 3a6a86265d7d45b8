import { sqlState, unavailable } from '../../../kernel/index.ts';
import { parameters, visible, type Parameters } from '../access.ts';
import { hash64 } from '../params/hash.ts';
import { clinicalCodeParam, clinicalDateParam, tokenForms } from '../params/row.ts';
import type { TypePlan } from '../params/plan.ts';
import { columnsOf, foundOf, type Found, type Line } from '../store/read.ts';
import { table } from '../store/schema.ts';
import { condition, singlePatient, type Searching } from './filter.ts';
import { splitEscaped, unescape, type SearchQuery } from './query.ts';
import { after, openCursor, orderBy, sealCursor, sortKeys, type SortKey } from './sort.ts';

export interface Page { readonly rows: readonly Found[]; readonly next?: string; readonly total?: number }
const statementTimeoutMs = 10_000;

/** Codes asked for, when the search is "this patient, these codes" on a clinically hot type. */
function clinicalCodes(plan: TypePlan, query: SearchQuery): { patient: string; codes: string[] } | undefined {
  const codeParam = clinicalCodeParam[plan.type];
  if (codeParam === undefined) return undefined;
  const patient = query.filters.map((f) => singlePatient(plan, f)).find((id) => id !== undefined);
  const code = query.filters.find((f) => f.kind === 'value' && f.param.code === codeParam && f.modifier === undefined);
  if (patient === undefined || code?.kind !== 'value') return undefined;
  const codes = code.values.map((v) => unescape(splitEscaped(v, '|').at(-1)!));
  return codes.includes('') ? undefined : { patient, codes };
}

/** Whether few rows come into question from the start: those of one patient, or named ones. */
const isNarrow = (plan: TypePlan, query: SearchQuery): boolean =>
  query.filters.some((f) => singlePatient(plan, f) !== undefined || (f.kind === 'value' && f.param.code === '_id'));

interface Built { readonly text: string; readonly hot: boolean; readonly keys: readonly SortKey[] }

async function build(s: Searching, plan: TypePlan, query: SearchQuery, p: Parameters): Promise<Built> {
  const clinical = clinicalCodes(plan, query);
  const where = ['not t.deleted'];
  const hot = isNarrow(plan, query);
  p.narrow = hot;
  for (const filter of query.filters) where.push(await condition(s, plan, filter, 't', p));
  where.push(visible(s.access, plan.type, 't', p));
  let keys = sortKeys(plan, query, 't');
  let from = `${table(plan.type)} t`;
  if (clinical) {
    const hashes = clinical.codes.map((c) => hash64(tokenForms.clinical(c)));
    const byDate = query.sort.length === 1 && query.sort[0]!.descending && query.sort[0]!.param.code === clinicalDateParam[plan.type];
    const rows = `c.patient = ${p.add(clinical.patient)}::text and c.type = ${plan.number}`;
    if (byDate && hashes.length === 1) {
      // The narrow table is already in the order wanted: rows are fetched one by one until the page is full. "offset 0" keeps the
      // planner from taking the token index instead, which gets slower with every patient.
      from = `fhir.clinical c cross join lateral (select r.* from ${table(plan.type)} r where r.id = c.id offset 0) t`;
      where.push(`${rows} and c.code = ${p.add(hashes[0])}::bigint`);
      keys = [{ sql: 'c.date', cast: 'float8', descending: true, nullable: false }];
    } else where.push(`t.id in (select c.id from fhir.clinical c where ${rows} and c.code = any(${p.add(hashes)}::bigint[]))`);
  }
  const id = from.startsWith('fhir.clinical') ? 'c.id' : 't.id';
  if (query.cursor !== undefined) where.push(after(keys, id, openCursor(await s.store.cursorKey(), query, query.cursor, keys), p));
  const sorted = keys.map((k, i) => `(${k.sql})::text as sort_${i}`).join(', ');
  return {
    text: `select ${columnsOf('t')}, ${sorted} from ${from} where ${where.join(' and ')} order by ${orderBy(keys, id)} limit ${p.add(query.count + 1)}::int`,
    hot, keys,
  };
}

/** Runs a statement that may be expensive under a time limit of its own. */
async function guarded<R extends object>(s: Searching, text: string, values: unknown[], hot: boolean): Promise<R[]> {
  try {
    if (hot) return (await s.sql.query<R & Record<string, unknown>>(s.store.prepared(text, values))).rows;
    if (s.sql !== s.store.db) return (await s.sql.query<R & Record<string, unknown>>(text, values)).rows;
    return await s.store.db.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = ${statementTimeoutMs}`);
      return (await tx.query<R & Record<string, unknown>>(text, values)).rows;
    });
  } catch (cause) {
    if (sqlState(cause) === '57014') throw unavailable('search-too-costly', `The search took longer than ${statementTimeoutMs / 1000} s: narrow it.`, { cause, details: { retryAfterMs: 5_000 } });
    throw cause;
  }
}

/** One page of what the query finds and the actor may see. */
export async function runSearch(s: Searching, query: SearchQuery): Promise<Page> {
  const plan = s.store.plan(query.type);
  const total = query.total || query.summary === 'count' || query.count === 0 ? await countAll(s, plan, query) : undefined;
  if (query.summary === 'count' || query.count === 0) return { rows: [], ...(total === undefined ? {} : { total }) };
  const p = parameters();
  const built = await build(s, plan, query, p);
  const rows = await guarded<Line & Record<string, string | null>>(s, built.text, p.values, built.hot);
  const page = rows.slice(0, query.count);
  const last = rows.length > query.count ? page.at(-1) : undefined;
  const next = last && sealCursor(await s.store.cursorKey(), query, { values: built.keys.map((_, i) => last[`sort_${i}`] ?? null), id: last.id });
  return { rows: page.map((r) => foundOf(query.type, r)), ...(next === undefined ? {} : { next }), ...(total === undefined ? {} : { total }) };
}

async function countAll(s: Searching, plan: TypePlan, query: SearchQuery): Promise<number> {
  const p = parameters();
  p.narrow = isNarrow(plan, query);
  const where = ['not t.deleted'];
  for (const filter of query.filters) where.push(await condition(s, plan, filter, 't', p));
  where.push(visible(s.access, plan.type, 't', p));
  const [row] = await guarded<{ n: number }>(s, `select count(*)::int as n from ${table(plan.type)} t where ${where.join(' and ')}`, p.values, false);
  return row!.n;
}
