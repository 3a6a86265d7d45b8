import { conflict, forbidden, notFound, preconditionFailed, type Sql } from '../../../kernel/index.ts';
import { parameters, patientsKnown, visible, writable, type Access } from '../access.ts';
import type { WriteOptions, WriteResult } from '../contract.ts';
import { betweenVersionAndInstant } from '../text/content.ts';
import { auditInsert, changedEvent } from './create.ts';
import type { Row } from './row.ts';
import { clinicalDate, clinicalInsert, hasClinical, hasOrdered, indexColumns, orderedInsert } from './row-parts.ts';
import { historyTable, table } from './schema.ts';
import type { Store } from './store.ts';

interface Judged { ok: boolean; version: number | null; deleted: boolean | null; in_case: boolean | null; may: boolean | null; new_version: number | null; new_at: Date | null; content: string | null }
const keep = 'id, version, last_updated, txid, content, deleted, owner, patient, case_id, released';

/** Says why a change did not happen. `undefined` when there is no such row (for this actor). */
function judge(found: Judged, access: Access, ifMatch: number | undefined): 'absent' | 'done' {
  if (!found.ok) throw forbidden('patient-not-visible', 'The resource names a patient that you may not see.');
  if (found.version === null) return 'absent';
  if (found.new_version !== null) return 'done';
  if (found.in_case && !access.engine && access.ctx.actor.role !== 'system') throw forbidden('use-an-operation', 'The resource belongs to a case: use the operations of the case.');
  if (!found.may) throw forbidden('not-permitted', 'You may not change this resource.');
  if (ifMatch !== undefined) throw preconditionFailed('version-moved', `Version ${ifMatch} is not the current one (${found.version}): read it again.`, { details: { currentVersion: found.version } });
  throw conflict('changed-meanwhile', 'The resource was changed meanwhile: read it again.');
}

/** Rows that the actor sees, may change, and whose version is the expected one, locked. */
function lockOf(access: Access, type: string, at: Date, ifMatch: number | undefined, p: ReturnType<typeof parameters>): string {
  const trusted = access.engine || access.ctx.actor.role === 'system';
  return `
    old as (select t.* from ${table(type)} t where t.id = $1::text and ${visible(access, type, 't', p)} for update),
    judged as (select old.id, ${writable(access, type, 'old', p)} as may, ${trusted ? 'true' : '(old.case_id is null)'} as plain,
      ${ifMatch === undefined ? 'true' : `(old.version = ${p.add(ifMatch)}::int and not old.deleted)`} as matches from old),
    allowed as (select old.*, greatest(${p.add(at)}::timestamptz, old.last_updated + interval '1 ms') as new_at from old join judged j on j.id = old.id, guard where guard.ok and j.may and j.plain and j.matches)`;
}
const answer = `select guard.ok, old.version, old.deleted, old.case_id is not null as in_case, judged.may, r.version as new_version, r.last_updated as new_at, r.content
  from guard left join old on true left join judged on true left join r on true`;

