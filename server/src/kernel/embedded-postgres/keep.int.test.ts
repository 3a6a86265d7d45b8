import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../index.ts';
import { keepEmbeddedPostgres, type KeptPostgres } from './index.ts';

let folder: string;
let postgres: KeptPostgres | undefined;
const binariesFolder = join(tmpdir(), 'bedside-test-binaries');
const settings = ['shared_buffers=16MB'];

beforeEach(() => { folder = join(mkdtempSync(join(tmpdir(), 'bedside-keep-')), 'postgres'); });
afterEach(async () => {
  await postgres?.stop();
  postgres = undefined;
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const start = async (): Promise<KeptPostgres> => {
  chmodSync(join(folder, '..'), 0o711);
  postgres = await keepEmbeddedPostgres({ folder, binariesFolder, settings });
  return postgres;
};

test('a PostgreSQL that is killed is started again with every acknowledged row, and requests in between are told 503', async () => {
  const { connectionString, pid } = await start();
  const db = openDatabase({ connectionString, acquireTimeoutMs: 500 });
  try {
    await db.query('create table t (n int)');
    await db.query('insert into t values (1)');
    const before = pid();
    process.kill(before, 'SIGKILL');
    const refusals: unknown[] = [];
    let rows: unknown[] | undefined;
    for (let i = 0; i < 200 && rows === undefined; i++) {
      await sleep(50);
      rows = await db.query('select n from t').then((r) => r.rows, (error: unknown) => { refusals.push(error); return undefined; });
    }
    expect(rows).toEqual([{ n: 1 }]);
    expect(refusals.map((error) => (error as { code: string }).code).filter((refusal) => refusal !== 'database-unavailable')).toEqual([]);
    await expect.poll(pid, { timeout: 10_000 }).not.toBe(before);
  } finally {
    await db.close();
  }
});

test('after kill -9 of the process that started PostgreSQL the next start takes the cluster over with every acknowledged row', async () => {
  chmodSync(join(folder, '..'), 0o711);
  const code = `
    import { keepEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../index.ts'))};
    const postgres = await keepEmbeddedPostgres(${JSON.stringify({ folder, binariesFolder, settings })});
    const db = openDatabase({ connectionString: postgres.connectionString });
    await db.query('create table t (n int)');
    for (let n = 1; ; n++) { await db.query('insert into t values ($1)', [n]); process.stdout.write(n + '\\n'); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const whole = text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1);
    if (whole) acknowledged = Math.max(acknowledged, Number(whole));
    if (acknowledged >= 20) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const db = openDatabase({ connectionString: (await start()).connectionString });
  try {
    const { rows } = await db.query<{ most: number; count: string }>('select max(n) as most, count(*) from t');
    expect(rows[0]?.most).toBeGreaterThanOrEqual(acknowledged);
    expect(Number(rows[0]?.count)).toBe(rows[0]?.most);
  } finally {
    await db.close();
  }
});

test('a stopped PostgreSQL stays stopped and leaves no process', async () => {
  const kept = await start();
  const last = kept.pid();
  await kept.stop();
  await kept.stop();
  expect(() => process.kill(last, 0)).toThrow(/ESRCH/);
});
