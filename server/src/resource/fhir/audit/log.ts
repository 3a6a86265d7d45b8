import { tooMany, unavailable, type Database, type Sql } from '../../../kernel/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { auditColumns, auditTypes, auditValues, type AuditRecord } from './event.ts';

/** No disclosure without a trace: `record` resolves when the event is on disk; the answer waits for it. */
export interface AuditLog {
  record(ctx: RequestContext, event: AuditRecord): Promise<void>;
  /** In a transaction of the caller's. */
  recordIn(tx: Sql, ctx: RequestContext, event: AuditRecord): Promise<void>;
  close(): Promise<void>;
}

interface Waiting { readonly values: unknown[]; done(): void; failed(error: unknown): void }

const columns = auditColumns.join(', ');
const single = `insert into audit.event (${columns}) values (${auditTypes.map((t, i) => `$${i + 1}::${t}`).join(', ')})`;
// Arrays of arrays do not go through unnest: the two list columns travel as array literals.
const many = `insert into audit.event (${columns}) select ${auditColumns.map((c, i) => (auditTypes[i]!.endsWith('[]') ? `a.${c}::text[]` : `a.${c}`)).join(', ')}
  from unnest(${auditTypes.map((t, i) => `$${i + 1}::${t.endsWith('[]') ? 'text' : t}[]`).join(', ')}) as a(${columns})`;
const literal = (list: unknown): string | null => (Array.isArray(list) ? `{${list.map((x) => `"${String(x).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}` : null);

/**
 * Commits the events of concurrent reads in groups: while one group is being written the next one gathers, so that one
 * fsync serves many readers and a lone reader waits for no timer.
 * @param limit events that may wait; above it readers are told 429.
 */
export function openAuditLog(db: Database, limit = 20_000): AuditLog {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.splice(0, 500);
      try {
        if (group.length === 1) await db.query({ name: 'audit-one', text: single, values: group[0]!.values });
        else {
          const lists = auditColumns.map((_, i) => group.map((w) => (auditTypes[i]!.endsWith('[]') ? literal(w.values[i]) : w.values[i])));
          await db.query({ name: 'audit-many', text: many, values: lists });
        }
        for (const w of group) w.done();
      } catch (cause) {
        const error = unavailable('audit-unavailable', 'The access could not be recorded, so nothing is shown; try again.', { cause, details: { retryAfterMs: 1_000 } });
        for (const w of group) w.failed(error);
      }
    }
    running = undefined;
  };
  return {
    record: (ctx, event) => new Promise<void>((resolve, reject) => {
      if (waiting.length >= limit) {
        reject(tooMany('audit-queue-full', 'Too many requests at once; try again.', { details: { retryAfterMs: 1_000 } }));
        return;
      }
      waiting.push({ values: auditValues(ctx, event), done: resolve, failed: reject });
      running ??= Promise.resolve().then(flush);
    }),
    recordIn: async (tx, ctx, event) => { await tx.query({ name: 'audit-one', text: single, values: auditValues(ctx, event) }); },
    close: async () => { await running; waiting = []; },
  };
}
