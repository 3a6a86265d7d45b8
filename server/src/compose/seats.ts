import type { Database } from '../kernel/index.ts';
import type { Authentication } from '../security/authentication/index.ts';
import type { Actor } from '../security/policy/index.ts';

const guestPrefix = 'link:';

/**
 * Whether somebody with a ticket may still use it: the account is active and its institution too, or the link was not withdrawn and has not
 * expired. Tickets and open connections outlive the token that they were asked for with.
 */
export function seatHolders(db: Database): (actor: Pick<Actor, 'accountId' | 'institution'>) => Promise<boolean> {
  return async ({ accountId, institution }) => {
    const statement = accountId.startsWith(guestPrefix)
      ? { text: "select exists (select 1 from security.link where left(encode(key, 'hex'), 32) = $1 and withdrawn_at is null and expires_at > now()) as holds", values: [accountId.slice(guestPrefix.length)] }
      : { text: `select exists (select 1 from security.account where id = $1 and status = 'active') and not exists (select 1 from security.institution where id = $2 and status <> 'active') as holds`, values: [accountId, institution ?? ''] };
    const { rows } = await db.query<{ holds: boolean }>(statement.text, statement.values);
    return rows[0]!.holds;
  };
}

/** A place where people sit with open connections: the rooms, the whiteboards. */
export interface Seating {
  /** Everybody who sits there now. */
  seated(): readonly Pick<Actor, 'accountId' | 'institution'>[];
  /** Ends the connections of an account. */
  expel(accountId: string): void;
}

/** Whoever is suspended leaves rooms and whiteboards at once. Returns what stops the watch. */
export function expelSuspended(deps: { authentication: Pick<Authentication, 'onRevocation'>; holds: ReturnType<typeof seatHolders>; places: readonly Seating[]; onFault: (error: unknown) => void }): () => void {
  const look = async (concerns: (seat: Pick<Actor, 'accountId' | 'institution'>) => boolean): Promise<void> => {
    for (const place of deps.places) {
      for (const seat of place.seated().filter(concerns)) if (!await deps.holds(seat)) place.expel(seat.accountId);
    }
  };
  return deps.authentication.onRevocation((revocation) => {
    const concerns = (seat: Pick<Actor, 'accountId' | 'institution'>): boolean =>
      revocation === 'everything' || (revocation.kind === 'account' && seat.accountId === revocation.id) || (revocation.kind === 'institution' && seat.institution === revocation.id);
    look(concerns).catch(deps.onFault);
  });
}
