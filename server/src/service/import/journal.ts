import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Migration, Sql } from '../../kernel/index.ts';
import type { FileKind } from './contract.ts';

export const importMigrations: readonly Migration[] = [{
  id: 'import/0001-journal',
  up: `
    create schema import;
    create table import.file (
      sha256 text not null, owner text not null, kind text not null, lines_done bigint not null default 0,
      done_at timestamptz, primary key (sha256, owner));`,
}];

/** What is known of a file by its content, wherever it lies and whatever it is called. */
export interface Journal {
  isDone(sha256: string): Promise<boolean>;
  /** Lines of an NDJSON file that are in already. */
  linesDone(sha256: string): Promise<number>;
  linesAre(sha256: string, kind: FileKind, lines: number): Promise<void>;
  done(sha256: string, kind: FileKind): Promise<void>;
}

export function openJournal(sql: Sql, owner: string): Journal {
  const row = async (sha256: string): Promise<{ done: boolean; lines: string } | undefined> =>
    (await sql.query<{ done: boolean; lines: string }>('select done_at is not null as done, lines_done::text as lines from import.file where sha256 = $1 and owner = $2', [sha256, owner])).rows[0];
  return {
    isDone: async (sha256) => (await row(sha256))?.done ?? false,
    linesDone: async (sha256) => Number((await row(sha256))?.lines ?? 0),
    linesAre: async (sha256, kind, lines) => {
      await sql.query('insert into import.file (sha256, owner, kind, lines_done) values ($1, $2, $3, $4) on conflict (sha256, owner) do update set lines_done = excluded.lines_done', [sha256, owner, kind, lines]);
    },
    done: async (sha256, kind) => {
      await sql.query('insert into import.file (sha256, owner, kind, done_at) values ($1, $2, $3, now()) on conflict (sha256, owner) do update set done_at = now()', [sha256, owner, kind]);
    },
  };
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