/** Replaces a row; the version before goes into the history, in the same statement. `undefined` when there is no such row. */
export async function updateRow(store: Store, sql: Sql, access: Access, row: Row, options: WriteOptions): Promise<WriteResult | undefined> {
  const p = parameters(row.id);
  const columns = indexColumns(row.plan, row.index, p);
  const trusted = access.engine || access.ctx.actor.role === 'system';
  const sets = columns.names.map((name, i) => `${name} = ${columns.values[i]}`).join(', ');
  const facts = trusted ? `${options.owner === undefined ? '' : `, owner = ${p.add(options.owner)}::text`}${options.caseId === undefined ? '' : `, case_id = ${p.add(options.caseId)}::text`}` : '';
  const text = `
    with guard as (select ${patientsKnown(access, trusted ? '' : p.add(row.patients), p)} as ok), ${lockOf(access, row.type, row.at, options.ifMatch, p)},
    h as (insert into ${historyTable(row.type)} (${keep}) select ${keep} from allowed),
    r as (update ${table(row.type)} t set version = allowed.version + 1, last_updated = allowed.new_at, txid = pg_current_xact_id(), deleted = false,
      content = ${p.add(row.content.before)}::text || (allowed.version + 1)::text || '${betweenVersionAndInstant}' || to_char(allowed.new_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ${p.add(row.content.after)}::text, patient = ${p.add(row.index.patient)}::text,
      released = ${p.add(row.released)}::boolean, conf = ${p.add(row.conf)}::smallint, ${sets}${facts}
      from allowed where t.id = allowed.id returning t.version, t.last_updated, t.content, t.owner, t.patient, t.case_id)
    ${hasClinical(row.plan) ? `, cd as (delete from fhir.clinical d using allowed where d.type = ${row.plan.number} and d.id = allowed.id
        and not (d.patient = ${p.add(row.index.patient)}::text and d.code = any(${p.add(row.index.codes)}::bigint[]) and d.date = ${p.add(clinicalDate(row.plan, row.index))}::float8))
      , c as (${clinicalInsert(row.plan, row.index, '$1', 'r', p)})` : ''}
    ${hasOrdered(row.plan) ? `, od as (delete from fhir.ordered d using allowed where d.type = ${row.plan.number} and d.id = allowed.id), o as (${orderedInsert(row.plan, row.index, '$1', 'r', p)})` : ''}
    , e as (${changedEvent(row, 'x.version', 'update', 'r', p)})
    , a as (${auditInsert(access, row, 'U', 'update', 'r', p)})
    ${answer}`;
  const { rows } = await sql.query<Judged>(store.prepared(text, p.values));
  const found = rows[0]!;
  if (judge(found, access, options.ifMatch) === 'absent') return undefined;
  return { type: row.type, id: row.id, version: found.new_version!, lastUpdated: found.new_at!, text: found.content!, deleted: false, outcome: found.deleted ? 'created' : 'updated' };
}

/** Deletes a row: a tombstone stays, the content goes into the history. Deleting what is deleted is no change. */
export async function removeRow(store: Store, sql: Sql, access: Access, type: string, id: string, options: WriteOptions): Promise<WriteResult> {
  const p = parameters(id);
  const plan = store.plan(type);
  const at = access.ctx.clock.now();
  const columns = [...plan.params.values()].flatMap((x) => (x.storage === 'column' ? [`"${x.column}_lo" = null`, `"${x.column}_hi" = null`] : []));
  const row = { type, id };
  const text = `
    with guard as (select true as ok), ${lockOf(access, type, at, options.ifMatch, p)},
    gone as (select * from allowed where not deleted),
    h as (insert into ${historyTable(type)} (${keep}) select ${keep} from gone),
    r as (update ${table(type)} t set version = gone.version + 1, last_updated = gone.new_at, txid = pg_current_xact_id(), deleted = true, content = '', tok = null, strs = null
      ${columns.map((c) => `, ${c}`).join('')} from gone where t.id = gone.id returning t.version, t.last_updated, t.content, t.owner, t.patient, t.case_id)
    ${hasClinical(plan) ? `, cd as (delete from fhir.clinical d using gone where d.type = ${plan.number} and d.id = gone.id)` : ''}
    ${hasOrdered(plan) ? `, od as (delete from fhir.ordered d using gone where d.type = ${plan.number} and d.id = gone.id)` : ''}
    , e as (${changedEvent(row, 'x.version', 'delete', 'r', p)})
    , a as (${auditInsert(access, row, 'D', 'delete', 'r', p)})
    ${answer}`;
  const { rows } = await sql.query<Judged>(store.prepared(text, p.values));
  const found = rows[0]!;
  const result = (version: number, outcome: 'deleted' | 'unchanged'): WriteResult => ({ type, id, version, lastUpdated: found.new_at ?? at, text: '', deleted: true, outcome });
  if (found.version !== null && found.deleted && found.may) return result(found.version, 'unchanged');
  if (judge(found, access, options.ifMatch) === 'absent') throw notFound('not-found', 'There is no such resource.', { details: { at: type } });
  return result(found.new_version!, 'deleted');
}
