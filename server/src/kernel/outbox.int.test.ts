import { expect, test, vi } from 'vitest';
import { acknowledge, outboxMigrations, pruneOutbox, publish, readOutbox } from './outbox.ts';
import { testDatabase } from './testing.ts';

test('an event that commits late is not skipped by a reader that saw a later one', async () => {
  await using db = await testDatabase(outboxMigrations);
  const event = (subject: string) => ({ topic: 't', subject, payload: {} });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => { release = resolve; });
  let written = (): void => undefined;
  const early = new Promise<void>((resolve) => { written = resolve; });
  const slow = db.transaction(async (tx) => { await publish(tx, [event('slow')]); written(); await held; });
  await early;
  await db.transaction((tx) => publish(tx, [event('fast')]));
  expect(await readOutbox(db, 'c')).toEqual([]);
  release();
  await slow;
  // Transaction ids are the whole server's: work in other databases may hold delivery back a little.
  const seen = await vi.waitUntil(async () => { const events = await readOutbox(db, 'c'); return events.length === 2 && events; }, { timeout: 30_000 });
  expect(seen.map((e) => e.subject)).toEqual(['slow', 'fast']);
  await acknowledge(db, 'c', seen[1]!.seq);
  expect(await readOutbox(db, 'c')).toEqual([]);
});

test('old events are pruned and later ones stay', async () => {
  await using db = await testDatabase(outboxMigrations);
  await db.transaction((tx) => publish(tx, [{ topic: 't', subject: 'old', payload: {} }]));
  await db.query("update bedside.outbox set at = at - interval '30 days'");
  await db.transaction((tx) => publish(tx, [{ topic: 't', subject: 'new', payload: {} }]));
  expect(await pruneOutbox(db, new Date(Date.now() - 86_400_000))).toBe(1);
  await vi.waitUntil(async () => (await readOutbox(db, 'c')).length > 0, { timeout: 30_000 });
  expect((await readOutbox(db, 'c')).map((e) => e.subject)).toEqual(['new']);
});
