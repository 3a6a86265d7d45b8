import { createHash } from 'node:crypto';
import type { Database } from './db.ts';
import { internal } from './errors.ts';

/** One step of one module's schema. `up` is plain SQL; once released it is never edited, only followed by another. */
export interface Migration {
  /** `module/0001-what`: modules are migrated in the order given, steps in order of name. */
  readonly id: string;
  readonly up: string;
}

const lockKey = 0x62656473; // "beds": one migrator at a time, whichever process starts first

/** Brings the database to the newest schema; safe to call from several processes at once. Refuses a step whose text changed after it ran. */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await tx.query('create schema if not exists bedside');
    await tx.query('create table if not exists bedside.migration (id text primary key, digest text not null, ran_at timestamptz not null default now())');
    const ran = new Map((await tx.query<{ id: string; digest: string }>('select id, digest from bedside.migration')).rows.map((r) => [r.id, r.digest]));
    const done: string[] = [];
    for (const { id, up } of migrations) {
      const digest = createHash('sha256').update(up).digest('hex');
      const before = ran.get(id);
      if (before === digest) continue;
      if (before !== undefined) throw internal('migration-changed', `The migration ${id} was changed after it ran.`);
      await tx.query(up);
      await tx.query('insert into bedside.migration (id, digest) values ($1, $2)', [id, digest]);
      done.push(id);
    }
    return done;
  });
}
