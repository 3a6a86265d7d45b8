import type { Clock, Database, Sql } from '../../kernel/index.ts';
import { announce, readAccount, type AccountSecrets, type Membership } from '../authorization/index.ts';

/** How long somebody stays signed in at most, whatever they do. */
export const sessionMs = 12 * 3_600_000;

/** What a grant stands for. */
export interface SignIn {
  readonly grantId: string;
  readonly accountId?: string;
  readonly membershipId?: string;
  readonly methods: readonly string[];
}

export async function writeSignIn(sql: Sql, clock: Clock, signIn: { grantId: string; accountId?: string; membershipId?: string; linkKey?: Buffer; methods: readonly string[]; purpose?: string | undefined }): Promise<void> {
  const now = clock.now();
  await sql.query(
    `insert into security.sign_in (grant_id, account_id, membership_id, link_key, methods, purpose, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [signIn.grantId, signIn.accountId ?? null, signIn.membershipId ?? null, signIn.linkKey ?? null, signIn.methods, signIn.purpose ?? null, now, new Date(now.getTime() + sessionMs)]);
}

export async function readSignIn(sql: Sql, grantId: string): Promise<SignIn | undefined> {
  const { rows } = await sql.query<{ account_id: string | null; membership_id: string | null; methods: string[] }>('select account_id, membership_id, methods from security.sign_in where grant_id = $1', [grantId]);
  const row = rows[0];
  return row && { grantId, methods: row.methods, ...(row.account_id === null ? {} : { accountId: row.account_id }), ...(row.membership_id === null ? {} : { membershipId: row.membership_id }) };
}

/** The account with those of its roles that can be used now: none of a suspended institution. Undefined when it cannot be used at all. */
export async function readUsableAccount(sql: Sql, by: { id: string } | { login: string }): Promise<AccountSecrets | undefined> {
  const account = await readAccount(sql, by);
  if (!account || account.status !== 'active') return undefined;
  const { rows } = await sql.query<{ id: string }>("select id from security.institution where id = any($1) and status = 'suspended'", [account.memberships.map((m) => m.institution).filter(Boolean)]);
  const suspended = new Set(rows.map((row) => row.id));
  return { ...account, memberships: account.memberships.filter((m) => m.institution === undefined || !suspended.has(m.institution)) };
}

export const membershipOf = (account: AccountSecrets, id: string | undefined): Membership | undefined => account.memberships.find((m) => m.id === id);

/** Ends what was granted once: its tokens are refused within a second. */
export async function endGrant(db: Database, grantId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('delete from security.artifact where grant_id = $1', [grantId]);
    await tx.query('delete from security.sign_in where grant_id = $1', [grantId]);
    await announce(tx, { kind: 'grant', id: grantId });
  });
}
