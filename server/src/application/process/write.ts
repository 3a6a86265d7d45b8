import type { Communication, Provenance, Resource, Task, TaskInput } from '@medplum/fhirtypes';
import { conflict, sqlState, type Jobs } from '../../kernel/index.ts';
import type { FhirTransaction, WriteOptions } from '../../resource/fhir/contract.ts';
import { grants } from '../../resource/fhir/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { ActionDefinition, ApplicationDefinition, CaseSnapshot, Effects, Notice } from './definition.ts';
import { businessStatus, codeIn, coding, concept, overallState, ref, systems, taskStatus, type CaseRole, type RegionStates } from './vocabulary.ts';

export interface Step {
  readonly ctx: RequestContext;
  readonly fhir: FhirTransaction;
  readonly jobs: Jobs;
  readonly definition: ApplicationDefinition;
  readonly case: CaseSnapshot;
  readonly action: ActionDefinition;
  readonly roles: readonly CaseRole[];
  readonly effects: Effects;
  readonly states: RegionStates;
  readonly now: Date;
  readonly newId: () => string;
}

/** FHIR knows no empty lists and objects: what a step leaves empty is left out. */
function withoutEmpty<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutEmpty) as T;
  if (typeof value !== 'object' || value === null) return value;
  const isEmpty = (v: unknown): boolean => v === undefined || (typeof v === 'object' && v !== null && Object.keys(v).length === 0);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutEmpty(v)] as const).filter(([, v]) => !isEmpty(v))) as T;
}

/** Marks a resource as belonging to a case, without losing other tags. */
export function tagged<T extends Resource>(resource: T, caseId: string): T {
  const tag = [...(resource.meta?.tag ?? []).filter((t) => t.system !== systems.caseTag), coding(systems.caseTag, caseId)];
  return withoutEmpty({ ...resource, meta: { ...resource.meta, tag } });
}

function withLinks(existing: readonly TaskInput[] | undefined, side: 'input' | 'output', effects: Effects): TaskInput[] {
  return (effects.links ?? []).filter((l) => l.side === side).reduce<TaskInput[]>((all, l) => [
    ...all.filter((x) => l.many || codeIn(x.type, systems.link) !== l.code),
    { type: concept(systems.link, l.code), valueReference: { reference: l.reference } },
  ], [...(existing ?? [])]);
}

/** Writes all that a step causes, in the caller's transaction. @returns the case's Task as it now is. */
export async function writeStep(step: Step): Promise<Task> {
  const { fhir, case: c, effects, states, now, ctx } = step;
  const options: WriteOptions = { byEngine: true, caseId: c.id, owner: ctx.actor.institution ?? c.inviter.institution.id };
  const shared = new Set(['Slot']); // rows of a calendar belong to no case
  for (const resource of effects.create ?? []) await fhir.create(tagged(resource, c.id), options);
  for (const resource of effects.update ?? []) {
    if (shared.has(resource.resourceType)) await fhir.update(resource, { byEngine: true });
    else await fhir.update(tagged(resource, c.id), { byEngine: true });
  }
  await writeBookings(step);
  const input = withLinks(c.task.input, 'input', effects);
  const output = withLinks(c.task.output as TaskInput[] | undefined, 'output', effects);
  const task: Task = {
    ...c.task, ...effects.task, status: taskStatus[states.request] ?? 'in-progress', businessStatus: businessStatus(states), lastModified: now.toISOString(),
    input, ...(output.length > 0 ? { output } : {}),
  };
  const written = await fhir.update(withoutEmpty(task), { byEngine: true, ifMatch: c.version });
  await writeGrants(step);
  for (const notice of effects.notices ?? []) await writeNotice(step, notice);
  for (const job of effects.cancelJobs ?? []) await step.jobs.cancel(fhir.tx, job.name, job.key);
  for (const job of effects.jobs ?? []) await step.jobs.enqueue(fhir.tx, job.name, job.data, { at: job.at, key: job.key });
  if (step.action.recorded !== false) {
    await fhir.create(provenanceOf(step), options);
    await writeEvent(step);
  }
  await fhir.publish([{ topic: `case.${step.action.code}`, subject: `Task/${c.id}`, payload: { application: step.definition.code, state: overallState(states) } }]);
  return JSON.parse(written.text) as Task;
}

