import type { Appointment, Slot } from '@medplum/fhirtypes';
import { conflict, unprocessable } from '../../../kernel/index.ts';
import type { ActionCall, ActionDefinition, ApplicationDefinition, Booking, CaseSnapshot, Job, Need } from '../definition.ts';
import { concept, parseReference, ref, systems } from '../vocabulary.ts';
import { closedMaterials } from './materials.ts';
import { institutionsOf, inviterRef, liveInvitees } from './request.ts';

const acceptedInvitee = (c: CaseSnapshot): string => c.task.owner?.reference ?? liveInvitees(c.invitations)[0] ?? '';
/** Those who meet: the inviter and the invitee who accepted. */
export const meeting = (c: CaseSnapshot): string[] => [inviterRef(c), acceptedInvitee(c)].filter(Boolean);

/** Which side made the proposal that stands; the other one agrees. */
const proposer = (c: CaseSnapshot): string | undefined => c.appointment?.participant?.find((p) => p.status === 'accepted')?.actor?.reference;

const notTheProposer: Need = {
  code: 'other-side-must-agree',
  met: (c, _now, roles, actor) => roles.includes('coordinator') || !actor.practitionerRoles.some((r) => proposer(c) === r || proposer(c) === `PractitionerRole/${r}`),
};

function chosenTime({ input, env, definition, case: c }: ActionCall): { slot?: Slot; start: Date; end: Date } {
  const reference = input.reference('slot');
  if (reference) {
    const slot = env.resources.get(reference);
    if (slot?.resourceType !== 'Slot') throw unprocessable('no-such-slot', 'That time cannot be chosen.', { details: { at: "Parameters.parameter.where(name='slot')" } });
    const own = c.appointment?.slot?.some((s) => s.reference === reference) ?? false;
    if (slot.status !== 'free' && !own) throw conflict('slot-taken', 'That time was just taken; choose another one.');
    return { slot, start: new Date(slot.start!), end: new Date(slot.end!) };
  }
  const start = input.string('start');
  if (!start) throw unprocessable('time-missing', 'Choose a free time, or give a start.', { details: { at: "Parameters.parameter.where(name='start')" } });
  const minutes = input.integer('minutes') ?? definition.scheduling.defaultMinutes;
  if (minutes < 5 || minutes > 24 * 60) throw unprocessable('wrong-input', 'Parameter minutes must be from 5 to 1440.', { details: { at: "Parameters.parameter.where(name='minutes')" } });
  return { start: new Date(start), end: new Date(Date.parse(start) + minutes * 60_000) };
}

/** Every reminder that may be waiting for this case. */
export const reminderKeys = (c: CaseSnapshot, definition: ApplicationDefinition): { name: string; key: string }[] =>
  definition.scheduling.remindersMinutesBefore.map((minutes) => ({ name: 'case-reminder', key: `${c.id}:${minutes}` }));

/** Gives up what the present appointment holds. */
export function released(c: CaseSnapshot, definition: ApplicationDefinition): { bookings: Booking[]; cancelJobs: { name: string; key: string }[] } {
  const a = c.appointment;
  if (!a || a.status === 'cancelled') return { bookings: [], cancelJobs: [] };
  return {
    bookings: meeting(c).map((actor) => ({ actor, start: a.start!, end: a.end!, kind: 'release' })),
    cancelJobs: reminderKeys(c, definition),
  };
}

const freed = (c: CaseSnapshot, env: ActionCall['env'], except?: string): Slot[] => (c.appointment?.slot ?? []).flatMap((s) => {
  const slot = env.resources.get(s.reference ?? '');
  return slot?.resourceType === 'Slot' && s.reference !== except ? [{ ...slot, status: 'free' as const }] : [];
});

