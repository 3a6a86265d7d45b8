import type { Migration } from '../../kernel/index.ts';

export const uploadMigrations: readonly Migration[] = [{
  id: 'upload/0001-uploads',
  up: `
    create schema upload;
    create table upload.upload (
      id uuid primary key, account text not null, size bigint not null,
      -- Bytes of the document, and of the staging file, that are durable.
      received bigint not null default 0, file_bytes bigint not null default 0,
      announcement jsonb not null, metadata jsonb not null, actor jsonb not null, purpose text not null,
      wrapped_key bytea, created_at timestamptz not null default now(),
      state text not null default 'open' check (state in ('open', 'received', 'refused')),
      busy_until timestamptz, refusal jsonb);
    create index upload_account on upload.upload (account) where state = 'open';
    create index upload_age on upload.upload (created_at);`,
}];
