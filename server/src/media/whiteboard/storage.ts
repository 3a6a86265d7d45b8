import { hostname } from 'node:os';
import type pg from 'pg';
import * as Y from 'yjs';
import { unavailable, type Database } from '../../kernel/index.ts';

export interface StoredBoard {
  /** State as it was persisted last. */
  readonly state: Uint8Array | undefined;
  readonly seq: bigint;
  readonly clients: ReadonlyMap<number, string>;
}

/** Boards in PostgreSQL: a snapshot and the updates after it, and which process holds which board. */
export interface BoardStorage {
  /** Takes the board for this process. @returns undefined while another process holds it. */
  take(board: string): Promise<StoredBoard | undefined>;
  release(board: string): Promise<void>;
  /** Durable when it resolves. */
  append(board: string, bytes: Uint8Array, participants: readonly string[], clients: ReadonlyMap<number, string>): Promise<bigint>;
  compact(board: string, state: Uint8Array, seq: bigint): Promise<void>;
  /** The persisted state, whoever holds the board. */
  read(board: string): Promise<Uint8Array | undefined>;
  /** Called when the connection that holds the boards is lost: none of them is held any more. */
  onLost: (() => void) | undefined;
  close(): Promise<void>;
}

const lockSpace = 0x626f6172; // "boar"
const processName = `${hostname()}/${process.pid}`;

export function openBoardStorage(db: Database): BoardStorage {
  /** Session locks live and die with one connection, so that `kill -9` frees every board at once. */
  let holder: Promise<pg.PoolClient> | undefined;
  let closed = false;
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await db.pool.connect();
    client.on('error', () => {
      if (closed) return;
      if (holder !== undefined) client.release(true);
      holder = undefined;
      storage.onLost?.();
    });
    return client;
  };
  const held = (): Promise<pg.PoolClient> => {
    holder ??= connect().catch((cause: unknown) => {
      holder = undefined;
      throw unavailable('database-unavailable', 'The database does not answer; try again.', { cause, details: { retryAfterMs: 1_000 } });
    });
    return holder;
  };
  const state = async (board: string): Promise<{ state: Uint8Array | undefined; seq: bigint }> => {
    const { rows } = await db.query<{ bytes: Buffer | null; seq: string }>(
      `select snapshot bytes, snapshot_seq::text seq from whiteboard.board where id = $1 and snapshot is not null
       union all (select u.bytes, u.seq::text from whiteboard.update u join whiteboard.board b on b.id = u.board where u.board = $1 and u.seq > b.snapshot_seq order by u.seq)`, [board]);
    const seq = rows.reduce((most, row) => (BigInt(row.seq) > most ? BigInt(row.seq) : most), 0n);
    return { state: rows.length === 0 ? undefined : Y.mergeUpdates(rows.map((row) => new Uint8Array(row.bytes!))), seq };
  };
  const storage: BoardStorage = {
    onLost: undefined,
    take: async (board) => {
      const client = await held();
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) got', [lockSpace, board]);
      if (!rows[0]!.got) return undefined;
      await db.query('insert into whiteboard.board (id, owner_process, owner_since) values ($1, $2, now()) on conflict (id) do update set owner_process = $2, owner_since = now()', [board, processName]);
      const { rows: clients } = await db.query<{ client: string; participant: string }>('select client::text, participant from whiteboard.client where board = $1', [board]);
      return { ...await state(board), clients: new Map(clients.map((row) => [Number(row.client), row.participant])) };
    },
    release: async (board) => {
      await db.query('update whiteboard.board set owner_process = null where id = $1 and owner_process = $2', [board, processName]);
      await (await held()).query('select pg_advisory_unlock($1, hashtext($2))', [lockSpace, board]);
    },
    append: async (board, bytes, participants, clients) => {
      const { rows } = await db.query<{ seq: string }>({
        name: 'whiteboard-append',
        text: `with c as (insert into whiteboard.client (board, client, participant) select $1, * from unnest($4::bigint[], $5::text[]) on conflict do nothing)
          insert into whiteboard.update (board, bytes, participants) values ($1, $2, $3) returning seq::text`,
        values: [board, Buffer.from(bytes), participants, [...clients.keys()], [...clients.values()]],
      });
      return BigInt(rows[0]!.seq);
    },
    compact: (board, bytes, seq) => db.transaction(async (tx) => {
      await tx.query('update whiteboard.board set snapshot = $2, snapshot_seq = $3 where id = $1', [board, Buffer.from(bytes), seq.toString()]);
      await tx.query('delete from whiteboard.update where board = $1 and seq <= $2', [board, seq.toString()]);
    }),
    read: async (board) => (await state(board)).state,
    close: async () => {
      const client = holder;
      closed = true;
      holder = undefined;
      (await client?.catch(() => undefined))?.release(true);
    },
  };
  return storage;
}
