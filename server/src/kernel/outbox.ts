import type { Sql, Tx } from './db.ts';
import type { Migration } from './migrations.ts';

/** Something that happened, written in the same transaction as what caused it and handed on at least once. */
export interface OutboxEvent {
  /** Dotted name: `case.submitted`, `fhir.changed`. */
  readonly topic: string;
  /** What it is about, e.g. `Task/123`; events of one subject are delivered in order. */
  readonly subject: string;
  readonly payload: unknown;
}
export interface DeliveredEvent extends OutboxEvent { readonly seq: bigint; readonly at: Date }

export const outboxMigrations: readonly Migration[] = [{
  id: 'kernel/0001-outbox',
  up: `
    create table bedside.outbox (
      seq bigint generated always as identity primary key,
      txid xid8 not null default pg_current_xact_id(),
      at timestamptz not null default clock_timestamp(),
      topic text not null, subject text not null, payload jsonb not null);
    create table bedside.outbox_cursor (consumer text primary key, txid xid8 not null default '0', seq bigint not null default 0);
    create index outbox_order on bedside.outbox (txid, seq);`,
}];

/** Adds events to the transaction and wakes the listeners of this and other processes when it commits. */
export async function publish(tx: Tx, events: readonly OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    'insert into bedside.outbox (topic, subject, payload) select * from unnest($1::text[], $2::text[], $3::jsonb[])',
    [events.map((e) => e.topic), events.map((e) => e.subject), events.map((e) => JSON.stringify(e.payload))],
  );
  await tx.query("select pg_notify('bedside_outbox', '')");
}

/**
 * Reads what a named consumer has not seen, in commit-safe order: only transactions below the snapshot's xmin, so that
 * nothing that commits late is skipped.
 */
export async function readOutbox(sql: Sql, consumer: string, limit = 500): Promise<DeliveredEvent[]> {
  await sql.query('insert into bedside.outbox_cursor (consumer) values ($1) on conflict do nothing', [consumer]);
  const { rows } = await sql.query<{ seq: string; at: Date; topic: string; subject: string; payload: unknown }>(
    `select o.seq::text, o.at, o.topic, o.subject, o.payload from bedside.outbox o, bedside.outbox_cursor c
     where c.consumer = $1 and (o.txid, o.seq) > (c.txid, c.seq) and o.txid < pg_snapshot_xmin(pg_current_snapshot())
     order by o.txid, o.seq limit $2`, [consumer, limit]);
  return rows.map((r) => ({ ...r, seq: BigInt(r.seq) }));
}

/** Marks everything up to and including `seq` as handled by the consumer. Call it after the effect is durable. */
export async function acknowledge(sql: Sql, consumer: string, seq: bigint): Promise<void> {
  await sql.query(
    'update bedside.outbox_cursor c set txid = o.txid, seq = o.seq from bedside.outbox o where o.seq = $2 and c.consumer = $1',
    [consumer, seq.toString()]);
}

/** Deletes events before `until`, a bounded number at a time, whether or not every consumer came back for them. @returns how many */
export async function pruneOutbox(sql: Sql, until: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await sql.query('delete from bedside.outbox where seq in (select seq from bedside.outbox where at < $1 order by txid, seq limit 5000)', [until]);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < 5000) return removed;
  }
}
