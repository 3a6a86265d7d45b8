import type { AuditEvent, AuditEventEntity } from '@medplum/fhirtypes';
import { invalid, notFound } from '../../../kernel/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { demandScope, parameters, type Parameters } from '../access.ts';
import { spanOf } from '../params/dates.ts';
import type { Store } from '../store/store.ts';

interface Line {
  id: string; at: Date; action: NonNullable<AuditEvent['action']>; kind: string; account: string | null; name: string | null; role: string | null; profile: string | null; client: string | null;
  address: string | null; trace: string | null; purpose: string | null; type: string | null; ids: string[] | null; patients: string[] | null; case_id: string | null; query: string | null; outcome: number; detail: string | null;
}
const columns = 'id::text, at, action, kind, account, name, role, profile, client, address, trace, purpose, type, ids, patients, case_id, query, outcome, detail';

/** Events have ids of their own form; other AuditEvents are ordinary rows that a system stored. */
export const isAuditRead = (type: string, id: string): boolean => type === 'AuditEvent' && /^e\d{1,15}-\d{1,18}$/.test(id);

/** Who may see which events: the network's administrator all, an institution's those of its accounts, a patient those about himself, everybody his own. */
function visibleEvents(ctx: RequestContext, p: Parameters): string {
  const { actor } = ctx;
  switch (actor.role) {
    case 'network-administrator': case 'system': return 'true';
    case 'institution-administrator': return `institution = ${p.add(actor.institution ?? '')}`;
    case 'patient': return actor.profile?.startsWith('Patient/') ? `(patients @> ${p.add([actor.profile.slice(8)])}::text[] or account = ${p.add(actor.accountId)})` : `account = ${p.add(actor.accountId)}`;
    case 'clinician': case 'coordinator': return `account = ${p.add(actor.accountId)}`;
  }
}

export async function readAudit(store: Store, ctx: RequestContext, id: string): Promise<{ type: string; id: string; version: number; lastUpdated: Date; text: string; deleted: boolean }> {
  const [ms, number] = id.slice(1).split('-');
  const p = parameters(new Date(Number(ms)), number);
  const { rows } = await store.db.query<Line>(`select ${columns} from audit.event where at >= $1::timestamptz and at < $1::timestamptz + interval '1 ms' and id = $2::bigint and ${visibleEvents(ctx, p)}`, p.values);
  if (!rows[0]) throw notFound('not-found', 'There is no such resource.', { details: { at: 'AuditEvent' } });
  return { type: 'AuditEvent', id, version: 1, lastUpdated: rows[0].at, text: JSON.stringify(resourceOf(rows[0])), deleted: false };
}

/** `AuditEvent?date=&agent=&patient=&entity=&action=&subtype=`, newest first; looking at the trail leaves a trace itself. */
export async function searchAudit(store: Store, ctx: RequestContext, text: string): Promise<string> {
  demandScope({ ctx, engine: false }, 'AuditEvent', 'search');
  const query = new URLSearchParams(text);
  const p = parameters();
  const where = [visibleEvents(ctx, p)];
  let count = 50;
  for (const [name, value] of query) {
    switch (name) {
      case 'date': where.push(dateWhere(value, p)); break;
      case 'agent': where.push(`(profile = ${p.add(value)} or account = ${p.add(value)})`); break;
      case 'agent-name': where.push(`name ilike ${p.add(`${value.replaceAll(/[\\%_]/g, '\\$&')}%`)}`); break;
      case 'patient': where.push(`patients @> ${p.add([value.replace(/^Patient\//, '')])}::text[]`); break;
      case 'entity': {
        const m = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(value);
        if (!m) throw invalid('search-parameter', 'entity must be Type/id.', { details: { at: name } });
        where.push(`((type = ${p.add(m[1])} and ids @> ${p.add([m[2]])}::text[]) or ids @> ${p.add([value])}::text[])`);
        break;
      }
      case 'action': where.push(`action = any(${p.add(value.split(','))}::text[])`); break;
      case 'subtype': where.push(`kind = any(${p.add(value.split(',').map((v) => v.split('|').at(-1)!))}::text[])`); break;
      case 'outcome': where.push(`outcome = any(${p.add(value.split(',').filter((v) => /^\d{1,2}$/.test(v)))}::int[])`); break;
      case '_count':
        if (!/^[1-9]\d{0,8}$/.test(value)) throw invalid('search-parameter', '_count must be a whole number above 0.', { details: { at: name } });
        count = Math.min(Number(value), 1000);
        break;
      case '_cursor': {
        const m = /^(\d{1,16})-(\d{1,18})$/.exec(value);
        if (!m) throw invalid('search-cursor', 'The page link is not valid.', { details: { at: name } });
        where.push(`(at, id) < (${p.add(new Date(Number(m[1])))}::timestamptz, ${p.add(m[2])}::bigint)`);
        break;
      }
      case '_sort':
        if (value !== '-date') throw invalid('search-parameter', 'Events come newest first (_sort=-date).', { details: { at: name } });
        break;
      case '_format': case '_pretty': break;
      default: throw invalid('search-parameter', `AuditEvent has no search parameter ${name.slice(0, 60)} here.`, { details: { at: name.slice(0, 100) } });
    }
  }
  const { rows } = await store.db.query<Line>(`select ${columns} from audit.event where ${where.join(' and ')} order by at desc, id desc limit ${count + 1}`, p.values);
  const page = rows.slice(0, count);
  await store.audit.record(ctx, { action: 'R', kind: 'search', type: 'AuditEvent', query: text });
  const base = store.baseUrl();
  const link = [{ relation: 'self', url: `${base}/AuditEvent?${query.toString()}` }];
  const last = rows.length > count ? page.at(-1) : undefined;
  if (last) {
    query.set('_cursor', `${last.at.getTime()}-${last.id}`);
    link.push({ relation: 'next', url: `${base}/AuditEvent?${query.toString()}` });
  }
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', link, ...(page.length > 0 ? { entry: page.map((r) => ({ fullUrl: `${base}/AuditEvent/${idOf(r)}`, resource: resourceOf(r), search: { mode: 'match' } })) } : {}) });
}

