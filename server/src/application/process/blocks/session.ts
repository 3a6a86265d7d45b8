import type { Consent, Encounter } from '@medplum/fhirtypes';
import type { ActionDefinition, CaseSnapshot, Need } from '../definition.ts';
import { coding, concept, ref, systems } from '../vocabulary.ts';
import { inviterRef } from './request.ts';
import { meeting, reminderKeys } from './time.ts';

const timeOrUrgent: Need = { code: 'time-not-agreed', met: (c) => c.states.time === 'agreed' || c.task.priority === 'stat' || c.task.priority === 'asap' || c.task.priority === 'urgent' };

function joinable(minutes: number): Need {
  return { code: 'too-early', met: (c, now) => c.states.session === 'open' || (c.states.time === 'agreed' && Date.parse(c.appointment?.start ?? '') - now.getTime() <= minutes * 60_000) };
}

/** The session as Encounter, class VR; made when it is opened. @see http://terminology.hl7.org/CodeSystem/v3-ActCode */
function encounterOf(c: CaseSnapshot, id: string, now: Date): Encounter & { id: string } {
  return {
    resourceType: 'Encounter', id, status: 'in-progress',
    class: { ...coding('http://terminology.hl7.org/CodeSystem/v3-ActCode', 'VR'), display: 'virtual' },
    subject: ref('Patient', c.patient.id), basedOn: [ref('ServiceRequest', c.request.id!)],
    ...(c.appointment ? { appointment: [ref('Appointment', c.appointment.id!)] } : {}),
    participant: [], period: { start: now.toISOString() },
    serviceProvider: ref('Organization', c.inviter.institution.id),
  };
}

/** Opening, joining, consenting and ending a session. Who was there and when is written by the room into the Encounter. */
export function sessionActions(joinMinutesBefore: number): ActionDefinition[] {
  return [
    {
      code: 'open-session', by: ['inviter', 'invitee', 'coordinator'], when: { request: ['accepted'], session: ['none', 'ended'], report: ['none', 'draft', 'signed'] }, needs: [timeOrUrgent],
      perform: ({ case: c, env }) => {
        const encounter = c.encounter ? { ...c.encounter, status: 'in-progress' as const } : encounterOf(c, env.newId(), env.now);
        return {
          states: { session: 'open' },
          ...(c.encounter ? { update: [encounter] } : { create: [encounter as Encounter & { id: string }] }),
          links: [{ side: 'output', code: 'session', reference: `Encounter/${encounter.id}` }],
          notices: [{ code: 'open-session', to: [...meeting(c), `Patient/${c.patient.id}`] }],
        };
      },
    },
    {
      code: 'join-session', by: ['inviter', 'invitee', 'coordinator', 'patient'], when: { request: ['accepted'], session: ['none', 'open'] }, needs: [joinable(joinMinutesBefore)],
      primary: { by: ['inviter', 'invitee', 'patient'] }, prepare: 'room-ticket', recorded: false,
      perform: ({ env }) => ({ answer: env.prepared['ticket'] as Record<string, string> }),
    },
    {
      code: 'invite-patient', by: ['inviter', 'coordinator'], when: { request: ['accepted'], session: ['none', 'open'] }, needs: [timeOrUrgent], prepare: 'patient-link',
      perform: ({ case: c, env }) => ({
        answer: env.prepared['link'] as Record<string, string>,
        grants: [{ kind: 'participant', grantee: `Patient/${c.patient.id}`, role: 'patient' }],
        notices: [{ code: 'invite-patient', to: [`Patient/${c.patient.id}`] }],
      }),
    },
    {
      code: 'record-consent', by: ['patient', 'inviter'], when: { request: ['accepted'] },
      input: [{ name: 'granted', type: 'boolean', min: 1, max: '1' }, { name: 'scope', type: 'code', min: 1, max: '1', codes: ['consultation', 'picture', 'recording'] }],
      perform: ({ case: c, input, env, roles }) => {
        const consent: Consent & { id: string } = {
          resourceType: 'Consent', id: env.newId(), status: input.boolean('granted') ? 'active' : 'rejected', dateTime: env.now.toISOString(),
          scope: concept('http://terminology.hl7.org/CodeSystem/consentscope', 'treatment'),
          category: [concept('urn:bedside:consent', input.string('scope')!)],
          patient: ref('Patient', c.patient.id), performer: [roles.includes('patient') ? ref('Patient', c.patient.id) : { reference: inviterRef(c) } as never],
          organization: [ref('Organization', c.inviter.institution.id)],
          policyRule: { text: 'Teleconsultation' },
          provision: { type: input.boolean('granted') ? 'permit' : 'deny', data: [{ meaning: 'related', reference: ref('Task', c.id) }] },
        };
        return { create: [consent], links: [{ side: 'output', code: 'consent', reference: `Consent/${consent.id}`, many: true }] };
      },
    },
    {
      code: 'end-session', by: ['inviter', 'invitee', 'coordinator'], when: { session: ['open'] },
      perform: ({ case: c, env, definition }) => ({
        states: { session: 'ended' },
        update: [{ ...c.encounter!, status: 'finished', period: { ...c.encounter!.period, end: env.now.toISOString() } }],
        cancelJobs: reminderKeys(c, definition),
      }),
    },
  ];
}

/** Messages between the sides, kept with the case. */
export const messageActions: readonly ActionDefinition[] = [{
  code: 'send-message', by: ['inviter', 'invitee', 'coordinator'], when: { request: ['applied', 'information-requested', 'accepted', 'closed'] },
  input: [{ name: 'text', type: 'string', min: 1, max: '1', maxLength: 4_000 }],
  perform: ({ case: c, input, env, actor }) => ({
    create: [{
      resourceType: 'Communication', id: env.newId(), status: 'completed', category: [concept(systems.communication, 'message')],
      subject: ref('Patient', c.patient.id), basedOn: [ref('Task', c.id)], about: [ref('Task', c.id)], sent: env.now.toISOString(),
      ...(actor.profile ? { sender: { reference: actor.profile } } : {}),
      recipient: meeting(c).filter((r) => !actor.practitionerRoles.some((p) => r === p || r === `PractitionerRole/${p}`)).map((reference) => ({ reference })),
      payload: [{ contentString: input.string('text')! }],
    }],
  }),
}];
