import { conflict, forbidden, type Sql } from '../../../kernel/index.ts';
import { accountOwner, parameters, patientsKnown, type Access, type Parameters } from '../access.ts';
import { classOf } from '../../../security/policy/index.ts';
import { auditColumns, auditTypes, auditValues, type AuditAction } from '../audit/event.ts';
import type { WriteOptions, WriteResult } from '../contract.ts';
import { wholeText } from '../text/content.ts';
import { ownerHint } from './release.ts';
import type { Row } from './row.ts';
import { clinicalInsert, hasClinical, hasOrdered, indexColumns, orderedInsert } from './row-parts.ts';
import { table } from './schema.ts';
import type { Store } from './store.ts';

/** Owner of a new row: what the engine says, the writer's institution, or that of what the row hangs on. */
function ownerOf(access: Access, row: Row, options: WriteOptions, p: Parameters): string {
  const { actor } = access.ctx;
  const trusted = access.engine || actor.role === 'system';
  if (classOf(row.type) === 'personal' && !trusted) return `${p.add(accountOwner(actor))}::text`;
  const own = (trusted ? options.owner : undefined) ?? actor.institution;
  if (own !== undefined) return `${p.add(own)}::text`;
  const hint = ownerHint(row.resource as unknown as Readonly<Record<string, unknown>>);
  const ways = [
    ...(hint ? [`(select o.owner from ${table(hint.type)} o where o.id = ${p.add(hint.id)}::text)`, ...(hint.type === 'Organization' ? [`${p.add(hint.id)}::text`] : [])] : []),
    `(select o.owner from fhir."Patient" o where o.id = ${p.add(row.index.patient)}::text)`,
  ];
  return `coalesce(${ways.join(', ')})`;
}

interface Named { readonly type: string; readonly id: string }

/** The `fhir.changed` event: what changed, never the content. `from` gives `owner`, `patient` and `case_id`. */
export function changedEvent(row: Named, version: string, change: string, from: string, p: Parameters): string {
  return `insert into bedside.outbox (topic, subject, payload) select 'fhir.changed', ${p.add(`${row.type}/${row.id}`)},
    jsonb_build_object('type', ${p.add(row.type)}::text, 'id', ${p.add(row.id)}::text, 'version', ${version}, 'patient', x.patient, 'caseId', x.case_id, 'owner', x.owner, 'change', '${change}') from ${from} x`;
}

/** The trace of the write, in the same statement. */
export function auditInsert(access: Access, row: Named, action: AuditAction, kind: string, from: string, p: Parameters): string {
  const values = auditValues(access.ctx, { action, kind, type: row.type, ids: [row.id] });
  const of: Readonly<Record<string, string>> = { case_id: 'x.case_id', patients: 'case when x.patient is null then null else array[x.patient] end' };
  return `insert into audit.event (${auditColumns.join(', ')}) select ${auditColumns.map((c, i) => of[c] ?? `${p.add(values[i])}::${auditTypes[i]}`).join(', ')} from ${from} x`;
}

/** Inserts a new row with everything that belongs to it in one statement. */
export async function createRow(store: Store, sql: Sql, access: Access, row: Row, options: WriteOptions): Promise<WriteResult> {
  const p = parameters(row.id);
  const columns = indexColumns(row.plan, row.index, p);
  const trusted = access.engine || access.ctx.actor.role === 'system';
  const text = `
    with guard as (select ${patientsKnown(access, trusted ? '' : p.add(row.patients), p)} as ok),
    r as (insert into ${table(row.type)} as t (id, version, last_updated, content, owner, patient, case_id, released, conf, ${columns.names.join(', ')})
      select $1::text, 1, ${p.add(row.at)}::timestamptz, ${p.add(wholeText(row.content, 1, row.at))}::text, ${ownerOf(access, row, options, p)},
        ${p.add(row.index.patient)}::text, ${p.add(trusted ? (options.caseId ?? null) : null)}::text, ${p.add(row.released)}::boolean, ${p.add(row.conf)}::smallint, ${columns.values.join(', ')}
      from guard where ok on conflict (id) do nothing returning t.owner, t.patient, t.case_id, t.content)
    ${hasClinical(row.plan) ? `, c as (${clinicalInsert(row.plan, row.index, '$1', 'r', p)})` : ''}
    ${hasOrdered(row.plan) ? `, o as (${orderedInsert(row.plan, row.index, '$1', 'r', p)})` : ''}
    , e as (${changedEvent(row, '1', 'create', 'r', p)})
    , a as (${auditInsert(access, row, 'C', 'create', 'r', p)})
    select guard.ok, r.content from guard left join r on true`;
  const { rows } = await sql.query<{ ok: boolean; content: string | null }>(store.prepared(text, p.values));
  const done = rows[0]!;
  if (!done.ok) throw forbidden('patient-not-visible', 'The resource names a patient that you may not see.', { details: { at: row.type } });
  if (done.content === null) throw conflict('id-taken', 'There is already a resource with this id.', { details: { at: `${row.type}.id` } });
  return { type: row.type, id: row.id, version: 1, lastUpdated: row.at, text: done.content, deleted: false, outcome: 'created' };
}
