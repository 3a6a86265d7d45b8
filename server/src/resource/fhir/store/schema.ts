import type { Migration } from '../../../kernel/index.ts';
import { r4 } from '../model/model.ts';
import { clinicalDateParam } from '../params/row.ts';
import { plans } from '../params/plan.ts';
import { auditSchema } from '../audit/schema.ts';
import { accessSchema, subscriptionSchema } from './schema-access.ts';

/** Types whose names are searched by what they begin with or contain, so often that a trigram index pays. */
const hotStrings = ['Patient', 'Practitioner', 'Organization', 'Location', 'HealthcareService', 'Questionnaire', 'ValueSet', 'CodeSystem'] as const;
/** Sorted lists of people. */
const hotNames: Readonly<Record<string, readonly string[]>> = { Patient: ['family', 'name'], Practitioner: ['family', 'name'], Organization: ['name'] };
/** Date columns that screens filter and sort by. */
const hotDates: Readonly<Record<string, readonly string[]>> = {
  Patient: ['birthdate'], Task: ['authored-on', 'modified', 'period'], Appointment: ['date'], Slot: ['start'], Encounter: ['date'],
  Communication: ['sent'], ServiceRequest: ['authored'], Schedule: ['date'],
};

/** How a string parameter is sorted by: its first line. Must equal what the search says, or the index is not used. */
export const sortLine = (alias: string, code: string): string => `substring(${alias}strs from E'\\n${code}:([^\\n]*)')`;
export const table = (type: string): string => `fhir."${type}"`;
export const historyTable = (type: string): string => `fhir."${type}_history"`;

function typeSchema(type: string): string {
  const plan = plans(r4)(type);
  const columns = [...plan.params.values()].filter((p) => p.storage === 'column').map((p) => p.column!);
  const date = clinicalDateParam[type];
  const by = (stem: string): string => `("${stem}_lo" desc nulls last, id desc)`;
  const lines = [
    `create table ${table(type)} (
      id text primary key, version int not null, last_updated timestamptz not null, txid xid8 not null default pg_current_xact_id(),
      content text not null, deleted boolean not null default false, owner text, patient text, case_id text,
      released boolean not null default true, conf smallint not null default 0, tok bigint[], strs text
      ${columns.map((c) => `, "${c}_lo" float8, "${c}_hi" float8`).join('')});`,
    `create table ${historyTable(type)} (
      id text not null, version int not null, last_updated timestamptz not null, txid xid8 not null, content text not null, deleted boolean not null,
      owner text, patient text, case_id text, released boolean not null, primary key (id, version));`,
    `create index "${type}_tok" on ${table(type)} using gin (tok);`,
    `create index "${type}_changed" on ${table(type)} (last_updated desc, id desc);`,
    `create index "${type}_case" on ${table(type)} (case_id) where case_id is not null;`,
    date ? `create index "${type}_patient" on ${table(type)} (patient, "o_${date.replaceAll('-', '_')}_lo" desc nulls last, id desc);`
      : `create index "${type}_patient" on ${table(type)} (patient, last_updated desc, id desc);`,
    ...(hotDates[type] ?? []).map((code) => `create index "${type}_${code}" on ${table(type)} ${by(`o_${code.replaceAll('-', '_')}`)};`),
    ...((hotStrings as readonly string[]).includes(type) ? [`create index "${type}_strs" on ${table(type)} using gin (strs gin_trgm_ops);`] : []),
    ...(hotNames[type] ?? []).map((code) => `create index "${type}_by_${code}" on ${table(type)} (${sortLine('', code)}, id);`),
  ];
  return lines.join('\n');
}

/**
 * Schema of the FHIR store: two tables per R4 type, made from the search parameters, and the side tables.
 * @see docs/adr/0002-fhir-store.md
 */
export const fhirMigrations: readonly Migration[] = [
  {
    id: 'fhir/0001-store',
    up: `
      create extension if not exists pg_trgm;
      create schema fhir;
      create table fhir.secret (name text primary key, value bytea not null);
      insert into fhir.secret select 'cursor', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
      create table fhir.clinical (
        type smallint not null, patient text not null, code bigint not null, date float8 not null, id text not null,
        primary key (patient, type, code, date, id));
      create index clinical_row on fhir.clinical (type, id);
      create table fhir.ordered (type smallint not null, id text not null, param int not null, lo float8 not null, hi float8 not null, toks bigint[] not null, str text);
      create index ordered_row on fhir.ordered (type, id);
      create index ordered_value on fhir.ordered (type, param, lo, id);
      ${r4.resources.map(typeSchema).join('\n')}`,
  },
  accessSchema,
  auditSchema,
  subscriptionSchema,
];
