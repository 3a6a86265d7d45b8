import { conflict, invalid, newId, notFound, sqlState, type Clock, type Database, type Tx } from '../../kernel/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import { accountRoles, demand, type RequestContext } from '../policy/index.ts';
import { foldLogin, listAccounts, readAccount, type Account, type AccountPage, type AccountSecrets } from './account-rows.ts';
import type { SecurityAudit } from './contract.ts';
import { demandDelegation, demandOver, demandSight, type OwnerOf } from './delegation.ts';
import type { NewMembership } from './membership.ts';
import { checkPassword, type PasswordHasher } from './passwords.ts';
import { announce, endSignIns } from './revocation.ts';
import { readTotpSecret, wrapTotpSecret } from './totp-secret.ts';

export interface NewAccount {
  readonly id?: string;
  readonly login: string;
  readonly displayName: string;
  /** Absent: the account cannot sign in until one is set. */
  readonly password?: string;
  /** Base32 seed of an authenticator that is enrolled already; for the demonstration network. */
  readonly totpSecret?: string;
  /** BCP 47 language tag. */
  readonly locale?: string;
  /** IANA time zone. */
  readonly timeZone?: string;
  readonly memberships: readonly NewMembership[];
  /** Exempt from the rules for passwords; only such accounts are shown on the sign-in page. */
  readonly demonstration?: boolean;
}

/** Accounts as administration and the demonstration loader use them. Each call is checked against the actor's rights and audited. */
export interface Accounts {
  /** @throws invalid, conflict `login-taken` */
  create(ctx: RequestContext, account: NewAccount): Promise<Account>;
  find(ctx: RequestContext, by: { id: string } | { login: string }): Promise<Account | undefined>;
  list(ctx: RequestContext, query?: { institution?: string; text?: string; after?: string; limit?: number }): Promise<AccountPage>;
  /** Ends every sign-in of the account within a second, on all processes. */
  suspend(ctx: RequestContext, accountId: string, reason: string): Promise<void>;
  lift(ctx: RequestContext, accountId: string): Promise<void>;
  /** Sets a new password, ends all sign-ins. */
  setPassword(ctx: RequestContext, accountId: string, password: string): Promise<void>;
  /** Removes the authenticator and the recovery codes of somebody who lost both; ends all sign-ins. */
  resetTotp(ctx: RequestContext, accountId: string): Promise<void>;
  linkProfile(ctx: RequestContext, membershipId: string, profile: { profile?: string; practitionerRoles?: readonly string[]; organizations?: readonly string[] }): Promise<void>;
  addMembership(ctx: RequestContext, accountId: string, membership: NewMembership): Promise<string>;
  removeMembership(ctx: RequestContext, membershipId: string): Promise<void>;
}

export interface AccountsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: SecurityAudit;
  readonly wrapper: KeyWrapper;
  readonly passwords: PasswordHasher;
  /** Without it only those whose rights reach the whole network give out profiles and departments. */
  readonly ownerOf?: OwnerOf;
}

const profileSyntax = /^(Practitioner|Patient|RelatedPerson|Device)\/[A-Za-z0-9.-]{1,64}$/;
const text = (value: string, at: string, most: number): string => {
  const trimmed = value.normalize('NFC').trim();
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (trimmed.length === 0 || trimmed.length > most || /[\u0000-\u001f\u007f]/.test(trimmed)) throw invalid('account-field', `${at} needs 1 to ${most} printable characters.`, { details: { at } });
  return trimmed;
};
const timeZone = (value: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch (cause) {
    throw invalid('account-field', 'timeZone is not a time zone of the IANA database.', { details: { at: 'timeZone' }, cause });
  }
};
const locale = (value: string): string => {
  try {
    return Intl.getCanonicalLocales(value)[0] ?? 'en';
  } catch (cause) {
    throw invalid('account-field', 'locale is not a language tag.', { details: { at: 'locale' }, cause });
  }
};
function checkMembership(membership: NewMembership): void {
  const fault = (at: string, message: string) => invalid('account-field', message, { details: { at: `memberships.${at}` } });
  if (!accountRoles.includes(membership.role)) throw fault('role', 'role is not one of the roles.');
  const needsInstitution = membership.role === 'clinician' || membership.role === 'coordinator' || membership.role === 'institution-administrator';
  if (needsInstitution && !membership.institution) throw fault('institution', 'This role acts for an institution.');
  if (membership.profile !== undefined && !profileSyntax.test(membership.profile)) throw fault('profile', 'profile is a reference such as Practitioner/123.');
  if ((membership.practitionerRoles?.length ?? 0) > 50 || (membership.organizations?.length ?? 0) > 200) throw fault('organizations', 'Too many entries.');
}

