import type { PractitionerRole, Resource } from '@medplum/fhirtypes';
import type { Actor } from '../../security/policy/index.ts';
import type { ApplicationDefinition, CaseSnapshot, Effects, Invitation, Participant } from './definition.ts';
import { readInput } from './input.ts';
import { transition } from './transition.ts';
import { businessStatus, concept, ref, systems, type RegionStates } from './vocabulary.ts';

const participant = (id: string, institution: string): Participant => ({
  role: { resourceType: 'PractitionerRole', id, practitioner: ref('Practitioner', `p-${id}`), organization: ref('Organization', institution) } as PractitionerRole & { id: string },
  institution: { resourceType: 'Organization', id: institution, name: institution },
});

export const invited = (id: string, institution: string): Invitation => ({
  task: { resourceType: 'Task', id: `invitation-${id}`, status: 'requested', intent: 'order', code: concept(systems.task, 'invitation'), owner: ref('PractitionerRole', id) },
  invitee: participant(id, institution),
});

/** A case in memory, as the pure tests and sketches see it. */
export function exampleCase(states: RegionStates, more: Partial<CaseSnapshot> = {}): CaseSnapshot {
  return {
    id: 'case', version: 3, states, patient: { resourceType: 'Patient', id: 'p' },
    task: { resourceType: 'Task', id: 'case', status: 'draft', intent: 'order', requester: ref('PractitionerRole', 'a'), businessStatus: businessStatus(states), code: concept(systems.application, 'teleconsultation') },
    inviter: participant('a', 'district'), invitations: [],
    request: { resourceType: 'ServiceRequest', id: 'sr', status: 'draft', intent: 'order', subject: ref('Patient', 'p') },
    form: { resourceType: 'QuestionnaireResponse', id: 'form', status: 'in-progress' },
    materials: { resourceType: 'List', id: 'list', status: 'current', mode: 'working' }, packages: [], compositions: [], reports: [], followUps: [], ...more,
  };
}

export const clinician = (role: string, institution: string): Actor => ({
  accountId: role, role: 'clinician', name: role, profile: `Practitioner/p-${role}`, practitionerRoles: [role], organizations: [institution], institution,
  scopes: ['user/*.cruds'], methods: ['pwd'], clientId: 'test',
});

let sequence = 0;
/** Performs an action on a case in memory and gives the effects and states. */
export function attempt(definition: ApplicationDefinition, c: CaseSnapshot, code: string, actor: Actor, given: {
  input?: Resource; resources?: Record<string, Resource>; prepared?: Record<string, unknown>; now?: Date;
} = {}): { effects: Effects; states: RegionStates } {
  const action = definition.actions.find((a) => a.code === code);
  return transition({
    definition, case: c, code, actor, input: readInput(given.input, action?.input ?? []),
    env: { now: given.now ?? new Date('2026-03-02T08:00:00Z'), newId: () => `id-${sequence++}`, resources: new Map(Object.entries(given.resources ?? {})), prepared: given.prepared ?? {} },
  });
}
