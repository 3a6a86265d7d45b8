import pg from 'pg';
import type { Database } from '../../kernel/index.ts';
import { parseRevocation, revocationChannel, type Revocation } from '../authorization/index.ts';

/**
 * A connection of its own that hears what was revoked. While it is down nobody can tell what has changed, so `listening` is false and
 * callers must not trust what they remember.
 */
export interface Revocations {
  readonly listening: boolean;
  subscribe(hear: (revocation: Revocation | 'everything') => void): () => void;
  close(): Promise<void>;
}

const heartbeatMs = 2_000;
const longestPauseMs = 5_000;

export async function listenForRevocations(db: Database): Promise<Revocations> {
  const hearers = new Set<(revocation: Revocation | 'everything') => void>();
  const tell = (revocation: Revocation | 'everything'): void => { for (const hear of hearers) hear(revocation); };
  let client: pg.Client | undefined;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = 100;

  const lose = (lost: pg.Client): void => {
    if (client !== lost) return;
    client = undefined;
    tell('everything');
    void lost.end().catch(() => undefined); // it is broken already; nothing is left to tell anybody
    if (!closed) timer = setTimeout(() => { void connect(); }, pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  };
  const beat = (of: pg.Client): void => {
    timer = setTimeout(() => { void ask(of); }, heartbeatMs).unref();
  };
  const ask = async (of: pg.Client): Promise<void> => {
    try {
      await of.query('select 1');
      if (client === of) beat(of);
    } catch {
      lose(of);
    }
  };
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ ...db.pool.options, query_timeout: heartbeatMs, statement_timeout: heartbeatMs, keepAlive: true, application_name: 'bedside-revocations' });
    client = fresh;
    fresh.on('error', () => lose(fresh));
    fresh.on('end', () => lose(fresh));
    fresh.on('notification', (message) => {
      const revocation = parseRevocation(message.payload);
      if (revocation) tell(revocation);
    });
    try {
      await fresh.connect();
      await fresh.query(`listen ${revocationChannel}`);
      pauseMs = 100;
      ready = fresh;
      tell('everything');
      beat(fresh);
    } catch {
      lose(fresh);
    }
  };
  let ready: pg.Client | undefined;
  await connect();
  return {
    get listening() { return client !== undefined && client === ready; },
    subscribe(hear) {
      hearers.add(hear);
      return () => { hearers.delete(hear); };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
