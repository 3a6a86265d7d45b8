import { forbidden, newSecret, tooMany, unauthenticated, type Clock, type Database, type Tx } from '../../kernel/index.ts';
import { readAccount, unwrapTotpSecret, type SecurityAudit } from '../authorization/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import type { RequestContext } from '../policy/index.ts';
import { digest } from './digest.ts';
import { codeBuckets, type Throttle } from './throttle.ts';
import { useCode } from './totp.ts';

const validMs = 120_000;

/** A person at the keyboard proved anew who they are, for one act (a signature) within two minutes. */
export interface Proofs {
  /**
   * @returns the id of the proof, good for one `consume`.
   * @throws unauthenticated `code-wrong`; forbidden `totp-not-enrolled`; too-many `throttled`
   */
  reauthenticate(ctx: RequestContext, code: string): Promise<string>;
  /** Uses the proof up inside the transaction of the act. @throws unauthenticated `proof-invalid` when it is used, expired or somebody else's */
  consume(tx: Tx, accountId: string, proofId: string): Promise<void>;
}

export function createProofs(deps: { db: Database; clock: Clock; audit: SecurityAudit; wrapper: KeyWrapper; throttle: Throttle }): Proofs {
  const { db, clock, audit, wrapper, throttle } = deps;
  return {
    async reauthenticate(ctx, code) {
      const { accountId, clientId } = ctx.actor;
      const note = (kind: 'reauthenticated' | 'reauthentication-refused', reason?: string): Promise<void> => audit({
        kind, outcome: kind === 'reauthenticated' ? 'success' : 'failure', at: clock.now(), accountId, clientId, methods: ['otp'],
        ...(ctx.remoteAddress ? { remoteAddress: ctx.remoteAddress } : {}), ...(reason ? { reason } : {}),
      });
      const account = await readAccount(db, { id: accountId });
      if (!account?.totpSecret || account.status !== 'active') throw forbidden('totp-not-enrolled', 'Set up an authenticator under "Sign-in and security" first.');
      const buckets = codeBuckets(accountId);
      const admission = await throttle.admit(buckets);
      if (!admission.admitted) {
        await note('reauthentication-refused', 'throttled');
        throw tooMany('throttled', 'Too many wrong codes; wait a little.', { details: { retryAfterMs: admission.retryAfterMs } });
      }
      const now = clock.now();
      if (!(await useCode(db, accountId, await unwrapTotpSecret(wrapper, accountId, account.totpSecret), code, now))) {
        await note('reauthentication-refused', 'totp');
        throw unauthenticated('code-wrong', 'That code is wrong or was used already; wait for the next one.', { details: { at: 'code' } });
      }
      await throttle.succeeded(buckets);
      const proof = newSecret();
      await db.query('insert into security.proof (key, account_id, method, made_at, expires_at) values ($1, $2, $3, $4, $5)', [digest(proof), accountId, 'otp', now, new Date(now.getTime() + validMs)]);
      await note('reauthenticated');
      return proof;
    },
    async consume(tx, accountId, proofId) {
      const now = clock.now();
      // Bounded on both sides: a clock that was put back does not make a proof last.
      const { rowCount } = await tx.query('delete from security.proof where key = $1 and account_id = $2 and expires_at > $3 and made_at <= $4', [digest(proofId.slice(0, 200)), accountId, now, new Date(now.getTime() + 1_000)]);
      if (rowCount !== 1) throw unauthenticated('proof-invalid', 'Confirm with your authenticator again.', { details: { at: 'proof' } });
    },
  };
}
