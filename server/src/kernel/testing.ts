import { inject } from 'vitest';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from './db.ts';
import { migrate, type Migration } from './migrations.ts';

declare module 'vitest' {
  interface ProvidedContext { postgres: string }
}

/** A new, empty database on the test run's PostgreSQL, migrated; closed and dropped with `await using` or `close()`. */
export async function testDatabase(migrations: readonly Migration[]): Promise<Database & AsyncDisposable & { readonly connectionString: string }> {
  const template = inject('postgres');
  const name = `t_${randomBytes(8).toString('hex')}`;
  const admin = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: template.replace('DATABASE', 'postgres') });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await admin(`create database ${name}`);
  const connectionString = template.replace('DATABASE', name);
  const db = openDatabase({ connectionString, maxConnections: 8 });
  await migrate(db, migrations);
  const close = async (): Promise<void> => {
    await db.close();
    await admin(`drop database if exists ${name} with (force)`);
  };
  return { ...db, connectionString, close, [Symbol.asyncDispose]: close };
}
