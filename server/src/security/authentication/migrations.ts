import type { Migration } from '../../kernel/index.ts';
import { authorizationMigrations } from '../authorization/index.ts';

const authenticationMigrations: readonly Migration[] = [{
  id: 'security/0002-authentication',
  up: `
    -- What the authorization server keeps: codes, tokens, sessions, interactions, grants. The key is a digest: no row lets its reader act.
    create table security.artifact (
      kind text not null, key bytea not null, payload jsonb not null,
      grant_id text, account_id text, uid_key bytea, consumed_at timestamptz, expires_at timestamptz not null,
      primary key (kind, key));
    create index artifact_grant on security.artifact (grant_id) where grant_id is not null;
    create index artifact_account on security.artifact (account_id) where account_id is not null;
    create unique index artifact_uid on security.artifact (kind, uid_key) where uid_key is not null;
    create index artifact_expiry on security.artifact (expires_at);
    -- Who a grant stands for: the account, the role chosen and how the person proved who they are.
    create table security.sign_in (
      grant_id text primary key, account_id text references security.account on delete cascade,
      membership_id text references security.membership on delete cascade, link_key bytea,
      methods text[] not null, purpose text, created_at timestamptz not null, expires_at timestamptz not null);
    create index sign_in_account on security.sign_in (account_id);
    create index sign_in_membership on security.sign_in (membership_id);
    create index sign_in_expiry on security.sign_in (expires_at);
    create table security.client (
      id text primary key, name text not null, status text not null default 'active' check (status in ('active', 'suspended')),
      secret_hash text, jwks jsonb, scopes text[] not null,
      institution text references security.institution, organizations text[] not null default '{}',
      purpose text not null default 'HOPERAT', loopback_only boolean not null default false, created_at timestamptz not null,
      check ((secret_hash is null) <> (jwks is null)));
    create table security.server_key (
      id text primary key, use text not null check (use in ('sig', 'cookie')), wrapped bytea not null,
      created_at timestamptz not null, retired_at timestamptz);
    -- One row per thing that is being guessed at; holds over restarts and for all processes.
    create table security.throttle (
      bucket text primary key, failures int not null, window_start timestamptz not null, blocked_until timestamptz);
    create index throttle_age on security.throttle (window_start);
    create table security.totp_used (
      account_id text not null references security.account on delete cascade, counter bigint not null, primary key (account_id, counter));
    create table security.proof (
      key bytea primary key, account_id text not null references security.account on delete cascade,
      method text not null, made_at timestamptz not null, expires_at timestamptz not null);
    create index proof_expiry on security.proof (expires_at);
    create table security.link (
      key bytea primary key, case_id text not null, participant text not null, display_name text not null,
      issued_by text not null, issued_at timestamptz not null, expires_at timestamptz not null, used_at timestamptz, withdrawn_at timestamptz);
    create index link_case on security.link (case_id);`,
}, {
  id: 'security/0003-link-device',
  up: `
    -- The browser that used a link may come back by it until it expires: patients close windows.
    alter table security.link add column device_key bytea;`,
}];

/** Everything of schema `security` that accounts and sign-in need, in order. */
export const securityMigrations: readonly Migration[] = [...authorizationMigrations, ...authenticationMigrations];
