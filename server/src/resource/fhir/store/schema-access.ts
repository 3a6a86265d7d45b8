import type { Migration } from '../../../kernel/index.ts';

/** Who may see what besides the owner: sharing or withdrawing is one row here, never an update of the rows shared. */
export const accessSchema: Migration = {
  id: 'fhir/0002-access',
  up: `
    create schema access;
    create table access.participant (
      case_id text not null, grantee text not null, role text not null, since timestamptz not null, until timestamptz, revoked_at timestamptz,
      primary key (case_id, grantee, role));
    create index participant_grantee on access.participant (grantee) where revoked_at is null;
    create table access.case_material (
      case_id text not null, type text not null, id text not null, added_at timestamptz not null, removed_at timestamptz,
      primary key (case_id, type, id));
    create index case_material_row on access.case_material (type, id) where removed_at is null;
    create table access.patient_grant (
      id bigint generated always as identity primary key, patient text not null, grantee text not null, types text[], case_id text,
      purpose text not null, since timestamptz not null, until timestamptz, revoked_at timestamptz);
    create index patient_grant_grantee on access.patient_grant (grantee, patient) where revoked_at is null;
    create index patient_grant_case on access.patient_grant (case_id) where case_id is not null;`,
};

/** How far each subscription has been told, and the short-lived tokens that bind a WebSocket to one. */
export const subscriptionSchema: Migration = {
  id: 'fhir/0004-subscriptions',
  up: `
    create table fhir.subscription_state (id text primary key, events bigint not null, txid xid8 not null, seq bigint not null);
    create table fhir.subscription_token (digest bytea primary key, subscription text not null, context jsonb not null, expires_at timestamptz not null);`,
};