/** Proposing, agreeing and giving up a time (the time region). */
export const timeActions: readonly ActionDefinition[] = [
  {
    code: 'propose-time', by: ['inviter', 'invitee', 'coordinator'], when: { request: ['accepted'], time: ['none', 'proposed', 'agreed'], session: ['none'] },
    primary: { by: ['invitee', 'inviter'], when: { time: ['none'] } },
    input: [{ name: 'slot', type: 'Reference', min: 0, max: '1' }, { name: 'start', type: 'dateTime', min: 0, max: '1' }, { name: 'minutes', type: 'integer', min: 0, max: '1' }],
    perform: (call) => {
      const { case: c, env, actor, roles } = call;
      const { slot, start, end } = chosenTime(call);
      if (start.getTime() <= env.now.getTime()) throw unprocessable('time-past', 'That time is over; choose a later one.', { details: { at: "Parameters.parameter.where(name='start')" } });
      const before = released(c, call.definition);
      const mine = roles.includes('inviter') ? inviterRef(c) : roles.includes('invitee') ? acceptedInvitee(c) : actor.institution === c.inviter.institution.id ? inviterRef(c) : acceptedInvitee(c);
      const appointment: Appointment & { id: string } = {
        ...c.appointment, resourceType: 'Appointment', id: c.appointment?.id ?? env.newId(), status: 'proposed',
        start: start.toISOString(), end: end.toISOString(), created: c.appointment?.created ?? env.now.toISOString(),
        basedOn: [ref('ServiceRequest', c.request.id!)], appointmentType: concept(systems.application, call.definition.code),
        slot: slot ? [ref('Slot', slot.id!)] : [],
        participant: [...meeting(c).map((reference) => ({ actor: { reference }, status: reference === mine ? 'accepted' as const : 'needs-action' as const })), { actor: ref('Patient', c.patient.id), status: 'tentative' as const }],
      };
      if (!slot) delete appointment.slot;
      const held: Slot[] = slot ? [{ ...slot, status: 'busy-tentative' }] : [];
      return {
        states: { time: 'proposed' },
        ...(c.appointment ? { update: [appointment, ...freed(c, env, slot ? `Slot/${slot.id}` : undefined), ...held] } : { create: [appointment], update: held }),
        links: [{ side: 'output', code: 'appointment', reference: `Appointment/${appointment.id}` }],
        bookings: [...before.bookings, ...meeting(c).map((a): Booking => ({ actor: a, start: appointment.start!, end: appointment.end!, kind: 'hold' }))],
        cancelJobs: before.cancelJobs,
        notices: [{ code: 'propose-time', to: meeting(c).filter((r) => r !== mine), mail: {} }],
      };
    },
  },
  {
    code: 'agree-time', by: ['inviter', 'invitee', 'coordinator'], when: { request: ['accepted'], time: ['proposed'] }, needs: [notTheProposer],
    primary: { by: ['inviter', 'invitee'] },
    perform: ({ case: c, env, definition }) => {
      const a = c.appointment!;
      const start = Date.parse(a.start!);
      if (start <= env.now.getTime()) throw conflict('time-past', 'The proposed time is over; propose another one.');
      const slot = env.resources.get(a.slot?.[0]?.reference ?? '');
      const jobs: Job[] = definition.scheduling.remindersMinutesBefore
        .map((minutes) => ({ name: 'case-reminder', key: `${c.id}:${minutes}`, at: new Date(start - minutes * 60_000), data: { caseId: c.id, appointment: a.id, minutes, start: a.start } }))
        .filter((j) => j.at.getTime() > env.now.getTime());
      return {
        states: { time: 'agreed' },
        update: [
          { ...a, status: 'booked', participant: a.participant.map((p) => ({ ...p, status: 'accepted' as const })) },
          { ...c.request, occurrencePeriod: { start: a.start!, end: a.end! } },
          ...(slot?.resourceType === 'Slot' ? [{ ...slot, status: 'busy' as const }] : []),
        ],
        jobs,
        grants: [{ kind: 'participant', grantee: `Patient/${c.patient.id}`, role: 'patient' }],
        notices: [{ code: 'agree-time', to: [...meeting(c), `Patient/${c.patient.id}`, ...institutionsOf(c.invitations)], mail: { calendar: 'request' } }],
      };
    },
  },
  {
    code: 'cancel', by: ['inviter', 'invitee', 'coordinator'], when: { request: ['accepted'], session: ['none'] },
    input: [{ name: 'reason', type: 'string', min: 1, max: '1', maxLength: 2_000 }],
    perform: ({ case: c, input, env, definition }) => {
      const given = released(c, definition);
      return {
        states: { request: 'cancelled', time: 'none' },
        reason: input.string('reason')!,
        task: { statusReason: { text: input.string('reason')! } },
        update: [{ ...c.request, status: 'revoked' }, ...(c.appointment ? [{ ...c.appointment, status: 'cancelled' as const }, ...freed(c, env)] : [])],
        bookings: given.bookings, cancelJobs: given.cancelJobs, grants: closedMaterials(c),
        notices: [{ code: 'cancel', to: [...meeting(c), ...(c.appointment ? [`Patient/${c.patient.id}`] : [])], text: input.string('reason')!, mail: c.appointment ? { calendar: 'cancel' } : {} }],
      };
    },
  },
];

/** References of slots that a step may free or take, besides the one its input names. */
export const heldSlots = (c: CaseSnapshot): string[] => (c.appointment?.slot ?? []).map((s) => s.reference ?? '').filter((r) => parseReference(r) !== undefined);
