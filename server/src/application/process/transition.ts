import { conflict, forbidden, type BedsideError } from '../../kernel/index.ts';
import type { Actor } from '../../security/policy/index.ts';
import type { ActionCall, ActionDefinition, ApplicationDefinition, CaseSnapshot, Effects, Invitation } from './definition.ts';
import { type CaseRole, type Region, type RegionStates } from './vocabulary.ts';

/** An invitation that was refused or taken back makes nobody an invitee. */
const isOpen = (i: Invitation): boolean => i.task.status === 'requested' || i.task.status === 'accepted';
const wasInvited = (actor: Actor, c: CaseSnapshot): boolean =>
  c.invitations.some((i) => actor.practitionerRoles.some((r) => i.task.owner?.reference === r || i.task.owner?.reference === `PractitionerRole/${r}`));

/** What somebody is in this case. Nobody is anything by rank alone. */
export function rolesIn(actor: Actor, c: CaseSnapshot): CaseRole[] {
  const roles: CaseRole[] = [];
  const is = (roleRef: string | undefined): boolean => roleRef !== undefined && actor.practitionerRoles.some((r) => r === roleRef || `PractitionerRole/${r}` === roleRef);
  if (actor.role === 'clinician') {
    if (is(c.task.requester?.reference)) roles.push('inviter');
    if (c.invitations.some((i) => isOpen(i) && is(i.task.owner?.reference))) roles.push('invitee');
  }
  if (actor.role === 'coordinator' && actor.institution !== undefined) {
    const sides = [c.inviter.institution.id, ...c.invitations.filter(isOpen).map((i) => i.invitee.institution.id)];
    if (sides.includes(actor.institution)) roles.push('coordinator');
  }
  if (actor.role === 'patient' && actor.profile === `Patient/${c.patient.id}`) roles.push('patient');
  return roles;
}

const fits = (when: Partial<Record<Region, readonly string[]>> | undefined, states: RegionStates): boolean =>
  Object.entries(when ?? {}).every(([region, allowed]) => allowed.includes(states[region as Region]));

export interface ActionOffer { readonly action: ActionDefinition; readonly primary: boolean; readonly blocked?: string }

/** What this person may do now, in the order of the declaration; what is only short of a need is offered with its reason. */
export function offers(definition: ApplicationDefinition, c: CaseSnapshot, actor: Actor, now: Date): ActionOffer[] {
  const roles = rolesIn(actor, c);
  return definition.actions
    .filter((a) => a.by.some((r) => roles.includes(r)) && fits(a.when, c.states))
    .map((action) => {
      const blocked = action.needs?.find((n) => !n.met(c, now, roles, actor))?.code;
      const primary = blocked === undefined && action.primary !== undefined && action.primary.by.some((r) => roles.includes(r)) && fits(action.primary.when, c.states);
      return { action, primary, ...(blocked === undefined ? {} : { blocked }) };
    });
}

/** The error of an attempt that is not allowed, or undefined. Who may not is told before what may not be. */
export function refusal(definition: ApplicationDefinition, code: string, c: CaseSnapshot, actor: Actor, now: Date): BedsideError | undefined {
  const action = definition.actions.find((a) => a.code === code);
  if (!action) return conflict('action-not-allowed', `This application has no action ${code}.`);
  const roles = rolesIn(actor, c);
  // Whoever answers at the moment in which the invitation ends was not wrong to try.
  if (!roles.includes('invitee') && action.by.includes('invitee') && !action.by.some((r) => roles.includes(r)) && wasInvited(actor, c)) return conflict('invitation-over', 'Your invitation to this case has ended.');
  if (!action.by.some((r) => roles.includes(r))) return forbidden('not-your-action', `Only ${action.by.join(' or ')} may ${code}.`);
  if (!fits(action.when, c.states)) return conflict('action-not-allowed', `The case has moved on: ${code} is not possible now.`);
  const unmet = action.needs?.find((n) => !n.met(c, now, roles, actor));
  return unmet ? conflict(unmet.code, `Something is missing for ${code}: ${unmet.code}.`) : undefined;
}

/**
 * One step of a case: pure. The same case, action, actor, input and env give the same effects.
 * @throws the refusal when the action is not allowed, or what the action's own rules find wrong in the input.
 */
export function transition(call: Omit<ActionCall, 'roles' | 'action'> & { readonly code: string }): { effects: Effects; states: RegionStates; action: ActionDefinition } {
  const refused = refusal(call.definition, call.code, call.case, call.actor, call.env.now);
  if (refused) throw refused;
  const action = call.definition.actions.find((a) => a.code === call.code)!;
  const effects = action.perform({ ...call, action, roles: rolesIn(call.actor, call.case) });
  return { effects, action, states: { ...call.case.states, ...effects.states } };
}
