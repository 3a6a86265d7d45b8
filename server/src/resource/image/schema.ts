import type { Migration } from '../../kernel/index.ts';

/**
 * One institution's archive is one key space: what another stored under the same UIDs is neither seen nor overwritten. An instance has a
 * `session` until its study's ImagingStudy row tells of it; only rows without one are shown. Offsets are bytes of the file as received.
 */
export const imageMigrations: readonly Migration[] = [{
  id: 'image/0001-instances',
  up: `
    create schema image;
    create table image.study (
      owner text not null, study_uid text not null, imaging_study_id text not null unique,
      patient_id text, issuer text, patient_name text, patient_birth_date text, patient_sex text, patient_reference text,
      study_date text, study_time text, accession_number text, study_id text, description text, referring_physician text, timezone text,
      created_at timestamptz not null default now(),
      primary key (owner, study_uid));
    create index study_by_uid on image.study (study_uid);
    create index study_by_date on image.study (study_date desc nulls last, study_uid);
    create index study_by_patient on image.study (patient_id, study_date desc nulls last);
    create index study_by_accession on image.study (accession_number) where accession_number is not null;
    create table image.series (
      owner text not null, study_uid text not null, series_uid text not null,
      modality text, number int, description text, body_part text, series_date text, series_time text,
      primary key (owner, study_uid, series_uid),
      foreign key (owner, study_uid) references image.study on delete cascade);
    create table image.instance (
      owner text not null, sop_uid text not null, study_uid text not null, series_uid text not null,
      sop_class text not null, transfer_syntax text not null, number int, frames int not null, rows int, columns int,
      size bigint not null, sha256 text not null, blob_id text not null, deflated boolean not null,
      frame_index jsonb not null, metadata text not null,
      session uuid, stored_at timestamptz not null default now(),
      primary key (owner, sop_uid),
      foreign key (owner, study_uid, series_uid) references image.series on delete cascade);
    create index instance_by_series on image.instance (owner, study_uid, series_uid, number, sop_uid);
    create index instance_pending on image.instance (stored_at) where session is not null;`,
}];
