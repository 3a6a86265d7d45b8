import { BedsideError } from '../../kernel/index.ts';
import { checkPassword, endSignIns, unwrapTotpSecret, wrapTotpSecret, type AccountSecrets, type KeptSession, type SecurityEvent } from '../authorization/index.ts';
import type { Fault, PageText } from './pages/index.ts';
import { renewRecoveryCodes } from './recovery.ts';
import type { SignInDeps } from './sign-in-steps.ts';
import { codeBuckets } from './throttle.ts';
import { newTotpSecret, useCode } from './totp.ts';

/** What somebody may change about their own way in. Each needs the password or a code once more, whoever left the screen open. */
export type AccountOutcome =
  | { readonly kind: 'fault'; readonly part: 'password' | 'totp'; readonly fault: Fault; readonly pending?: string }
  | { readonly kind: 'enrol'; readonly pending: string }
  | { readonly kind: 'done'; readonly text: keyof PageText; readonly codes?: readonly string[] };

export interface AccountAttempt {
  readonly step: string;
  readonly field: (name: string) => string;
  readonly remoteAddress: string | undefined;
  readonly keep: KeptSession;
}

const pendingContext = (accountId: string): string => `security/totp-pending/${accountId}`;

/** The seed of an enrolment that is under way; it travels through the form, wrapped for this account. */
export async function openPending(deps: SignInDeps, accountId: string, pending: string): Promise<Uint8Array | undefined> {
  if (!/^[A-Za-z0-9_-]{16,1000}$/.test(pending)) return undefined;
  try {
    return await deps.wrapper.unwrap(Buffer.from(pending, 'base64url'), pendingContext(accountId));
  } catch (error) {
    if (error instanceof BedsideError) return undefined;
    throw error;
  }
}

export async function changeAccount(deps: SignInDeps, account: AccountSecrets, attempt: AccountAttempt): Promise<AccountOutcome> {
  const { db, clock, wrapper, throttle } = deps;
  const { step, field, keep } = attempt;
  const part = step === 'password' ? 'password' : 'totp';
  const note = (kind: SecurityEvent['kind'], outcome: SecurityEvent['outcome'], reason?: string): Promise<void> => deps.audit({
    kind, outcome, at: clock.now(), accountId: account.id, byAccountId: account.id, ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}), ...(reason ? { reason } : {}),
  });
  const fault = (text: keyof PageText, more: Partial<Fault> = {}): AccountOutcome => ({ kind: 'fault', part, fault: { text, ...more }, ...(step === 'enrol-confirm' ? { pending: field('pending') } : {}) });

  const buckets = codeBuckets(account.id);
  const admission = await throttle.admit(buckets);
  if (!admission.admitted) return fault('throttled', { status: 429, minutes: Math.ceil(admission.retryAfterMs / 60_000) });
  const passwordRight = (): Promise<boolean> => deps.passwords.verify(field('current'), account.passwordHash);
  const codeRight = async (): Promise<boolean> =>
    account.totpSecret !== undefined && useCode(db, account.id, await unwrapTotpSecret(wrapper, account.id, account.totpSecret), field('code'), clock.now());

  if (step === 'password') {
    if (!(await passwordRight())) {
      await note('reauthentication-refused', 'failure', 'password');
      return fault('wrongCurrent', { status: 401 });
    }
    await throttle.succeeded(buckets);
    try {
      checkPassword(field('new'), account.login);
    } catch (error) {
      if (error instanceof BedsideError && error.code === 'password-weak') return fault('passwordWeak');
      throw error;
    }
    const hash = await deps.passwords.hash(field('new'));
    await db.transaction(async (tx) => {
      await tx.query('update security.account set password_hash = $2, password_changed_at = $3, changed_at = $3 where id = $1', [account.id, hash, clock.now()]);
      await endSignIns(tx, account.id, keep);
    });
    await note('password-changed', 'success');
    return { kind: 'done', text: 'passwordChanged' };
  }
  if (step === 'enrol' && !account.totpEnrolled) {
    if (!(await passwordRight())) {
      await note('reauthentication-refused', 'failure', 'password');
      return fault('wrongCurrent', { status: 401 });
    }
    await throttle.succeeded(buckets);
    return { kind: 'enrol', pending: Buffer.from(await wrapper.wrap(newTotpSecret(), pendingContext(account.id))).toString('base64url') };
  }
  if (step === 'enrol-confirm' && !account.totpEnrolled) {
    const secret = await openPending(deps, account.id, field('pending'));
    if (!secret) return { kind: 'fault', part, fault: { text: 'errorHelp' } };
    if (!(await useCode(db, account.id, secret, field('code'), clock.now()))) return fault('wrongCode', { status: 401 });
    await throttle.succeeded(buckets);
    const wrapped = await wrapTotpSecret(wrapper, account.id, secret);
    const codes = await db.transaction(async (tx) => {
      await tx.query('update security.account set totp_secret = $2, totp_enrolled_at = $3, changed_at = $3 where id = $1', [account.id, wrapped, clock.now()]);
      return renewRecoveryCodes(tx, account.id);
    });
    await note('totp-enrolled', 'success');
    return { kind: 'done', text: 'totpDone', codes };
  }
  if ((step === 'recovery' || step === 'remove') && account.totpEnrolled) {
    if (!(await codeRight())) {
      await note('reauthentication-refused', 'failure', 'totp');
      return fault('wrongCode', { status: 401 });
    }
    await throttle.succeeded(buckets);
    if (step === 'recovery') {
      const codes = await db.transaction((tx) => renewRecoveryCodes(tx, account.id));
      await note('recovery-codes-made', 'success');
      return { kind: 'done', text: 'recoveryTitle', codes };
    }
    await db.transaction(async (tx) => {
      await tx.query('update security.account set totp_secret = null, totp_enrolled_at = null, changed_at = $2 where id = $1', [account.id, clock.now()]);
      await tx.query('delete from security.recovery_code where account_id = $1', [account.id]);
    });
    await note('totp-removed', 'success');
    return { kind: 'done', text: 'removed' };
  }
  return fault('errorHelp');
}
