import type { Migration } from '../../kernel/index.ts';

export const processMigrations: readonly Migration[] = [{
  id: 'process/0001-case',
  up: `
    create extension if not exists btree_gist;
    create schema process;
    create sequence process.case_number;
    -- Nobody is promised twice for one time: the database itself refuses.
    create table process.booking (
      case_id text not null, actor text not null, during tstzrange not null,
      primary key (case_id, actor, during),
      constraint booking_double exclude using gist (actor with =, during with &&));
    -- What statistics are counted from; one row per recorded step of a case.
    create table process.case_event (
      id bigint generated always as identity primary key,
      case_id text not null, application text not null, action text not null, at timestamptz not null,
      actor text, role text not null, from_state text not null, to_state text not null,
      inviter text, inviter_institution text, invitee text, invitee_institution text, department text,
      score smallint, minutes integer);
    create index case_event_case on process.case_event (case_id, at);
    create index case_event_time on process.case_event (application, action, at);`,
}];
