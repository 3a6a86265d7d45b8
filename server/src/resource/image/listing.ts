import type { Bundle, Patient } from '@medplum/fhirtypes';
import { conflict } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import type { FhirTransaction } from '../fhir/contract.ts';
import type { InstanceAttributes } from './attributes.ts';
import type { InstanceRow, SeriesRow, StudyRow } from './contract.ts';
import { imagingStudyOf } from './imaging-study.ts';
import type { SessionDeps } from './session.ts';

interface Delivery { readonly owner: string; readonly study: string; readonly session: string; readonly patient?: string }

/**
 * Shows a session's instances of one study and brings its ImagingStudy up to date, in one transaction: a viewer sees all of it or nothing, and
 * whoever may not write the ImagingStudy has stored nothing. @returns id of the ImagingStudy
 */
export async function listStudy(deps: SessionDeps, ctx: RequestContext, delivery: Delivery, instances: readonly InstanceAttributes[]): Promise<string> {
  const told = instances[0]!.study;
  const patient = delivery.patient ?? await findPatient(deps, ctx, told);
  return deps.fhir.transaction(ctx, async (fhir) => {
    const { tx } = fhir;
    const found = await tx.query<StudyRow>('select * from image.study where owner = $1 and study_uid = $2 for update', [delivery.owner, delivery.study]);
    const before = found.rows[0]!;
    const listed = await tx.query('select 1 from image.instance where owner = $1 and study_uid = $2 and session is null limit 1', [delivery.owner, delivery.study]);
    const isNew = listed.rowCount === 0;
    const patientId = isNew ? told.patientId ?? null : before.patient_id;
    if (instances.some((i) => (i.study.patientId ?? null) !== patientId)) {
      throw conflict('image-patient-differs', 'The study is already that of another patient; the new instances were not kept.', { details: { at: '(0010,0020)' } });
    }
    const { rows } = await tx.query<StudyRow>(
      `update image.study set patient_id = $3, issuer = coalesce(issuer, $4), patient_name = coalesce(patient_name, $5), patient_birth_date = coalesce(patient_birth_date, $6), patient_sex = coalesce(patient_sex, $7),
        patient_reference = coalesce(patient_reference, $8), study_date = coalesce(study_date, $9), study_time = coalesce(study_time, $10), accession_number = coalesce(accession_number, $11), study_id = coalesce(study_id, $12),
        description = coalesce(description, $13), referring_physician = coalesce(referring_physician, $14), timezone = coalesce(timezone, $15)
       where owner = $1 and study_uid = $2 returning *`,
      [delivery.owner, delivery.study, patientId, told.issuer, told.patientName, told.birthDate, told.sex, patient, told.date, told.time, told.accession, told.id, told.description, told.referring, told.timezone]);
    const shown = await tx.query('update image.instance set session = null where session = $1 and study_uid = $2', [delivery.session, delivery.study]);
    if (isNew && shown.rowCount === 0) throw conflict('image-delivery-gone', 'The delivery took too long and was given up; send it again.');
    if ((shown.rowCount ?? 0) > 0) await writeImagingStudy(fhir, rows[0]!, isNew);
    return rows[0]!.imaging_study_id;
  });
}

async function writeImagingStudy(fhir: FhirTransaction, study: StudyRow, isNew: boolean): Promise<void> {
  const key = [study.owner, study.study_uid];
  const series = await fhir.tx.query<SeriesRow>(
    `select s.*, count(i.sop_uid)::int as instances from image.series s join image.instance i using (owner, study_uid, series_uid)
     where owner = $1 and study_uid = $2 and i.session is null group by s.owner, s.study_uid, s.series_uid order by s.number nulls last, s.series_uid`, key);
  const instances = await fhir.tx.query<Pick<InstanceRow, 'series_uid' | 'sop_uid' | 'sop_class' | 'number'>>(
    'select series_uid, sop_uid, sop_class, number from image.instance where owner = $1 and study_uid = $2 and session is null order by number nulls last, sop_uid limit 501', key);
  const resource = imagingStudyOf(study, series.rows, instances.rows);
  if (isNew) await fhir.create(resource, { owner: study.owner });
  else await fhir.update(resource);
}

/** The one patient with this identifier whom the sender may see and whose birth date does not contradict the images'. */
async function findPatient(deps: SessionDeps, ctx: RequestContext, told: InstanceAttributes['study']): Promise<string | undefined> {
  if (!told.patientId) return undefined;
  const escaped = told.patientId.replace(/[\\,|$]/g, '\\$&');
  const bundle = JSON.parse(await deps.fhir.search(ctx, 'Patient', `identifier=${encodeURIComponent(escaped)}&_count=2`)) as Bundle<Patient>;
  const found = (bundle.entry ?? []).map((e) => e.resource).filter((r): r is Patient => r?.resourceType === 'Patient');
  const only = found.length === 1 ? found[0]! : undefined;
  if (!only?.id || (only.birthDate && told.birthDate && only.birthDate.replaceAll('-', '') !== told.birthDate)) return undefined;
  return `Patient/${only.id}`;
}
