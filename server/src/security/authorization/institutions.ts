import type { Clock, Database } from '../../kernel/index.ts';
import { demand, type RequestContext } from '../policy/index.ts';
import type { SecurityAudit } from './contract.ts';
import { announce } from './revocation.ts';

/** Whether an institution's members may act for it. Suspending it stops them all within a second; lifting lets them sign in again. */
export interface InstitutionAccess {
  suspend(ctx: RequestContext, institution: string, reason: string): Promise<void>;
  lift(ctx: RequestContext, institution: string): Promise<void>;
}

export function createInstitutionAccess(deps: { db: Database; clock: Clock; audit: SecurityAudit }): InstitutionAccess {
  const set = async (ctx: RequestContext, institution: string, status: 'active' | 'suspended', reason: string | null): Promise<void> => {
    demand(ctx.actor, 'institution.suspend', { institution });
    await deps.db.transaction(async (tx) => {
      await tx.query(
        `insert into security.institution (id, status, reason, changed_at) values ($1, $2, $3, $4)
         on conflict (id) do update set status = excluded.status, reason = excluded.reason, changed_at = excluded.changed_at`,
        [institution, status, reason, deps.clock.now()]);
      if (status === 'suspended') {
        await tx.query(
          `with gone as (delete from security.sign_in s using security.membership m where m.id = s.membership_id and m.institution = $1 returning s.grant_id)
           delete from security.artifact where grant_id in (select grant_id from gone)`, [institution]);
      }
      await announce(tx, { kind: 'institution', id: institution });
    });
    await deps.audit({
      kind: status === 'suspended' ? 'institution-suspended' : 'institution-lifted', outcome: 'success', at: deps.clock.now(), institution, byAccountId: ctx.actor.accountId,
      ...(ctx.remoteAddress ? { remoteAddress: ctx.remoteAddress } : {}),
    });
  };
  return {
    suspend: (ctx, institution, reason) => set(ctx, institution, 'suspended', reason.slice(0, 500)),
    lift: (ctx, institution) => set(ctx, institution, 'active', null),
  };
}
