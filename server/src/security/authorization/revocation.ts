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

/** What is left alone when somebody changes their own password: the session they do it in. */
export interface KeptSession { readonly sessionUid: string; readonly grantIds: readonly string[] }

/** Ends every sign-in of an account: sessions, codes, tokens and grants, on all devices. */
export async function endSignIns(tx: Tx, accountId: string, keep: KeptSession = { sessionUid: '', grantIds: [] }): Promise<void> {
  await tx.query(
    `with gone as (delete from security.sign_in where account_id = $1 and grant_id <> all($2) returning grant_id)
     delete from security.artifact where grant_id in (select grant_id from gone)`, [accountId, keep.grantIds]);
  await tx.query(
    `delete from security.artifact where account_id = $1 and (grant_id is null or grant_id <> all($2)) and not (kind = 'Session' and payload ->> 'uid' = $3)`,
    [accountId, keep.grantIds, keep.sessionUid]);
  await announce(tx, { kind: 'account', id: accountId });
}
