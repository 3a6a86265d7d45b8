import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../server/src/kernel/embedded-postgres/index.ts';

/** One throw-away PostgreSQL for the whole test run; every test file makes databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['BEDSIDE_TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgres', given);
    return async () => undefined;
  }
  const folder = join(tmpdir(), `bedside-test-postgres-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const postgres = await startEmbeddedPostgres({ folder, binariesFolder: join(tmpdir(), 'bedside-test-binaries'), settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'] });
  project.provide('postgres', postgres.connectionStringOf('DATABASE'));
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
