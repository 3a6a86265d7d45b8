import type { Migration } from '../../kernel/index.ts';

export const signatureMigrations: readonly Migration[] = [{
  id: 'security-signature/0001-signing',
  up: `
    create schema if not exists security;
    -- Keys that sign for a person or an institution, wrapped by the key store. A retired one stays: its signatures have to be explained.
    create table security.signing_identity (
      serial_number text primary key,
      kind text not null check (kind in ('person', 'institution')),
      subject_id text not null,
      subject_name text not null,
      certificate_pem text not null,
      wrapped_key bytea,
      not_after timestamptz not null,
      issued_at timestamptz not null,
      retired_at timestamptz);
    create unique index signing_identity_current on security.signing_identity (kind, subject_id) where retired_at is null;
    -- What /verify answers from: no patient, no person, no institution.
    create table security.document_code (
      code text primary key,
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      signed_at timestamptz not null,
      replaced_by text references security.document_code (code),
      revoked_at timestamptz,
      check (replaced_by <> code));`,
}];