function provenanceOf({ case: c, effects, action, ctx, now, newId }: Step): Provenance & { id: string } {
  const targets = [`Task/${c.id}`, ...(effects.create ?? []).map((r) => `${r.resourceType}/${r.id}`), ...(effects.update ?? []).map((r) => `${r.resourceType}/${r.id}`), ...(effects.about ?? [])];
  return tagged({
    resourceType: 'Provenance', id: newId(), target: [...new Set(targets)].map((reference) => ({ reference })), recorded: now.toISOString(),
    activity: concept(systems.action, action.code), ...(effects.reason ? { reason: [{ text: effects.reason }] } : {}),
    agent: [{ who: ctx.actor.profile ? { reference: ctx.actor.profile, display: ctx.actor.name } as never : { display: ctx.actor.name } }],
    ...(effects.signatures ? { signature: [...effects.signatures] } : {}),
  }, c.id) as Provenance & { id: string };
}

async function writeBookings({ fhir, case: c, effects }: Step): Promise<void> {
  const bookings = effects.bookings ?? [];
  if (bookings.some((b) => b.kind === 'release')) await fhir.tx.query('delete from process.booking where case_id = $1', [c.id]);
  for (const b of bookings.filter((x) => x.kind === 'hold')) {
    try {
      await fhir.tx.query("insert into process.booking (case_id, actor, during) values ($1, $2, tstzrange($3, $4, '[)'))", [c.id, b.actor, b.start, b.end]);
    } catch (cause) {
      if (sqlState(cause) === '23P01') throw conflict('double-booking', 'Somebody in this meeting is booked at that time; choose another one.', { cause });
      throw cause;
    }
  }
}

async function writeGrants({ fhir, case: c, effects }: Step): Promise<void> {
  const change = grants(fhir);
  for (const g of effects.grants ?? []) {
    if (g.kind === 'participant') await (g.revoke ? change.revokeParticipant(c.id, g.grantee) : change.addParticipant(c.id, g.grantee, g.role));
    else if (g.kind === 'material') await (g.revoke ? change.removeMaterial(c.id, g.item) : change.addMaterial(c.id, g.item));
    else await (g.revoke ? change.revokePatientGrant(c.patient.id, g.grantee, c.id) : change.grantPatient({ patient: c.patient.id, grantee: g.grantee, types: g.types, caseId: c.id }));
  }
}

/** A notice on the screen of each recipient and, when asked for, a mail (whose text carries nothing of the patient). */
export async function writeNotice({ fhir, jobs, case: c, now, newId, definition }: Pick<Step, 'fhir' | 'jobs' | 'case' | 'now' | 'newId' | 'definition'>, notice: Notice): Promise<void> {
  const to = [...new Set(notice.to.filter(Boolean))];
  if (to.length === 0) return;
  const communication: Communication & { id: string } = tagged({
    resourceType: 'Communication', id: newId(), status: 'completed', category: [concept(systems.communication, 'notice')],
    topic: concept(systems.action, notice.code), subject: ref('Patient', c.patient.id), basedOn: [ref('Task', c.id)], about: [ref('Task', c.id)],
    sent: now.toISOString(), recipient: to.map((reference) => ({ reference }) as never),
    ...(notice.text ? { payload: [{ contentString: notice.text }] } : {}),
  }, c.id);
  await fhir.create(communication, { byEngine: true, caseId: c.id, owner: c.inviter.institution.id });
  if (notice.mail) {
    await jobs.enqueue(fhir.tx, 'case-mail', {
      notice: communication.id, code: notice.code, caseId: c.id, number: c.task.groupIdentifier?.value, application: definition.code, to, at: now.toISOString(),
      ...(notice.mail.calendar ? { calendar: notice.mail.calendar } : {}),
    }, { key: communication.id });
  }
}

async function writeEvent({ fhir, case: c, action, definition, effects, states, roles, ctx, now }: Step): Promise<void> {
  const invitee = c.invitations.find((i) => i.task.owner?.reference === (effects.task?.owner ?? c.task.owner)?.reference)?.invitee;
  const evaluation = action.code === 'evaluate' ? effects.create?.find((r) => r.resourceType === 'QuestionnaireResponse') : undefined;
  const score = evaluation?.item?.find((i) => i.linkId === 'score')?.answer?.[0]?.valueInteger ?? null;
  const minutes = action.code === 'end-session' && c.encounter?.period?.start ? Math.round((now.getTime() - Date.parse(c.encounter.period.start)) / 60_000) : null;
  await fhir.tx.query(
    `insert into process.case_event (case_id, application, action, at, actor, role, from_state, to_state, inviter, inviter_institution, invitee, invitee_institution, department, score, minutes)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
    [c.id, definition.code, action.code, now, ctx.actor.profile ?? null, roles[0] ?? 'system', overallState(c.states), overallState(states),
      `PractitionerRole/${c.inviter.role.id}`, c.inviter.institution.id, invitee ? `PractitionerRole/${invitee.role.id}` : null, invitee?.institution.id ?? null,
      invitee?.role.specialty?.[0]?.coding?.[0]?.code ?? null, score, minutes]);
}
