import type { Tx } from './db.ts';

/**
 * Durable work: survives a restart, is retried, runs on one process only. A job is enqueued inside the transaction that causes it,
 * so that neither can exist without the other.
 */
export interface Jobs {
  /** @param at not before this instant (a reminder). @param key at most one waiting job of this name and key exists. */
  enqueue(tx: Tx, name: string, data: object, options?: { at?: Date; key?: string }): Promise<void>;
  /** Removes the waiting job of this name and key, if any. */
  cancel(tx: Tx, name: string, key: string): Promise<void>;
}

export interface JobHandler<T extends object = object> {
  readonly name: string;
  /** How often a failing run is tried again, with growing pauses, before it is set aside for the administrator. */
  readonly retries?: number;
  /** How long a run may take before another process may take it over. */
  readonly expireInMs?: number;
  /** Must be idempotent: a run may be repeated after a crash. */
  run(data: T): Promise<void>;
}
