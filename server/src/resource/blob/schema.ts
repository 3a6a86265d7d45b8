import type { Migration } from '../../kernel/index.ts';

export const blobMigrations: readonly Migration[] = [{
  id: 'blob/0001-objects',
  up: `
    create schema blob;
    create table blob.rack (id uuid primary key, folder text not null, added_at timestamptz not null default now());
    -- A put that has begun: files without a row in blob.object whose lease ran out are what a crash left.
    create table blob.intent (object uuid primary key, until timestamptz not null);
    create table blob.object (
      id uuid primary key, owner text not null, size bigint not null, content_type text not null, sha256 bytea not null,
      created_at timestamptz not null default now(),
      state text not null default 'stored' check (state in ('stored', 'destroying')));
    create index object_owner on blob.object (owner);
    create index object_destroying on blob.object (id) where state = 'destroying';
    create table blob.fragment (
      object uuid not null references blob.object on delete cascade, no integer not null,
      size integer not null, digest bytea not null, primary key (object, no));
    create table blob.copy (
      object uuid not null, no integer not null, rack uuid not null references blob.rack,
      state text not null default 'good' check (state in ('good', 'suspect')), verified_at timestamptz not null default now(),
      primary key (object, no, rack), foreign key (object, no) references blob.fragment on delete cascade);
    create index copy_suspect on blob.copy (object, no, rack) where state = 'suspect';
    create table blob.destruction (
      object uuid primary key, owner text not null, size bigint not null, sha256 bytea not null,
      fragments_overwritten integer not null, key_epoch integer not null, at timestamptz not null default now());`,
}];
