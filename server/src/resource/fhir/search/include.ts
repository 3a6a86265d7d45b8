import { parameters, visible } from '../access.ts';
import { hash64 } from '../params/hash.ts';
import { tokenForms } from '../params/row.ts';
import { referenceValue } from '../params/values.ts';
import { columnsOf, foundOf, type Found, type Line } from '../store/read.ts';
import { table } from '../store/schema.ts';
import { scopeAllows } from '../../../security/policy/index.ts';
import type { Searching } from './filter.ts';
import type { Include, SearchQuery } from './query.ts';

/** Most resources that are added to a page, and rounds of `:iterate`. */
export const includeLimits = { resources: 1000, rounds: 4 } as const;
const key = (f: { type: string; id: string }): string => `${f.type}/${f.id}`;

/** Resources that the matches point to, or that point to them, as far as the actor may see them. */
export async function included(s: Searching, query: SearchQuery, matches: readonly Found[]): Promise<Found[]> {
  const seen = new Set(matches.map(key));
  const all: Found[] = [];
  let fresh: readonly Found[] = matches;
  for (let round = 0; round < includeLimits.rounds && fresh.length > 0; round++) {
    const next: Found[] = [];
    const take = (found: readonly Found[]): void => {
      for (const f of found) if (!seen.has(key(f)) && all.length + next.length < includeLimits.resources) { seen.add(key(f)); next.push(f); }
    };
    const active = (i: Include): boolean => round === 0 || i.iterate;
    take(await forward(s, query.includes.filter(active), fresh, seen));
    for (const include of query.revincludes.filter(active)) take(await backward(s, include, fresh));
    all.push(...next);
    fresh = next;
  }
  return all;
}

const mayRead = (s: Searching, type: string): boolean => s.access.engine || scopeAllows(s.access.ctx.actor.scopes, type, 'read') || scopeAllows(s.access.ctx.actor.scopes, type, 'search');

async function forward(s: Searching, includes: readonly Include[], from: readonly Found[], seen: ReadonlySet<string>): Promise<Found[]> {
  const wanted = new Map<string, Set<string>>();
  for (const f of from) {
    const mine = includes.filter((i) => i.source === f.type);
    if (mine.length === 0) continue;
    const resource: unknown = JSON.parse(f.text);
    const plan = s.store.plan(f.type);
    for (const include of mine) {
      const params = include.param === '*' ? [...plan.params.values()].filter((p) => p.param.type === 'reference') : [plan.params.get(include.param)!];
      for (const source of params.flatMap((p) => p.sources)) {
        const values: unknown[] = [];
        source.get(resource, resource, values);
        for (const value of values) {
          const m = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(referenceValue(value).target ?? '');
          if (!m || seen.has(m[0]) || !s.store.model.resources.includes(m[1]!) || (include.target !== undefined && include.target !== m[1])) continue;
          const ids = wanted.get(m[1]!) ?? new Set();
          ids.add(m[2]!);
          wanted.set(m[1]!, ids);
        }
      }
    }
  }
  const found: Found[] = [];
  for (const [type, ids] of wanted) {
    if (!mayRead(s, type)) continue;
    const p = parameters([...ids].slice(0, includeLimits.resources));
    const { rows } = await s.sql.query<Line>(s.store.prepared(`select ${columnsOf('t')} from ${table(type)} t where t.id = any($1::text[]) and not t.deleted and ${visible(s.access, type, 't', p)}`, p.values));
    found.push(...rows.map((r) => foundOf(type, r)));
  }
  return found;
}

async function backward(s: Searching, include: Include, from: readonly Found[]): Promise<Found[]> {
  const plan = s.store.plan(include.source);
  const params = include.param === '*' ? [...plan.params.values()].filter((p) => p.param.type === 'reference' && p.storage === 'token') : [plan.params.get(include.param)!];
  const targets = from.filter((f) => include.target === undefined || f.type === include.target);
  if (targets.length === 0 || !mayRead(s, include.source)) return [];
  const hashes = targets.flatMap((f) => params.map((x) => hash64(tokenForms.target(x.code, key(f)))));
  const p = parameters(hashes);
  const { rows } = await s.sql.query<Line>(`select ${columnsOf('t')} from ${table(include.source)} t where t.tok && $1::bigint[] and not t.deleted and ${visible(s.access, include.source, 't', p)}
    order by t.last_updated desc, t.id limit ${includeLimits.resources}`, p.values);
  return rows.map((r) => foundOf(include.source, r));
}
