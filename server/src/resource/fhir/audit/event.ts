import type { RequestContext } from '../../../security/policy/index.ts';

/** What was done, in FHIR's letters: create, read (and search), update, delete, execute (operations, sign-in). @see AuditEvent.action */
export type AuditAction = 'C' | 'R' | 'U' | 'D' | 'E';

/** A trace of something somebody did; never holds patient data beyond ids. */
export interface AuditRecord {
  readonly action: AuditAction;
  /** `read`, `search`, `create`, `login`, `view-study`...: the interaction or event, as a stable code. */
  readonly kind: string;
  readonly type?: string;
  readonly ids?: readonly string[];
  readonly patients?: readonly string[];
  readonly caseId?: string;
  /** Search as asked, for queries. */
  readonly query?: string;
  /** 0 done, 4 refused, 8 failed, 12 catastrophe. */
  readonly outcome?: 0 | 4 | 8 | 12;
  readonly detail?: string;
}

/** Columns of audit.event in the order of `auditValues`. */
export const auditColumns = ['at', 'action', 'kind', 'account', 'name', 'role', 'profile', 'institution', 'client', 'address', 'trace', 'purpose', 'type', 'ids', 'patients', 'case_id', 'query', 'outcome', 'detail'] as const;
export const auditTypes = ['timestamptz', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'text[]', 'text[]', 'text', 'text', 'smallint', 'text'] as const;

export function auditValues(ctx: RequestContext, r: AuditRecord): unknown[] {
  const { actor } = ctx;
  return [ctx.clock.now(), r.action, r.kind, actor.accountId, actor.name, actor.role, actor.profile ?? null, actor.institution ?? null, actor.clientId, ctx.remoteAddress ?? null, ctx.traceId,
    ctx.purpose, r.type ?? null, r.ids ?? null, r.patients ?? null, r.caseId ?? null, r.query?.slice(0, 2000) ?? null, r.outcome ?? 0, r.detail ?? null];
}
