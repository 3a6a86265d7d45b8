import { PgBoss } from 'pg-boss';
import type { Tx } from './db.ts';
import { idFrom } from './ids.ts';
import type { JobHandler, Jobs } from './jobs.ts';

export interface JobRunner extends Jobs {
  /** Begins to run the jobs of these handlers on this process. */
  start(handlers: readonly JobHandler[]): Promise<void>;
  stop(): Promise<void>;
}

/** One id per (name, key): the same reminder enqueued again takes the place of the waiting one. */
const idOf = (name: string, key: string): string => idFrom(`${name}\n${key}`);

/** Durable jobs on pg-boss, enqueued inside the caller's transaction. */
export function createJobRunner(connectionString: string, onError: (error: Error) => void): JobRunner {
  const boss = new PgBoss({ connectionString, schema: 'jobs', max: 4, application_name: 'bedside-jobs' });
  boss.on('error', onError);
  const within = (tx: Tx) => ({ db: { executeSql: async (text: string, values?: unknown[]) => ({ rows: (await tx.query(text, values)).rows }) } });
  return {
    async enqueue(tx, name, data, options = {}) {
      const id = options.key === undefined ? undefined : idOf(name, options.key);
      if (id) await boss.deleteJob(name, id, within(tx));
      await boss.send(name, data, { ...within(tx), ...(id ? { id } : {}), ...(options.at ? { startAfter: options.at } : {}) });
    },
    async cancel(tx, name, key) {
      await boss.deleteJob(name, idOf(name, key), within(tx));
    },
    async start(handlers) {
      await boss.start();
      for (const h of handlers) {
        await boss.createQueue(h.name, { retryLimit: h.retries ?? 10, retryBackoff: true, retryDelay: 2, retryDelayMax: 3_600, expireInSeconds: Math.ceil((h.expireInMs ?? 300_000) / 1_000) });
        await boss.work(h.name, { pollingIntervalSeconds: 1 }, async (batch) => {
          for (const job of batch) await h.run(job.data as object);
        });
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}
