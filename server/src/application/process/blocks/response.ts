import type { Task } from '@medplum/fhirtypes';
import { conflict } from '../../../kernel/index.ts';
import type { ActionCall, ActionDefinition, Invitation } from '../definition.ts';
import { concept, systems } from '../vocabulary.ts';
import { closedMaterials } from './materials.ts';
import { inviterRef, leaving, live, liveInvitees } from './request.ts';

/** The invitation that the caller answers: their own, or, for a coordinator, the one named (or the only one). */
function answered({ case: c, actor, input, roles }: ActionCall): Invitation {
  const open = c.invitations.filter((i) => i.task.status === 'requested');
  const mine = open.find((i) => actor.practitionerRoles.some((r) => i.task.owner?.reference === r || i.task.owner?.reference === `PractitionerRole/${r}`));
  const named = input.reference('expert');
  if (mine && (named === undefined || mine.task.owner?.reference === named)) return mine;
  if (roles.includes('coordinator')) {
    const own = open.filter((i) => i.invitee.institution.id === actor.institution && (named === undefined || i.task.owner?.reference === named));
    if (own.length === 1) return own[0]!;
    throw conflict('which-expert', 'Name the expert of your institution for whom you answer.');
  }
  throw conflict('already-answered', 'This invitation is answered already.');
}

/** The invitee's side of the request region: accepting, refusing, asking for more. */
export const responseActions: readonly ActionDefinition[] = [
  {
    code: 'accept', by: ['invitee', 'coordinator'], when: { request: ['applied'] }, primary: { by: ['invitee'] },
    input: [{ name: 'message', type: 'string', min: 0, max: '1', maxLength: 2_000 }, { name: 'expert', type: 'Reference', min: 0, max: '1' }],
    perform: (call) => {
      const { case: c, input, env } = call;
      const invitation = answered(call);
      const message = input.string('message');
      // One expert is asked for: whoever has not answered yet is no longer, and sees no more of it.
      const others = c.invitations.filter((i) => live(i) && i !== invitation);
      return {
        states: { request: 'accepted' },
        ...(message ? { reason: message } : {}),
        update: [{ ...invitation.task, status: 'accepted', lastModified: env.now.toISOString() }, { ...c.request, performer: [invitation.task.owner!] }, ...others.map((i): Task => ({ ...i.task, status: 'cancelled', lastModified: env.now.toISOString() }))],
        task: { owner: invitation.task.owner! },
        grants: leaving(c, others),
        notices: [...(others.length > 0 ? [{ code: 'uninvite', to: liveInvitees(others), mail: {} }] : []), { code: 'accept', to: [inviterRef(c)], ...(message ? { text: message } : {}), mail: {} }],
      };
    },
  },
  {
    code: 'request-information', by: ['invitee', 'coordinator'], when: { request: ['applied'] },
    input: [{ name: 'question', type: 'string', min: 1, max: '1', maxLength: 4_000 }],
    perform: ({ case: c, input }) => ({
      states: { request: 'information-requested' },
      reason: input.string('question')!,
      task: { statusReason: { ...concept(systems.task, 'information-requested'), text: input.string('question')! } },
      notices: [{ code: 'request-information', to: [inviterRef(c)], text: input.string('question')!, mail: {} }],
    }),
  },
  {
    code: 'refuse', by: ['invitee', 'coordinator'], when: { request: ['applied', 'information-requested'] },
    input: [{ name: 'reason', type: 'string', min: 1, max: '1', maxLength: 2_000 }, { name: 'expert', type: 'Reference', min: 0, max: '1' }],
    perform: (call) => {
      const { case: c, input, env } = call;
      const invitation = answered(call);
      const last = liveInvitees(c.invitations).length === 1;
      const refused: Task = { ...invitation.task, status: 'rejected', statusReason: { text: input.string('reason')! }, lastModified: env.now.toISOString() };
      return {
        ...(last ? { states: { request: 'refused' }, task: { statusReason: { ...concept(systems.task, 'refused'), text: input.string('reason')! } } } : {}),
        reason: input.string('reason')!,
        grants: last ? closedMaterials(c) : leaving(c, [invitation]),
        update: last ? [refused, { ...c.request, status: 'revoked' as const }] : [refused],
        notices: [{ code: 'refuse', to: [inviterRef(c)], text: input.string('reason')!, mail: {} }],
      };
    },
  },
];
