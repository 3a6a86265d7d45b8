import type { Sql } from '../../kernel/index.ts';
import type { AccountRole } from '../policy/index.ts';

/** One way in which a person acts: a doctor of this hospital, a patient, an administrator of that one. */
export interface Membership {
  readonly id: string;
  readonly role: AccountRole;
  readonly institution?: string;
  /** `Practitioner/x` or `Patient/x`. */
  readonly profile?: string;
  readonly practitionerRoles: readonly string[];
  /** The institution and the departments whose rows are the person's own. */
  readonly organizations: readonly string[];
  /** What the role chooser shows, e.g. the name of the institution. */
  readonly label?: string;
}

export interface Account {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly status: 'active' | 'suspended';
  readonly totpEnrolled: boolean;
  readonly demonstration: boolean;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly memberships: readonly Membership[];
}

/** What sign-in needs besides; never leaves the server. */
export interface AccountSecrets extends Account { readonly passwordHash?: string; readonly totpSecret?: Uint8Array }

interface MembershipRow {
  id: string; role: AccountRole; institution: string | null; profile: string | null; practitioner_roles: string[]; organizations: string[]; label: string | null;
}
interface AccountRow {
  id: string; login: string; display_name: string; locale: string; time_zone: string; status: 'active' | 'suspended'; password_hash: string | null;
  totp_secret: Buffer | null; totp_enrolled_at: Date | null; demonstration: boolean; created_at: Date; changed_at: Date; memberships: MembershipRow[];
}

const columns = `a.*, coalesce((select jsonb_agg(to_jsonb(m) order by m.position, m.id) from security.membership m where m.account_id = a.id), '[]') as memberships`;

const toMembership = (row: MembershipRow): Membership => ({
  id: row.id, role: row.role, practitionerRoles: row.practitioner_roles, organizations: row.organizations,
  ...(row.institution === null ? {} : { institution: row.institution }), ...(row.profile === null ? {} : { profile: row.profile }),
  ...(row.label === null ? {} : { label: row.label }),
});

const toAccount = (row: AccountRow): Account => ({
  id: row.id, login: row.login, displayName: row.display_name, locale: row.locale, timeZone: row.time_zone, status: row.status,
  totpEnrolled: row.totp_enrolled_at !== null, demonstration: row.demonstration, createdAt: row.created_at, changedAt: row.changed_at,
  memberships: row.memberships.map(toMembership),
});

/** Sign-in names are compared without regard to case or to compatible forms of the same letter. */
export const foldLogin = (login: string): string => login.normalize('NFKC').trim().toLowerCase();

export async function readAccount(sql: Sql, by: { id: string } | { login: string }): Promise<AccountSecrets | undefined> {
  const { rows } = 'id' in by
    ? await sql.query<AccountRow>(`select ${columns} from security.account a where a.id = $1`, [by.id])
    : await sql.query<AccountRow>(`select ${columns} from security.account a where a.login_folded = $1`, [foldLogin(by.login)]);
  const row = rows[0];
  if (!row) return undefined;
  return {
    ...toAccount(row),
    ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }),
    ...(row.totp_secret === null ? {} : { totpSecret: row.totp_secret }),
  };
}

export interface AccountPage { readonly accounts: readonly Account[]; readonly next?: string }

/** Accounts in order of sign-in name; `after` is the `next` of the page before. */
export async function listAccounts(sql: Sql, query: { institution?: string | undefined; text?: string | undefined; after?: string | undefined; limit: number }): Promise<AccountPage> {
  const { rows } = await sql.query<AccountRow>(
    `select ${columns} from security.account a
     where ($1::text is null or exists (select from security.membership m where m.account_id = a.id and m.institution = $1))
       and ($2::text is null or starts_with(a.login_folded, lower($2)) or strpos(lower(a.display_name), lower($2)) > 0)
       and ($3::text is null or a.login_folded > $3)
     order by a.login_folded limit $4`, [query.institution ?? null, query.text ?? null, query.after ?? null, query.limit + 1]);
  const page = rows.slice(0, query.limit).map(toAccount);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return { accounts: page, ...(last ? { next: foldLogin(last.login) } : {}) };
}
