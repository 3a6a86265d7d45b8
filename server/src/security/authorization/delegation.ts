import { forbidden } from '../../kernel/index.ts';
import { demand, grantableRoles, reachOf, type Permission, type RequestContext } from '../policy/index.ts';
import type { NewMembership } from './membership.ts';

/**
 * Which institution owns a Practitioner, Patient, PractitionerRole or Organization, as a reference; undefined when nobody knows.
 * The FHIR repository answers this.
 */
export type OwnerOf = (reference: string) => Promise<string | undefined>;

const refused = (permission: string) => forbidden('not-permitted', 'Your role does not include giving that role or profile.', { details: { permission } });

/**
 * Nobody gives away more than they have: a role below their own, in an institution they administer, and profiles and departments which that
 * institution owns. Being the account oneself changes nothing, or an administrator could give themselves everything.
 */
export async function demandDelegation(ctx: RequestContext, permission: Permission, memberships: readonly NewMembership[], ownerOf: OwnerOf | undefined): Promise<void> {
  const { actor } = ctx;
  if (memberships.length === 0) demand(actor, permission, {});
  for (const membership of memberships) {
    demand(actor, permission, membership.institution ? { institution: membership.institution } : {});
    if (!grantableRoles[actor.role].includes(membership.role)) throw refused(permission);
    if (reachOf(actor, permission) === 'network') continue;
    const references = [
      ...(membership.profile ? [membership.profile] : []), ...(membership.practitionerRoles ?? []),
      ...(membership.organizations ?? []).filter((id) => id !== membership.institution).map((id) => `Organization/${id}`),
    ];
    for (const reference of references) if ((await ownerOf?.(reference)) !== membership.institution) throw refused(permission);
  }
}

/** Suspending, resetting: the right must reach every role the account has, or taking one hat off would take all. */
export function demandOver(ctx: RequestContext, permission: 'account.suspend' | 'account.reset' | 'account.delegate', memberships: readonly NewMembership[]): void {
  if (memberships.length === 0) demand(ctx.actor, permission, {});
  for (const membership of memberships) {
    demand(ctx.actor, permission, membership.institution ? { institution: membership.institution } : {});
    if (!grantableRoles[ctx.actor.role].includes(membership.role)) throw refused(permission);
  }
}

/** Seeing an account: one's own, or one that shares an institution with an administrator. */
export function demandSight(ctx: RequestContext, account: { readonly id: string; readonly memberships: readonly NewMembership[] }): void {
  const institutions = account.memberships.map((membership) => membership.institution);
  const mine = institutions.find((institution) => institution !== undefined && institution === ctx.actor.institution);
  demand(ctx.actor, 'account.read', { accountId: account.id, ...(mine ? { institution: mine } : {}) });
}
