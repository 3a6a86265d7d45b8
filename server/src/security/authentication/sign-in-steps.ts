import { BedsideError, type Clock, type Database } from '../../kernel/index.ts';
import { readAccount, unwrapTotpSecret, type AccountSecrets, type PasswordHasher, type SecurityAudit, type SecurityEvent } from '../authorization/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import type { Fault } from './pages/index.ts';
import { useRecoveryCode } from './recovery.ts';
import { membershipOf, readUsableAccount } from './sign-ins.ts';
import { codeBuckets, signInBuckets, type Throttle } from './throttle.ts';
import { useCode } from './totp.ts';

export interface SignInDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: SecurityAudit;
  readonly wrapper: KeyWrapper;
  readonly passwords: PasswordHasher;
  readonly throttle: Throttle;
}

/** How far somebody has come on the sign-in page. Kept with the interaction, on the server. */
export interface Progress {
  readonly stage: 'password' | 'code' | 'role';
  readonly accountId?: string;
  readonly methods: readonly string[];
  /** When the password was right, in milliseconds since 1970. */
  readonly atMs?: number;
}
export const start: Progress = { stage: 'password', methods: [] };

/** What the person sent. */
export interface Attempt {
  readonly step: string;
  readonly field: (name: string) => string;
  readonly remoteAddress: string | undefined;
  readonly clientId: string;
}

export type Step =
  | { readonly kind: 'show'; readonly progress: Progress; readonly fault?: Fault }
  | { readonly kind: 'done'; readonly progress: Progress; readonly accountId: string; readonly membershipId: string };

/** A password is worth this long; whoever takes longer to type a code begins again. */
const freshMs = 10 * 60_000;

type Note = (kind: SecurityEvent['kind'], outcome: SecurityEvent['outcome'], more?: Partial<SecurityEvent>) => Promise<void>;

const minutes = (ms: number): number => Math.max(1, Math.ceil(ms / 60_000));
const throttled = (retryAfterMs: number): Fault => ({ text: 'throttled', status: 429, minutes: minutes(retryAfterMs) });

/** On to the next stage, or to the end when nothing is left to ask. */
async function advance(deps: SignInDeps, account: AccountSecrets, progress: Progress, note: Note): Promise<Step> {
  const usable = await readUsableAccount(deps.db, { id: account.id });
  if (!usable || usable.memberships.length === 0) {
    await note('sign-in-refused', 'failure', { accountId: account.id, reason: 'no-role' });
    return { kind: 'show', progress: start, fault: { text: 'noRole', status: 403 } };
  }
  const only = usable.memberships.length === 1 ? usable.memberships[0] : undefined;
  return only ? { kind: 'done', progress, accountId: account.id, membershipId: only.id } : { kind: 'show', progress: { ...progress, stage: 'role' } };
}

async function passwordStep(deps: SignInDeps, attempt: Attempt, note: Note): Promise<Step> {
  const login = attempt.field('login').slice(0, 120);
  const password = attempt.field('password');
  if (login.trim() === '' || password === '') return { kind: 'show', progress: start, fault: { text: 'missing' } };
  const buckets = signInBuckets(login, attempt.remoteAddress);
  const admission = await deps.throttle.admit(buckets);
  if (!admission.admitted) {
    await note('throttled', 'failure', { reason: 'password' });
    return { kind: 'show', progress: start, fault: throttled(admission.retryAfterMs) };
  }
  const account = await readAccount(deps.db, { login });
  let right: boolean;
  try {
    right = await deps.passwords.verify(password, account?.passwordHash);
  } catch (error) {
    if (error instanceof BedsideError && error.code === 'sign-in-busy') return { kind: 'show', progress: start, fault: { text: 'busy', status: 503 } };
    throw error;
  }
  if (!account || !right) {
    await note('sign-in-refused', 'failure', { reason: 'password', ...(account ? { accountId: account.id } : {}) });
    return { kind: 'show', progress: start, fault: { text: 'wrongPassword', status: 401 } };
  }
  await deps.throttle.succeeded(buckets);
  if (account.status === 'suspended') {
    await note('sign-in-refused', 'failure', { accountId: account.id, reason: 'suspended' });
    return { kind: 'show', progress: start, fault: { text: 'suspended', status: 403 } };
  }
  const progress: Progress = { stage: 'code', accountId: account.id, methods: ['pwd'], atMs: deps.clock.now().getTime() };
  return account.totpEnrolled ? { kind: 'show', progress } : advance(deps, account, progress, note);
}

async function codeStep(deps: SignInDeps, attempt: Attempt, progress: Progress, account: AccountSecrets, note: Note): Promise<Step> {
  const buckets = codeBuckets(account.id);
  const admission = await deps.throttle.admit(buckets);
  if (!admission.admitted) {
    await note('throttled', 'failure', { accountId: account.id, reason: attempt.step });
    return { kind: 'show', progress, fault: throttled(admission.retryAfterMs) };
  }
  const now = deps.clock.now();
  const recovery = attempt.step === 'recovery';
  const right = recovery
    ? await useRecoveryCode(deps.db, account.id, attempt.field('code'), now)
    : account.totpSecret !== undefined && await useCode(deps.db, account.id, await unwrapTotpSecret(deps.wrapper, account.id, account.totpSecret), attempt.field('code'), now);
  if (!right) {
    await note('sign-in-refused', 'failure', { accountId: account.id, reason: recovery ? 'recovery-code' : 'totp' });
    return { kind: 'show', progress, fault: { text: recovery ? 'wrongRecovery' : 'wrongCode', status: 401 } };
  }
  await deps.throttle.succeeded(buckets);
  if (recovery) await note('recovery-code-used', 'success', { accountId: account.id });
  return advance(deps, account, { ...progress, methods: ['pwd', 'otp'] }, note);
}

/** One form sent on the sign-in page: what to show next, or who it is. Everything that decides is audited before it is answered. */
export async function takeStep(deps: SignInDeps, progress: Progress, attempt: Attempt): Promise<Step> {
  const note: Note = (kind, outcome, more = {}) => deps.audit({
    kind, outcome, at: deps.clock.now(), clientId: attempt.clientId, ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}), ...more,
  });
  if (attempt.step === 'restart') return { kind: 'show', progress: start };
  if (attempt.step === 'password') return passwordStep(deps, attempt, note);
  const account = progress.accountId === undefined ? undefined : await readAccount(deps.db, { id: progress.accountId });
  const ageMs = progress.atMs === undefined ? 0 : Math.abs(deps.clock.now().getTime() - progress.atMs);
  if (!account || account.status !== 'active' || ageMs > freshMs) return { kind: 'show', progress: start, fault: { text: 'errorHelp' } };
  if (progress.stage === 'code' && (attempt.step === 'code' || attempt.step === 'recovery')) return codeStep(deps, attempt, progress, account, note);
  if (progress.stage === 'role' && attempt.step === 'role') {
    const usable = await readUsableAccount(deps.db, { id: account.id });
    const membership = usable && membershipOf(usable, attempt.field('membership'));
    return membership ? { kind: 'done', progress, accountId: account.id, membershipId: membership.id } : { kind: 'show', progress, fault: { text: 'noRole', status: 403 } };
  }
  return { kind: 'show', progress };
}
