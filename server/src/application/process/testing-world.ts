import type { Organization, Parameters, Resource, Task } from '@medplum/fhirtypes';
import { fixedClock, newId, outboxMigrations, type Database, type Jobs } from '../../kernel/index.ts';
import { createFhirRepository, fhirMigrations } from '../../resource/fhir/index.ts';
import type { Actor, RequestContext } from '../../security/policy/index.ts';
import { teleconsultation } from '../teleconsultation/index.ts';
import type { SignedReport } from './blocks/report.ts';
import { createProcessEngine } from './engine.ts';
import { processMigrations } from './migrations.ts';
import { packageHashes } from './preparations/package-hashes.ts';
import { roomTicket } from './preparations/room-ticket.ts';
import { ticketMigrations } from './session/tickets.ts';
import { clinician } from './testing.ts';
import { codeIn, ref, systems } from './vocabulary.ts';

export const parameters = (...parameter: NonNullable<Parameters['parameter']>): Parameters => ({ resourceType: 'Parameters', parameter });
export const member = (role: string, institution: string): Actor => ({ ...clinician(`PractitionerRole/${role}`, institution), profile: `Practitioner/p-${role}`, accountId: role, name: role });
const signed: SignedReport = {
  pdf: { url: 'Binary/pdf', sha1: 'x', size: 1, title: 'Report' }, plain: { url: 'Binary/plain', sha1: 'y', size: 1, title: 'Summary' }, verificationCode: 'AAAA-BBBB', signatures: [],
};

/** Two hospitals, their doctors and a patient on a real repository; jobs are recorded unless given. */
export async function world(db: Database, given?: Jobs) {
  const clock = fixedClock('2026-03-02T08:00:00Z');
  const repository = createFhirRepository({ db, clock });
  await repository.upkeep();
  const jobs: { name: string; key?: string; at?: Date }[] = [];
  const recorded: Jobs = {
    enqueue: async (_tx, name, _data, o) => { jobs.push({ name, ...(o?.key ? { key: o.key } : {}), ...(o?.at ? { at: o.at } : {}) }); },
    cancel: async (_tx, name, key) => { for (let i = jobs.length - 1; i >= 0; i--) if (jobs[i]!.name === name && jobs[i]!.key === key) jobs.splice(i, 1); },
  };
  const ctxOf = (actor: Actor): RequestContext => ({ actor, purpose: 'TREAT', traceId: '0'.repeat(32), clock });
  const system = ctxOf({ accountId: 's', role: 'system', name: 's', practitionerRoles: [], organizations: [], scopes: ['system/*.cruds'], methods: [], clientId: 't' });
  const put = (resource: Resource, owner?: string) => repository.update(system, resource, owner ? { owner } : {});
  for (const id of ['district', 'university']) await put({ resourceType: 'Organization', id, name: id } as Organization);
  for (const [id, org] of [['a', 'district'], ['b', 'university'], ['c', 'university'], ['z', 'district']] as const) {
    await put({ resourceType: 'Practitioner', id: `p-${id}`, name: [{ family: id }] });
    await put({ resourceType: 'PractitionerRole', id, active: true, practitioner: ref('Practitioner', `p-${id}`), organization: ref('Organization', org) });
  }
  await put({ resourceType: 'Patient', id: 'p', name: [{ family: 'P' }] }, 'district');
  await put({ resourceType: 'Observation', id: 'o', status: 'final', code: { text: 'x' }, subject: ref('Patient', 'p') }, 'district');
  await put({ resourceType: 'Observation', id: 'hidden', status: 'final', code: { text: 'x' }, subject: ref('Patient', 'p') }, 'district');
  const engine = createProcessEngine({
    repository, jobs: given ?? recorded, clock, newId, definitions: [teleconsultation],
    preparations: { 'package-hashes': packageHashes(async () => undefined), 'room-ticket': roomTicket, 'signed-report': async () => ({ signed }), 'published-report': async () => ({}), 'patient-link': async () => ({ link: {} }) },
  });
  const dra = ctxOf(member('a', 'district'));
  const drb = ctxOf(member('b', 'university'));
  const drc = ctxOf(member('c', 'university'));
  const coordinator = ctxOf({ ...member('x', 'university'), role: 'coordinator', practitionerRoles: [] });
  const patient = ctxOf({ accountId: 'p', role: 'patient', name: 'P', profile: 'Patient/p', practitionerRoles: [], organizations: [], scopes: ['patient/*.rs'], methods: [], clientId: 't' });
  return { repository, engine, clock, jobs, dra, drb, drc, coordinator, patient, system };
}
export type World = Awaited<ReturnType<typeof world>>;
export const state = (task: unknown): string => codeIn((task as Task).businessStatus, systems.state) ?? '';
export const filledForm: Resource = {
  resourceType: 'QuestionnaireResponse', status: 'in-progress',
  item: [
    { linkId: 'reason', answer: [{ valueString: 'Chest pain' }] }, { linkId: 'question', answer: [{ valueString: 'Operate?' }] },
    { linkId: 'urgency', answer: [{ valueCoding: { system: 'http://hl7.org/fhir/request-priority', code: 'routine' } }] },
    { linkId: 'specialty', answer: [{ valueCoding: { system: 'urn:bedside:specialty', code: 'cardiology' } }] },
  ],
};
export async function submitted(w: World, experts: readonly string[]): Promise<string> {
  const id = (await w.engine.open(w.dra, 'teleconsultation', 'Patient/p')).id!;
  await w.engine.perform(w.dra, id, 'save-form', parameters({ name: 'form', resource: filledForm }));
  for (const e of experts) await w.engine.perform(w.dra, id, 'invite', parameters({ name: 'expert', valueReference: { reference: `PractitionerRole/${e}` } }));
  await w.engine.perform(w.dra, id, 'add-material', parameters({ name: 'item', valueReference: { reference: 'Observation/o' } }, { name: 'class', valueCode: 'laboratory' }));
  await w.engine.perform(w.dra, id, 'submit', undefined);
  return id;
}
export const worldMigrations = [...outboxMigrations, ...fhirMigrations, ...processMigrations, ...ticketMigrations];
