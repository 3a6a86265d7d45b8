import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testDatabase } from './testing.ts';

test('a connection that is cut between two statements of a transaction fails that transaction as unavailable, and nothing else', async () => {
  await using db = await testDatabase([]);
  await db.query('create table t (n int)');
  const cut = db.transaction(async (tx) => {
    await tx.query('insert into t values (1)');
    const { rows: [own] } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await db.query('select pg_terminate_backend($1)', [own!.pid]);
    await sleep(200); // the loss is heard of while no statement runs
    await tx.query('insert into t values (2)');
  });
  await expect(cut).rejects.toMatchObject({ kind: 'unavailable', code: 'database-unavailable' });
  expect((await db.query('select * from t')).rows).toEqual([]);
});
