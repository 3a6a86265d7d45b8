import type { Measure } from '@medplum/fhirtypes';
import { concept } from '../vocabulary.ts';

/** What is counted, as data; each has its unit (UCUM) and one SQL expression over a case. */
export const figures = [
  { code: 'number', unit: '1', sql: 'count(*)::float8', title: 'Number of cases' },
  { code: 'waiting-time', unit: 'min', sql: 'avg(extract(epoch from (opened - submitted)) / 60)::float8', title: 'Waiting time from application to session' },
  { code: 'duration', unit: 'min', sql: 'avg(minutes)::float8', title: 'Duration of sessions' },
  { code: 'score', unit: '1', sql: 'avg(score)::float8', title: 'Score of evaluations' },
] as const;

/** By what the figures can be divided; the SQL gives the stratum's value. */
export const strata = {
  'institution': 'inviter_institution',
  'invitee-institution': 'invitee_institution',
  'department': 'department',
  'expert': 'invitee',
  'month': "to_char(submitted at time zone 'UTC', 'YYYY-MM')",
  'state': 'state',
} as const;
export type Stratum = keyof typeof strata;

/** The Measure of an application's process. @see https://hl7.org/fhir/R4/measure.html */
export const measureOf = (id: string, application: string): Measure & { id: string } => ({
  resourceType: 'Measure', id, url: `urn:bedside:measure:${application}`, version: '1', status: 'active', title: `Statistics of ${application}`,
  scoring: concept('http://terminology.hl7.org/CodeSystem/measure-scoring', 'continuous-variable'),
  group: figures.map((f) => ({
    code: concept('urn:bedside:figure', f.code, f.title),
    stratifier: Object.keys(strata).map((s) => ({ code: concept('urn:bedside:stratum', s) })),
  })),
});
