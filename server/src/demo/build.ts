import type { HealthcareService, Location, Observation, Organization, Practitioner, PractitionerRole, Resource, Schedule, Slot } from '@medplum/fhirtypes';
import { demoAccounts, type DemoAccount } from './accounts.ts';
import { daysFrom } from './days.ts';
import { chestCt } from './media/ct.ts';
import { phantomSize } from './media/chest-phantom.ts';
import { documentsOf, type DemoDocument } from './media/documents.ts';
import { ecgDicom } from './media/ecg-dicom.ts';
import { ecgObservation } from './media/ecg-observation.ts';
import { synthesiseEcg } from './media/ecg.ts';
import { institutionOf, institutionResources, institutions } from './people/institutions.ts';
import { patients, type DemoPatient } from './people/patients.ts';
import { slotsOf, staff, staffResources } from './people/staff.ts';
import { seededRandom } from './random.ts';
import { historyOf } from './record/history.ts';

/** Files of one study, made one after the other when they are asked for. */
export interface DemoImaging {
  readonly id: string;
  readonly patient: string;
  readonly institution: string;
  readonly title: string;
  readonly count: number;
  files(): Iterable<Uint8Array>;
}

/** The record of one patient: Patient first. Written as one transaction. */
export interface DemoRecord { readonly patient: DemoPatient; readonly resources: readonly Resource[] }

/** The whole demonstration network as plain data. */
export interface Demonstration {
  readonly organizations: readonly Organization[];
  readonly locations: readonly Location[];
  readonly healthcareServices: readonly HealthcareService[];
  readonly practitioners: readonly Practitioner[];
  readonly practitionerRoles: readonly PractitionerRole[];
  readonly schedules: readonly Schedule[];
  readonly slots: readonly Slot[];
  readonly records: readonly DemoRecord[];
  readonly documents: readonly DemoDocument[];
  readonly imaging: readonly DemoImaging[];
  readonly accounts: readonly DemoAccount[];
}

const present = <T>(value: T | undefined): value is T => value !== undefined;

/**
 * Makes the demonstration network. The same day and seed give the same bytes on every machine; nothing reads a clock.
 * @param today `YYYY-MM-DD`; all histories end there and all offered times begin there.
 */
export function buildDemonstration({ today, seed = 'bedside' }: { today: string; seed?: string }): Demonstration {
  const random = seededRandom(seed);
  const places = institutions.map(institutionResources);
  const people = staff.map((s) => staffResources(s));
  const daysOf = (institution: string) => daysFrom(today, institutionOf(institution).zone);
  const records = patients.map((patient): DemoRecord => {
    const { resources } = historyOf(patient, daysOf(patient.institution), random);
    return { patient, resources: [...resources, ...ecgsOf(patient, today, seed)] };
  });
  return {
    organizations: places.flatMap((p) => p.organizations),
    locations: places.flatMap((p) => p.locations),
    healthcareServices: places.flatMap((p) => p.services),
    practitioners: people.map((p) => p.practitioner),
    practitionerRoles: people.map((p) => p.role),
    schedules: people.map((p) => p.schedule).filter(present),
    slots: staff.filter((s) => s.role !== 'coordinator').flatMap((s) => slotsOf(s, daysOf(s.institution), random)),
    records,
    documents: records.flatMap(({ patient, resources }, n) => documentsOf(patient, n, resources, daysOf(patient.institution))),
    imaging: imagingOf(today, seed),
    accounts: demoAccounts,
  };
}

/** Electrocardiograms as FHIR: patient P's of two months ago, and one of each patient with another story of the heart. */
function ecgsOf(patient: DemoPatient, today: string, seed: string): Observation[] {
  const days = daysFrom(today, institutionOf(patient.institution).zone);
  const heart = patient.stories.find((s) => s === 'atrial-fibrillation' || s === 'coronary-disease' || s === 'heart-failure');
  if (!heart) return [];
  const rhythm = patient.stories.includes('atrial-fibrillation') ? 'atrial-fibrillation' as const : 'sinus' as const;
  const random = seededRandom(`${seed} ecg ${patient.id}`);
  const ecg = synthesiseEcg({ rhythm, heartRate: rhythm === 'sinus' ? random.whole(62, 84) : random.whole(88, 122), seconds: 10, samplingHz: 250 }, random);
  return [ecgObservation(ecg, { id: `${patient.id}-ecg`, patient: patient.id, at: days.at(61, '10:20'), performer: `Organization/${patient.institution}` })];
}

function imagingOf(today: string, seed: string): DemoImaging[] {
  const patient = patients[0]!;
  const days = daysFrom(today, institutionOf(patient.institution).zone);
  const base = { patient: patient.id, institution: patient.institution };
  const ecg = () => synthesiseEcg({ rhythm: 'atrial-fibrillation', heartRate: 104, seconds: 10, samplingHz: 500 }, seededRandom(`${seed} ecg of patient P`));
  return [
    { ...base, id: 'ct', title: 'CT of the chest (phantom)', count: phantomSize.slices, files: function* () { for (const { bytes } of chestCt(patient, days.at(24, '11:00'))) yield bytes; } },
    { ...base, id: 'ecg', title: 'Electrocardiogram', count: 1, files: function* () { yield ecgDicom(ecg(), patient, days.at(3, '10:05')); } },
  ];
}