function dateWhere(value: string, p: Parameters): string {
  const m = /^(eq|gt|lt|ge|le)?(.+)$/s.exec(value);
  const span = spanOf((m?.[2] ?? '').replace(/ (\d\d:\d\d)$/, '+$1'));
  if (!span) throw invalid('search-date', 'Not a date.', { details: { at: 'date' } });
  const a = (): string => `${p.add(new Date(span.lo))}::timestamptz`;
  const b = (): string => `${p.add(new Date(span.hi))}::timestamptz`;
  switch (m?.[1]) {
    case 'gt': return `at >= ${b()}`;
    case 'lt': return `at < ${a()}`;
    case 'ge': return `at >= ${a()}`;
    case 'le': return `at < ${b()}`;
    default: return `(at >= ${a()} and at < ${b()})`;
  }
}

const idOf = (r: Line): string => `e${r.at.getTime()}-${r.id}`;

function resourceOf(r: Line): AuditEvent {
  const entity: AuditEventEntity[] = [
    ...(r.ids ?? []).map((id): AuditEventEntity => ({ what: { reference: id.includes('/') ? id : `${r.type}/${id}` } })),
    ...(r.patients ?? []).map((id): AuditEventEntity => ({ what: { reference: `Patient/${id}` }, role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' } })),
    ...(r.case_id === null ? [] : [{ what: { reference: `Task/${r.case_id}` } }]),
    ...(r.query === null ? [] : [{ type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '2', display: 'System Object' }, query: Buffer.from(r.query).toString('base64') }]),
  ].filter((e, i, list) => list.findIndex((x) => JSON.stringify(x) === JSON.stringify(e)) === i);
  return {
    resourceType: 'AuditEvent', id: idOf(r), meta: { versionId: '1', lastUpdated: r.at.toISOString() },
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' }, subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: r.kind }],
    action: r.action, recorded: r.at.toISOString(), outcome: String(r.outcome) as '0', ...(r.detail === null ? {} : { outcomeDesc: r.detail }),
    agent: [{
      requestor: true, who: { ...(r.profile === null ? {} : { reference: r.profile }), identifier: { system: 'urn:bedside:account', value: r.account ?? '' }, ...(r.name ? { display: r.name } : {}) },
      ...(r.name ? { name: r.name } : {}), role: [{ text: r.role ?? '' }], ...(r.address ? { network: { address: r.address, type: '2' as const } } : {}),
      ...(r.purpose ? { purposeOfUse: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: r.purpose }] }] } : {}),
    }],
    source: { observer: { display: 'Bedside' }, ...(r.client ? { site: r.client } : {}) },
    ...(entity.length > 0 ? { entity } : {}),
  };
}

