import type { Sql, Tx } from '../../kernel/index.ts';

/** Channel on which every process hears that something it may have cached is no longer true. */
export const revocationChannel = 'bedside_security';

export const revocationKinds = ['account', 'institution', 'client', 'grant', 'keys'] as const;
export interface Revocation { readonly kind: (typeof revocationKinds)[number]; readonly id: string }

/** Tells all processes when the transaction commits (or at once outside of one). */
export async function announce(sql: Sql, revocation: Revocation): Promise<void> {
  await sql.query('select pg_notify($1, $2)', [revocationChannel, JSON.stringify(revocation)]);
}

/** Reads a notification's text; undefined when it is not one of ours. */
export function parseRevocation(text: string | undefined): Revocation | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { kind, id } = value as { kind?: unknown; id?: unknown };
    const known = revocationKinds.find((k) => k === kind);
    return known !== undefined && typeof id === 'string' ? { kind: known, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Ends every sign-in of an account: sessions, codes, tokens and grants, on all devices (except one grant, if named). */
export async function endSignIns(tx: Tx, accountId: string, exceptGrant?: string): Promise<void> {
  await tx.query(
    `with gone as (delete from security.sign_in where account_id = $1 and grant_id is distinct from $2 returning grant_id)
     delete from security.artifact where grant_id in (select grant_id from gone)`, [accountId, exceptGrant ?? null]);
  await tx.query('delete from security.artifact where account_id = $1 and (grant_id is null or grant_id is distinct from $2)', [accountId, exceptGrant ?? null]);
  await announce(tx, { kind: 'account', id: accountId });
}