async function insertMembership(tx: Tx, accountId: string, membership: NewMembership, position: number): Promise<string> {
  checkMembership(membership);
  const id = newId();
  if (membership.institution) await tx.query('insert into security.institution (id) values ($1) on conflict do nothing', [membership.institution]);
  const organizations = new Set([...(membership.institution ? [membership.institution] : []), ...(membership.organizations ?? [])]);
  await tx.query(
    `insert into security.membership (id, account_id, role, institution, profile, practitioner_roles, organizations, label, position)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, accountId, membership.role, membership.institution ?? null, membership.profile ?? null, membership.practitionerRoles ?? [], [...organizations], membership.label ?? null, position]);
  return id;
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { db, clock, audit, wrapper, passwords } = deps;
  const must = async (id: string): Promise<AccountSecrets> => {
    const account = await readAccount(db, { id });
    if (!account) throw notFound('account-unknown', 'There is no such account.');
    return account;
  };
  const note = (ctx: RequestContext, kind: Parameters<SecurityAudit>[0]['kind'], accountId: string, reason?: string): Promise<void> => audit({
    kind, outcome: 'success', at: clock.now(), accountId, byAccountId: ctx.actor.accountId, clientId: ctx.actor.clientId,
    ...(ctx.remoteAddress ? { remoteAddress: ctx.remoteAddress } : {}), ...(reason ? { reason } : {}),
  });
  const setStatus = (accountId: string, status: 'active' | 'suspended', reason: string | null): Promise<void> => db.transaction(async (tx) => {
    await tx.query('update security.account set status = $2, status_reason = $3, changed_at = $4 where id = $1', [accountId, status, reason, clock.now()]);
    await endSignIns(tx, accountId);
  });
  const membershipOwner = async (membershipId: string): Promise<AccountSecrets> => {
    const { rows } = await db.query<{ account_id: string }>('select account_id from security.membership where id = $1', [membershipId]);
    if (!rows[0]) throw notFound('membership-unknown', 'There is no such membership.');
    return must(rows[0].account_id);
  };

  return {
    async create(ctx, account) {
      const id = account.id ?? newId();
      await demandDelegation(ctx, 'account.create', account.memberships, deps.ownerOf);
      const login = text(account.login, 'login', 120);
      if (account.password !== undefined && !account.demonstration) checkPassword(account.password, login);
      const hash = account.password === undefined ? null : await passwords.hash(account.password);
      const totp = account.totpSecret === undefined ? null : await wrapTotpSecret(wrapper, id, readTotpSecret(account.totpSecret));
      const now = clock.now();
      try {
        await db.transaction(async (tx) => {
          await tx.query(
            `insert into security.account (id, login, login_folded, display_name, locale, time_zone, password_hash, password_changed_at, totp_secret, totp_enrolled_at, demonstration, created_at, changed_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
            [id, login, foldLogin(login), text(account.displayName, 'displayName', 200), locale(account.locale ?? 'en'), timeZone(account.timeZone ?? 'UTC'), hash,
              hash === null ? null : now, totp, totp === null ? null : now, account.demonstration ?? false, now]);
          for (const [position, membership] of account.memberships.entries()) await insertMembership(tx, id, membership, position);
        });
      } catch (error) {
        if (sqlState(error) === '23505') throw conflict('login-taken', 'That sign-in name is taken.', { cause: error, details: { at: 'login' } });
        throw error;
      }
      await note(ctx, 'account-created', id);
      const { passwordHash: _hash, totpSecret: _secret, ...shown } = await must(id);
      return shown;
    },
    async find(ctx, by) {
      const account = await readAccount(db, by);
      if (!account) return undefined;
      demandSight(ctx, account);
      const { passwordHash: _hash, totpSecret: _secret, ...shown } = account;
      return shown;
    },
    async list(ctx, query = {}) {
      const institution = query.institution ?? ctx.actor.institution;
      const wide = ctx.actor.role === 'network-administrator' || ctx.actor.role === 'system';
      demand(ctx.actor, 'account.create', wide ? undefined : institution ? { institution } : {});
      const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
      return listAccounts(db, { institution: wide ? query.institution : institution, text: query.text?.slice(0, 120), after: query.after, limit });
    },
    async suspend(ctx, accountId, reason) {
      demandOver(ctx, 'account.suspend', (await must(accountId)).memberships);
      await setStatus(accountId, 'suspended', reason.slice(0, 500));
      await note(ctx, 'account-suspended', accountId);
    },
    async lift(ctx, accountId) {
      demandOver(ctx, 'account.suspend', (await must(accountId)).memberships);
      await setStatus(accountId, 'active', null);
      await note(ctx, 'account-lifted', accountId);
    },
    async setPassword(ctx, accountId, password) {
      const account = await must(accountId);
      demandOver(ctx, 'account.reset', account.memberships);
      if (!account.demonstration) checkPassword(password, account.login);
      const hash = await passwords.hash(password);
      await db.transaction(async (tx) => {
        await tx.query('update security.account set password_hash = $2, password_changed_at = $3, changed_at = $3 where id = $1', [accountId, hash, clock.now()]);
        await endSignIns(tx, accountId);
      });
      await note(ctx, 'password-changed', accountId);
    },
    async resetTotp(ctx, accountId) {
      demandOver(ctx, 'account.reset', (await must(accountId)).memberships);
      await db.transaction(async (tx) => {
        await tx.query('update security.account set totp_secret = null, totp_enrolled_at = null, changed_at = $2 where id = $1', [accountId, clock.now()]);
        await tx.query('delete from security.recovery_code where account_id = $1', [accountId]);
        await endSignIns(tx, accountId);
      });
      await note(ctx, 'totp-removed', accountId);
    },
    async linkProfile(ctx, membershipId, profile) {
      const account = await membershipOwner(membershipId);
      const membership = account.memberships.find((m) => m.id === membershipId);
      if (!membership) throw notFound('membership-unknown', 'There is no such membership.');
      await demandDelegation(ctx, 'account.delegate', [{ ...membership, ...profile }], deps.ownerOf);
      checkMembership({ ...membership, ...profile });
      await db.transaction(async (tx) => {
        await tx.query(
          `update security.membership set profile = coalesce($2, profile), practitioner_roles = coalesce($3, practitioner_roles), organizations = coalesce($4, organizations) where id = $1`,
          [membershipId, profile.profile ?? null, profile.practitionerRoles ?? null, profile.organizations ?? null]);
        await announce(tx, { kind: 'account', id: account.id });
      });
      await note(ctx, 'profile-linked', account.id);
    },
    async addMembership(ctx, accountId, membership) {
      await demandDelegation(ctx, 'account.delegate', [membership], deps.ownerOf);
      const account = await must(accountId);
      const id = await db.transaction((tx) => insertMembership(tx, accountId, membership, account.memberships.length));
      await note(ctx, 'profile-linked', accountId);
      return id;
    },
    async removeMembership(ctx, membershipId) {
      const account = await membershipOwner(membershipId);
      demandOver(ctx, 'account.delegate', account.memberships.filter((m) => m.id === membershipId));
      await db.transaction(async (tx) => {
        await tx.query('delete from security.membership where id = $1', [membershipId]);
        await endSignIns(tx, account.id);
      });
      await note(ctx, 'profile-linked', account.id, 'membership-removed');
    },
  };
}
