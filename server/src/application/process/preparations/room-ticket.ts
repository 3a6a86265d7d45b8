import { rolesIn } from '../transition.ts';
import type { Preparation } from '../engine.ts';
import { issueTicket, type TicketContent } from '../session/tickets.ts';

/** The tickets with which the caller enters the room and the whiteboard of the case. */
export const roomTicket: Preparation = async ({ ctx, fhir, case: c, now }) => {
  const roles = rolesIn(ctx.actor, c);
  const role = roles[0] ?? 'coordinator';
  const content: TicketContent = {
    caseId: c.id, participant: ctx.actor.accountId, name: ctx.actor.name, role,
    ...(c.encounter?.id ? { encounterId: c.encounter.id } : {}),
    actor: ctx.actor,
  };
  return { ticket: { ticket: await issueTicket(fhir.tx, 'room', content, now), whiteboardTicket: await issueTicket(fhir.tx, 'whiteboard', content, now), url: '/room' } };
};
