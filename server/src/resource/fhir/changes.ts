import type { Sql } from '../../kernel/index.ts';
import { scopeAllows, type RequestContext } from '../../security/policy/index.ts';
import type { OpenFhirRepository } from './repository.ts';
import { parseQuery } from './search/query.ts';
import { runSearch } from './search/run.ts';

/** Place in the change log: transaction, then sequence. Both only grow. */
export interface Position { readonly txid: bigint; readonly seq: bigint }
export interface Change { readonly at: Date; readonly position: Position; readonly type: string; readonly id: string }

export const isAfter = (a: Position, b: Position): boolean => a.txid > b.txid || (a.txid === b.txid && a.seq > b.seq);

/** Changes after a position, in an order in which none that commits late is skipped. */
export async function changesAfter(sql: Sql, position: Position, limit = 500): Promise<Change[]> {
  const { rows } = await sql.query<{ txid: string; seq: string; at: Date; subject: string }>({
    name: 'fhir-changes', text: `select txid::text, seq::text, at, subject from bedside.outbox
      where (txid, seq) > ($1::xid8, $2::bigint) and txid < pg_snapshot_xmin(pg_current_snapshot()) and topic = 'fhir.changed' order by txid, seq limit $3`,
    values: [position.txid.toString(), position.seq.toString(), limit],
  });
  return rows.map((r) => {
    const [type = '', id = ''] = r.subject.split('/');
    return { at: r.at, position: { txid: BigInt(r.txid), seq: BigInt(r.seq) }, type, id };
  });
}

/** Where the log ends now: what commits from here on comes after it. */
export async function endOfChanges(sql: Sql): Promise<Position> {
  const { rows } = await sql.query<{ txid: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as txid');
  return { txid: BigInt(rows[0]!.txid) - 1n, seq: 9_223_372_036_854_775_807n };
}

/** Those of the resources that the actor may see now and that fit the filter. Ids alone are learned, so no trace is written. */
export async function visibleAmong(repository: OpenFhirRepository, ctx: RequestContext, type: string, ids: readonly string[], filter: string): Promise<Set<string>> {
  const { store } = repository;
  if (!store.model.resources.includes(type) || !scopeAllows(ctx.actor.scopes, type, 'read')) return new Set();
  const query = parseQuery((name) => (store.model.resources.includes(name) ? store.plan(name) : undefined), type, `${filter}${filter === '' ? '' : '&'}_id=${ids.join(',')}&_count=1000`);
  const page = await runSearch({ store, sql: store.db, access: { ctx, engine: false } }, query);
  return new Set(page.rows.map((r) => r.id));
}

/** Says whether a filter can be understood. @throws invalid that names what is wrong. */
export function checkFilter(repository: OpenFhirRepository, type: string, filter: string): void {
  const { store } = repository;
  parseQuery((name) => (store.model.resources.includes(name) ? store.plan(name) : undefined), type, filter);
}
