import type { Bundle } from '@medplum/fhirtypes';
import { invalid, tooMany, type Database } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { FhirRepository } from '../fhir/contract.ts';
import type { StudyMatch, StudyQuery, StudyRow } from './contract.ts';

const pageSize = 100;
const maxPages = 20;

/**
 * Finds studies in the index, then lets the FHIR repository say which of them the caller may see. @throws too-many when so few of the matches are
 * visible that the search would go on and on: it must be narrowed.
 */
export async function searchStudies(deps: { db: Database; fhir: Pick<FhirRepository, 'search'> }, ctx: RequestContext, query: StudyQuery): Promise<StudyMatch[]> {
  const { where, values } = conditions(query);
  const wanted = query.offset + query.limit;
  const visible: StudyRow[] = [];
  for (let page = 0; ; page += 1) {
    if (page === maxPages) throw tooMany('study-search-too-wide', 'Too many studies match that may not be seen; narrow the search.');
    const { rows } = await deps.db.query<StudyRow>(
      `select s.* from image.study s where ${where} order by s.study_date desc nulls last, s.study_uid, s.owner limit ${pageSize} offset ${page * pageSize}`, values);
    if (rows.length > 0) visible.push(...await onlyVisible(deps.fhir, ctx, rows));
    if (rows.length < pageSize || visible.length >= wanted) break;
  }
  return counted(deps.db, visible.slice(query.offset, wanted));
}

async function onlyVisible(fhir: Pick<FhirRepository, 'search'>, ctx: RequestContext, rows: readonly StudyRow[]): Promise<StudyRow[]> {
  const ids = rows.map((row) => row.imaging_study_id);
  const bundle = JSON.parse(await fhir.search(ctx, 'ImagingStudy', `_id=${ids.join(',')}&_count=${pageSize}&_elements=id`)) as Bundle;
  const seen = new Set((bundle.entry ?? []).map((entry) => entry.resource?.id));
  return rows.filter((row) => seen.has(row.imaging_study_id));
}

/** Adds what is counted over series and instances. */
export async function counted(db: Database, studies: readonly StudyRow[]): Promise<StudyMatch[]> {
  if (studies.length === 0) return [];
  const { rows } = await db.query<{ imaging_study_id: string; modalities: string[]; series: number; instances: number }>(
    `select t.imaging_study_id, coalesce(array_agg(distinct s.modality) filter (where s.modality is not null), '{}') as modalities, count(distinct s.series_uid)::int as series, count(i.sop_uid)::int as instances
     from image.study t join image.series s using (owner, study_uid) join image.instance i using (owner, study_uid, series_uid)
     where t.imaging_study_id = any($1) and i.session is null group by 1`, [studies.map((s) => s.imaging_study_id)]);
  const counts = new Map(rows.map((row) => [row.imaging_study_id, row]));
  return studies.map((study) => {
    const count = counts.get(study.imaging_study_id);
    return { study, modalities: count?.modalities ?? [], series: count?.series ?? 0, instances: count?.instances ?? 0 };
  });
}

function conditions(query: StudyQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [];
  const put = (value: unknown): string => `$${values.push(value)}`;
  const parts = ['exists (select 1 from image.instance i where i.owner = s.owner and i.study_uid = s.study_uid and i.session is null)'];
  const like = (column: string, value: string | undefined, caseless: boolean): void => {
    if (value === undefined || value === '' || value === '*') return;
    if (!/[*?]/.test(value) && !caseless) parts.push(`${column} = ${put(value)}`);
    else parts.push(`${column} ${caseless ? 'ilike' : 'like'} ${put(pattern(value))}`);
  };
  if (query.studyUid && query.studyUid.length > 0) parts.push(`s.study_uid = any(${put(query.studyUid)})`);
  like('s.patient_id', query.patientId, false);
  like('s.patient_name', query.patientName, true);
  like('s.accession_number', query.accession, false);
  like('s.description', query.description, true);
  like('s.study_id', query.studyId, false);
  if (query.studyDate) {
    const range = /^(\d{8})?(-)?(\d{8})?$/.exec(query.studyDate);
    if (!range || (!range[1] && !range[3])) throw invalid('study-date', 'A date is YYYYMMDD, or a range of two.', { details: { at: 'StudyDate' } });
    const [, from, dash, to] = range;
    if (!dash) parts.push(`s.study_date = ${put(from)}`);
    if (dash && from) parts.push(`s.study_date >= ${put(from)}`);
    if (dash && to) parts.push(`s.study_date <= ${put(to)}`);
  }
  if (query.modality) parts.push(`exists (select 1 from image.series m where m.owner = s.owner and m.study_uid = s.study_uid and m.modality = any(${put(query.modality.split(/[\\,]/))}))`);
  return { where: parts.join(' and '), values };
}

/** DICOM wildcards as SQL's. @see PS3.4 C.2.2.2.4 */
const pattern = (value: string): string => value.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%').replaceAll('?', '_');
