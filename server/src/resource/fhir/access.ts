import { forbidden } from '../../kernel/index.ts';
import { classOf, may, ownTimes, scopeAllows, staffRoles, type Actor, type RequestContext, type ScopeAction } from '../../security/policy/index.ts';

/** Collects the values of a statement while its text is put together. */
export interface Parameters {
  readonly values: unknown[];
  /** The statement finds its rows by patient or id: token conditions are written so that only those rows are checked, and the token index, which knows all patients' rows, is left alone. */
  narrow?: boolean;
  /** Adds a value; returns its placeholder. */
  add(value: unknown): string;
}
export function parameters(...first: unknown[]): Parameters {
  const values: unknown[] = [...first];
  return { values, add: (value) => `$${values.push(value)}` };
}

/** Who asks, as the statements need it. `engine`: work of the process engine and registration services, which check for themselves. */
export interface Access { readonly ctx: RequestContext; readonly engine: boolean }

const everything = (access: Access): boolean => access.engine || access.ctx.actor.role === 'system';

/** The names under which grants may be made to the actor. What is granted to an institution reaches its coordinators, not everybody who works there. */
export function granteesOf(actor: Actor): string[] {
  const organizations = new Set([...actor.organizations, ...(actor.institution === undefined ? [] : [actor.institution])]);
  return [...(actor.profile ? [actor.profile] : []), ...actor.practitionerRoles, ...(actor.role === 'coordinator' ? [...organizations].map((id) => `Organization/${id}`) : [])];
}

/** Owner of a personal row (a Subscription). */
export const accountOwner = (actor: Actor): string => `account:${actor.accountId}`;
const patientOf = (actor: Actor): string | undefined => (actor.profile?.startsWith('Patient/') ? actor.profile.slice('Patient/'.length) : undefined);

/** True when a `patient/` scope only, and no `user/` or `system/` one, allows this: then nothing outside the launched patient may be seen. */
function patientScopeOnly(actor: Actor, type: string, action: ScopeAction): boolean {
  return !scopeAllows(actor.scopes.filter((s) => !s.startsWith('patient/')), type, action);
}

/** @throws forbidden `insufficient-scope` when no scope of the token covers the action on the type. */
export function demandScope(access: Access, type: string, action: ScopeAction): void {
  if (access.engine) return;
  const { actor } = access.ctx;
  if (!scopeAllows(actor.scopes, type, action)) throw forbidden('insufficient-scope', `The token's scopes do not include ${action} on ${type}.`, { details: { type, action } });
  if (actor.role !== 'patient' && patientScopeOnly(actor, type, action)) throw forbidden('insufficient-scope', 'A patient/ scope needs a patient account.', { details: { type, action } });
}

/**
 * The condition under which a row may be seen, as SQL over the columns `owner`, `patient`, `case_id`, `released` and `id` of `alias`.
 * The one place where reading is decided: every statement that returns or counts rows is built with it.
 */
export function visible(access: Access, type: string, alias: string, p: Parameters): string {
  if (everything(access)) return 'true';
  const { actor, clock } = access.ctx;
  const kind = classOf(type);
  if (kind === 'directory') return 'true';
  if (kind === 'personal') return `${alias}.owner = ${p.add(accountOwner(actor))}`;
  if (kind === 'audit') return 'false';
  if (actor.role === 'network-administrator') return 'false';
  const organizations = [...new Set([...actor.organizations, ...(actor.institution === undefined ? [] : [actor.institution])])];
  if (actor.role === 'institution-administrator') return kind === 'administrative' ? `${alias}.owner = any(${p.add(organizations)}::text[])` : 'false';

  const grantees = `${p.add(granteesOf(actor))}::text[]`;
  const now = `${p.add(clock.now())}::timestamptz`;
  const typeName = `${p.add(type)}::text`;
  // Not asked: `since`. A right holds from its commit on; a clock that is put back must not lock anybody out of a case.
  const live = (a: string): string => `${a}.grantee = any(${grantees}) and ${a}.revoked_at is null and (${a}.until is null or ${a}.until > ${now})`;
  const ways = [
    `${alias}.released and ${alias}.case_id in (select c.case_id from access.participant c where ${live('c')})`,
    `${alias}.released and ${alias}.id in (select m.id from access.case_material m join access.participant c on c.case_id = m.case_id
       where m.type = ${typeName} and m.removed_at is null and ${live('c')})`,
    `exists (select 1 from access.patient_grant g where g.patient = ${alias}.patient and (g.types is null or ${typeName} = any(g.types))
       and (${alias}.released or g.purpose = 'ETREAT') and ${live('g')})`,
  ];
  if (staffRoles.includes(actor.role)) ways.unshift(`${alias}.owner = any(${p.add(organizations)}::text[])`);
  const me = patientOf(actor);
  if (actor.role === 'patient' && me !== undefined) ways.unshift(`${alias}.patient = ${p.add(me)} and ${alias}.released`);
  return `(${ways.map((w) => `(${w})`).join(' or ')})`;
}

/** What a plain write needs besides the scope: who may write such a type at all. Rows it may touch are decided by `writable`. */
export function demandWrite(access: Access, type: string): void {
  if (everything(access)) return;
  const { actor } = access.ctx;
  const kind = classOf(type);
  const refuse = (): never => { throw forbidden('not-permitted', `Your role may not write ${type}.`, { details: { type } }); };
  if (kind === 'audit') refuse();
  if (kind === 'personal') return;
  if (kind === 'directory') {
    if (actor.role === 'network-administrator') return;
    if (actor.role === 'institution-administrator' && actor.institution !== undefined) return;
    if (ownTimes.has(type) && staffRoles.includes(actor.role)) return;
    refuse();
  }
  if (actor.role === 'patient') throw forbidden('use-an-operation', 'A patient writes through the operations of a case.', { details: { type } });
  if (actor.role === 'institution-administrator' && kind === 'administrative' && actor.institution !== undefined) return;
  if (!staffRoles.includes(actor.role) || actor.institution === undefined) refuse();
  if (kind === 'clinical' && !may(actor, 'record.write')) refuse();
}

/** The condition under which the actor may change or delete a row that he may see. */
export function writable(access: Access, type: string, alias: string, p: Parameters): string {
  if (everything(access)) return 'true';
  const { actor } = access.ctx;
  const kind = classOf(type);
  if (kind === 'personal') return `${alias}.owner = ${p.add(accountOwner(actor))}`;
  if (kind === 'directory' && actor.role === 'network-administrator') return 'true';
  return `(${alias}.owner is not null and ${alias}.owner = any(${p.add([...new Set([...actor.organizations, ...(actor.institution === undefined ? [] : [actor.institution])])])}::text[]))`;
}

/** The condition under which all of the patients that a resource names may be named by the actor: he can see them. `ids` is a text[] placeholder. */
export function patientsKnown(access: Access, ids: string, p: Parameters): string {
  if (everything(access)) return 'true';
  return `not exists (select 1 from unnest(${ids}::text[]) n(id) where not exists (
    select 1 from fhir."Patient" kp where kp.id = n.id and not kp.deleted and ${visible(access, 'Patient', 'kp', p)}))`;
}
