import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './server.ts';

export interface KeptPostgres {
  readonly connectionString: string;
  connectionStringOf(database: string): string;
  /** Process id of the postmaster that runs now. */
  pid(): number;
  /** Ends the server and keeps it ended; idempotent. */
  stop(): Promise<void>;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** The children of a killed postmaster need this long at most to notice and to leave the shared memory. */
const firstStartPatienceMs = 20_000;

/** Tries to start until it works, `giveUpAfterMs` have passed, or nobody wants it any more. */
async function startPatiently(options: EmbeddedPostgresOptions, wanted: () => boolean, giveUpAfterMs: number): Promise<EmbeddedPostgres | undefined> {
  const beganMs = performance.now();
  for (let pauseMs = firstPauseMs; wanted(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await startEmbeddedPostgres(options);
    } catch (error) {
      const text = error instanceof Error ? error.message : 'it does not start';
      const passes = /still in use|still holds|did not answer|No space left/i.test(text) || giveUpAfterMs === Infinity;
      if (!passes || performance.now() - beganMs > giveUpAfterMs) throw error;
      options.log?.(`PostgreSQL: ${text}; trying again in ${pauseMs} ms`);
      await sleep(pauseMs);
    }
  }
  return undefined;
}

/**
 * Starts PostgreSQL and starts it again whenever it ends unasked (killed, out of memory, full disk), with growing pauses. Meanwhile
 * requests are told 503; connections are found again by the pool, since the socket stays where it is.
 * @throws what hinders the first start.
 */
export async function keepEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<KeptPostgres> {
  let wanted = true;
  let server = await startPatiently(options, () => true, firstStartPatienceMs) as EmbeddedPostgres;
  const first = server;
  const watch = async (): Promise<void> => {
    for (;;) {
      await server.ended;
      if (!wanted) return;
      options.log?.('PostgreSQL ended unasked; starting it again');
      const next = await startPatiently(options, () => wanted, Infinity);
      if (!next) return;
      server = next;
      if (!wanted) {
        await next.stop(); // we were told to stop while it was being started
        return;
      }
    }
  };
  const watching = watch();
  return {
    connectionString: first.connectionString,
    connectionStringOf: (database) => first.connectionStringOf(database),
    pid: () => server.pid,
    stop: async () => {
      wanted = false;
      await server.stop();
      await watching;
    },
  };
}
