import type { Patient } from '@medplum/fhirtypes';
import type { TFunction } from 'i18next';
import { preferredName, formatName, type Format } from '../format/index.ts';

/** Age, sex and birth date in one line. `t` is of the namespace `record`. */
export const patientLine = (patient: Patient, format: Format, t: TFunction<'record'>): string => [
  format.age(patient.birthDate, patient.deceasedDateTime ? new Date(patient.deceasedDateTime) : undefined),
  patient.gender ? t(`sex.${patient.gender}`) : undefined,
  patient.birthDate ? t('born', { date: format.date(patient.birthDate) }) : undefined,
].filter(Boolean).join(' · ');

export const patientName = (patient: Patient): string => formatName(preferredName(patient.name)) || '–';
/** The identifier that people quote: medical record number first. */
export function mainIdentifier(patient: Patient): string | undefined {
  const all = patient.identifier ?? [];
  return (all.find((one) => one.type?.coding?.some((coding) => coding.code === 'MR')) ?? all.find((one) => one.use === 'official') ?? all[0])?.value;
}
