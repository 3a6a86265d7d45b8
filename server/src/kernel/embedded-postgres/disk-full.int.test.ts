import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../index.ts';
import { keepEmbeddedPostgres, type KeptPostgres } from './index.ts';

const disk = mkdtempSync(join(tmpdir(), 'bedside-disk-'));
chmodSync(disk, 0o711);
// Only root may make a disk that is small enough to fill, and not in every container.
const hasSmallDisk = process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=0711', 'tmpfs', disk]).status === 0;

let postgres: KeptPostgres;
beforeAll(async () => {
  if (!hasSmallDisk) return;
  postgres = await keepEmbeddedPostgres({ folder: join(disk, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-test-binaries'), settings: ['shared_buffers=16MB', 'min_wal_size=32MB', 'max_wal_size=48MB'] });
});
afterAll(async () => {
  if (hasSmallDisk) {
    await postgres.stop();
    execFileSync('umount', [disk]);
  }
  rmSync(disk, { recursive: true, force: true });
});

test.skipIf(!hasSmallDisk)('on a full disk writes are told 503, nothing that was acknowledged is lost, and writing goes on when there is room again', async () => {
  const db = openDatabase({ connectionString: postgres.connectionString, acquireTimeoutMs: 2_000 });
  try {
    await db.query('create table t (n int primary key, filling text)');
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - (4 << 20)));
    const acknowledged: number[] = [];
    const refusals: unknown[] = [];
    for (let n = 1; n <= 400 && refusals.length < 3; n++) {
      try {
        await db.query("insert into t select $1, string_agg(md5(random()::text), '') from generate_series(1, 8000)", [n]);
        acknowledged.push(n);
      } catch (error) {
        refusals.push(error);
      }
    }
    expect(refusals).toHaveLength(3);
    for (const error of refusals) expect(error).toMatchObject({ kind: 'unavailable', retryable: true });
    rmSync(ballast);
    await expect.poll(() => db.query('insert into t values (9999, null) on conflict do nothing').then(() => 'written', (error: { code: string }) => error.code), { timeout: 30_000, interval: 200 }).toBe('written');
    const { rows } = await db.query<{ n: number }>('select n from t where n < 9999 order by n');
    expect(rows.map((r) => r.n)).toEqual(expect.arrayContaining(acknowledged));
  } finally {
    await db.close();
  }
});
