import pg from 'pg';
import { unavailable } from './errors.ts';

/** What runs SQL: the pool, or the client of a transaction. */
export interface Sql {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult<R>>;
}
export type Tx = Sql & { readonly __tx: true };

export interface Database extends Sql {
  readonly pool: pg.Pool;
  /** Runs `work` in one transaction (READ COMMITTED unless named); commits when it returns, rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>, isolation?: 'read committed' | 'repeatable read' | 'serializable'): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  /** Most connections held by this process. */
  readonly maxConnections?: number;
  /** How long a request waits for a free connection before it is told 503. */
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly applicationName?: string;
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.maxConnections ?? 16,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    application_name: options.applicationName ?? 'bedside',
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  // The same for one that is in use: its query is told, and an event that nobody hears would end the process all the same.
  pool.on('connect', (client) => { client.on('error', () => undefined); });
  // So would one that dies in the middle of a transaction, between two of its statements: the next of them fails, and tells it.
  pool.on('connect', (client) => { client.on('error', () => undefined); });
  const acquire = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect();
    } catch (cause) {
      throw unavailable('database-unavailable', 'The database does not answer; try again.', { cause, details: { retryAfterMs: 1_000 } });
    }
  };
  return {
    pool,
    async query(text, values) {
      const client = await acquire();
      let broken: unknown;
      try {
        return await client.query(text as pg.QueryConfig, values);
      } catch (error) {
        if (isConnectionError(error)) broken = error;
        throw asUnavailable(error);
      } finally {
        client.release(broken !== undefined);
      }
    },
    async transaction(work, isolation) {
      const client = await acquire();
      let broken = false;
      try {
        await client.query(isolation ? `begin isolation level ${isolation}` : 'begin');
        const result = await work(client as unknown as Tx);
        await client.query('commit');
        return result;
      } catch (error) {
        broken = isConnectionError(error);
        if (!broken) await client.query('rollback').catch(() => { broken = true; });
        throw asUnavailable(error);
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** True when the connection itself is lost (SQLSTATE class 08, 57P0x, or a socket error), not when a statement failed. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return /terminat|closed|timeout|connection error/i.test(error.message);
  return code.startsWith('08') || code.startsWith('57P') || code.startsWith('E');
}

/**
 * What the database cannot do now but may do later (it restarts, its disk is full, it has no connection or memory left: SQLSTATE classes 08,
 * 53, 57P) as `unavailable`, so that every edge says 503; anything else as it is.
 */
function asUnavailable(error: unknown): unknown {
  const code = sqlState(error);
  if (code === '53100') return unavailable('storage-full', 'The disk of the database is full; nothing was changed. Ask the administrator.', { cause: error, details: { retryAfterMs: 30_000 } });
  const networkCodes = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'];
  const lost = code === undefined
    ? error instanceof Error && (networkCodes.includes(String((error as { code?: unknown }).code)) || /^Connection terminated|connection is closed|^Client has encountered a connection error/i.test(error.message))
    : /^(?:08|53|57P)/.test(code);
  return lost ? unavailable('database-unavailable', 'The database does not answer; try again.', { cause: error, details: { retryAfterMs: 1_000 } }) : error;
}

/** The SQLSTATE of a database error, or undefined. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;
