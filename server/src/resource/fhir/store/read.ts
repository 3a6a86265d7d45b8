import { gone, notFound, type Sql } from '../../../kernel/index.ts';
import { parameters, visible, type Access } from '../access.ts';
import type { StoredResource } from '../contract.ts';
import { isId } from './row.ts';
import { historyTable, table } from './schema.ts';
import type { Store } from './store.ts';

/** A stored row and the facts that the audit trail wants. */
export interface Found extends StoredResource { readonly patient: string | null; readonly caseId: string | null }
interface Line { id: string; version: number; last_updated: Date; content: string; deleted: boolean; patient: string | null; case_id: string | null }

export const columnsOf = (alias: string): string => ['id', 'version', 'last_updated', 'content', 'deleted', 'patient', 'case_id'].map((c) => `${alias}.${c}`).join(', ');
export const foundOf = (type: string, r: Line): Found => ({ type, id: r.id, version: r.version, lastUpdated: r.last_updated, text: r.content, deleted: r.deleted, patient: r.patient, caseId: r.case_id });
export type { Line };

const absent = (type: string): never => { throw notFound('not-found', 'There is no such resource.', { details: { at: type } }); };

/** The current version, if the actor may see it. Undefined otherwise; a tombstone is returned as such. */
export async function findRow(store: Store, sql: Sql, access: Access, type: string, id: string, lock = false): Promise<Found | undefined> {
  if (!isId(id)) return undefined;
  const p = parameters(id);
  const text = `select ${columnsOf('t')} from ${table(type)} t where t.id = $1::text and ${visible(access, type, 't', p)}${lock ? ' for update of t' : ''}`;
  const { rows } = await sql.query<Line>(store.prepared(text, p.values));
  return rows[0] && foundOf(type, rows[0]);
}

/** @throws not-found when there is none or the actor may not see it; gone when it was deleted. */
export async function readRow(store: Store, sql: Sql, access: Access, type: string, id: string, lock = false): Promise<Found> {
  const found = await findRow(store, sql, access, type, id, lock) ?? absent(type);
  if (found.deleted) throw gone('deleted', 'The resource was deleted.', { details: { at: type, version: found.version } });
  return found;
}

/** One version. Each version is judged by its own facts: a draft stays hidden after the final one is out. */
export async function readVersion(store: Store, sql: Sql, access: Access, type: string, id: string, version: number): Promise<Found> {
  if (!isId(id) || !Number.isInteger(version) || version < 1 || version > 2_147_483_647) return absent(type);
  const p = parameters(id, version);
  const text = `select * from (
      select ${columnsOf('t')} from ${table(type)} t where t.id = $1::text and t.version = $2::int and ${visible(access, type, 't', p)}
      union all select ${columnsOf('h')} from ${historyTable(type)} h where h.id = $1::text and h.version = $2::int and ${visible(access, type, 'h', p)}) v limit 1`;
  const { rows } = await sql.query<Line>(store.prepared(text, p.values));
  if (!rows[0]) return absent(type);
  if (rows[0].deleted) throw gone('deleted', 'This version is a deletion.', { details: { at: type, version } });
  return foundOf(type, rows[0]);
}
