import type { Clock, Database } from '../../../kernel/index.ts';
import type { AuditLog } from '../audit/log.ts';
import type { WriteHook } from '../contract.ts';
import type { Model } from '../model/model.ts';
import type { TypePlan } from '../params/plan.ts';
import type { Prepared } from './prepared.ts';

/** What the parts of the repository share. */
export interface Store {
  readonly db: Database;
  readonly clock: Clock;
  readonly model: Model;
  readonly plan: (type: string) => TypePlan;
  readonly prepared: Prepared;
  readonly hooks: ReadonlyMap<string, readonly WriteHook[]>;
  readonly audit: AuditLog;
  /** Base of the REST API, e.g. `https://host/fhir`; for links and for references written with the full address. */
  readonly baseUrl: () => string;
  /** Key of page links; the same in all processes on this database. */
  readonly cursorKey: () => Promise<Buffer>;
  /** Wakes the readers of the outbox soon; called after a commit. */
  readonly wake: () => void;
}
