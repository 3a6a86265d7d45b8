import type { Migration } from '../../kernel/index.ts';

/** Accounts, what they may act as, and the institutions whose members they are. */
export const authorizationMigrations: readonly Migration[] = [{
  id: 'security/0001-accounts',
  up: `
    create schema security;
    create table security.institution (
      id text primary key, status text not null default 'active' check (status in ('active', 'suspended')),
      reason text, changed_at timestamptz not null default now());
    create table security.account (
      id text primary key,
      login text not null, login_folded text not null unique,
      display_name text not null,
      locale text not null default 'en', time_zone text not null default 'UTC',
      status text not null default 'active' check (status in ('active', 'suspended')),
      status_reason text,
      password_hash text, password_changed_at timestamptz,
      totp_secret bytea, totp_enrolled_at timestamptz,
      demonstration boolean not null default false,
      created_at timestamptz not null, changed_at timestamptz not null);
    create index account_order on security.account (login_folded, id);
    create table security.membership (
      id text primary key,
      account_id text not null references security.account on delete cascade,
      role text not null check (role in ('clinician', 'coordinator', 'patient', 'institution-administrator', 'network-administrator', 'system')),
      institution text references security.institution,
      profile text, practitioner_roles text[] not null default '{}', organizations text[] not null default '{}',
      label text, position int not null default 0);
    create index membership_account on security.membership (account_id, position);
    create index membership_institution on security.membership (institution, account_id);
    create table security.recovery_code (
      account_id text not null references security.account on delete cascade, hash bytea not null, used_at timestamptz, primary key (account_id, hash));`,
}];
