import type { ImagingStudy, Reference } from '@medplum/fhirtypes';
import type { InstanceRow, SeriesRow, StudyRow } from './contract.ts';

/** Beyond this the FHIR row names series only; instances are found by QIDO-RS. Keeps the row small when a study has thousands of slices. */
const maxInstancesListed = 500;
const modalitySystem = 'http://dicom.nema.org/resources/ontology/DCM';

type ListedInstance = Pick<InstanceRow, 'series_uid' | 'sop_uid' | 'sop_class' | 'number'>;

/** The ImagingStudy that tells of a study. Pure. @see https://hl7.org/fhir/R4/imagingstudy.html */
export function imagingStudyOf(study: StudyRow, series: readonly SeriesRow[], instances: readonly ListedInstance[]): ImagingStudy {
  const total = series.reduce((sum, s) => sum + s.instances, 0);
  const started = instant(study.study_date, study.study_time, study.timezone);
  const modalities = [...new Set(series.map((s) => s.modality).filter((m): m is string => Boolean(m)))].sort();
  return {
    resourceType: 'ImagingStudy', id: study.imaging_study_id, status: 'available',
    identifier: [
      { system: 'urn:dicom:uid', value: `urn:oid:${study.study_uid}` },
      ...(study.accession_number ? [{ type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] }, value: study.accession_number }] : []),
    ],
    subject: subject(study),
    ...(started && { started }),
    ...(modalities.length > 0 && { modality: modalities.map((code) => ({ system: modalitySystem, code })) }),
    ...(study.referring_physician && { referrer: { display: readableName(study.referring_physician) } }),
    ...(study.description && { description: study.description }),
    numberOfSeries: series.length, numberOfInstances: total,
    series: series.map((s) => ({
      uid: s.series_uid, ...(s.number !== null && s.number >= 0 && { number: s.number }), modality: { system: modalitySystem, code: s.modality ?? 'OT' },
      ...(s.description && { description: s.description }), numberOfInstances: s.instances,
      ...(s.body_part && { bodySite: { display: s.body_part } }),
      ...withStarted(instant(s.series_date, s.series_time, study.timezone)),
      ...(total <= maxInstancesListed && { instance: instances.filter((i) => i.series_uid === s.series_uid).map((i) => ({
        uid: i.sop_uid, sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${i.sop_class}` }, ...(i.number !== null && i.number >= 0 && { number: i.number }),
      })) }),
    })),
  };
}

const withStarted = (started: string | undefined): { started?: string } => (started ? { started } : {});

/** A patient of ours, or a patient that only the images name: then by identifier, to be matched later. */
function subject(study: StudyRow): Reference<NonNullable<ImagingStudy['subject']['resource']>> {
  if (study.patient_reference) return { reference: study.patient_reference };
  return {
    type: 'Patient',
    ...(study.patient_id && { identifier: { value: study.patient_id, ...(study.issuer && { assigner: { display: study.issuer } }) } }),
    display: study.patient_name ? readableName(study.patient_name) : 'Unknown patient',
  };
}

/** `Yamada^Tarou=山田^太郎` as `Tarou Yamada`. */
export const readableName = (pn: string): string => {
  const [family, given, middle, prefix, suffix] = pn.split('=')[0]!.split('^').map((part) => part.trim());
  return [prefix, given, middle, family, suffix].filter(Boolean).join(' ') || pn;
};

/** A date-time needs a zone in FHIR: without one in the images only the date is told. */
function instant(date: string | null, time: string | null, zone: string | null): string | undefined {
  if (!date) return undefined;
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
  if (Number.isNaN(Date.parse(day))) return undefined;
  const offset = /^([+-]\d{2})(\d{2})$/.exec(zone ?? '');
  if (!offset || !time || time.length < 4) return day;
  const full = `${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6) || '00'}${offset[1]}:${offset[2]}`;
  return Number.isNaN(Date.parse(full)) ? day : full;
}
