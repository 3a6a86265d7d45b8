import type { CodeableConcept, Observation, Quantity, Reference, Resource } from '@medplum/fhirtypes';
import type { Days } from '../days.ts';
import type { DemoPatient } from '../people/patients.ts';
import { generalPractitioner } from '../people/patients.ts';
import { practitionerOf, shownName, staffMember } from '../people/staff.ts';
import type { Random } from '../random.ts';
import { atc, concept, cvx, demonstrationMeta, hl7, icd10, loinc, ref, snomed, ucum } from '../vocabulary.ts';
import { panels, tests, type PanelName, type TestName } from './laboratory.ts';

export interface Vitals { readonly systolic?: number; readonly diastolic?: number; readonly heartRate?: number; readonly weightKg?: number; readonly heightCm?: number; readonly spo2?: number; readonly temperature?: number; readonly breaths?: number }

/** What a story writes a record with; every resource gets an id from its patient and a running number. */
export interface Writer {
  readonly patient: DemoPatient;
  readonly days: Days;
  readonly random: Random;
  readonly resources: Resource[];
  /** What is usual for this person, so that all stories of one record agree. */
  readonly usual: { readonly heightCm: number; readonly weightKg: number; readonly spo2: number };
  condition(snomedCode: string, icd: string, name: string, sinceDaysAgo: number, options?: { endedDaysAgo?: number; severity?: 'mild' | 'moderate' | 'severe'; note?: string }): Reference<never>;
  medication(atcCode: string, name: string, dose: string, sinceDaysAgo: number, options?: { endedDaysAgo?: number; reason?: Reference<never> }): void;
  allergy(snomedCode: string, name: string, reaction?: readonly [code: string, name: string], high?: boolean): void;
  immunization(cvxCode: string, name: string, daysAgo: number): void;
  procedure(snomedCode: string, name: string, daysAgo: number): void;
  visit(daysAgo: number, reason: string, kind?: 'outpatient' | 'inpatient' | 'emergency', stayDays?: number): Reference<never>;
  vitals(daysAgo: number, values: Vitals, visit?: Reference<never>): void;
  laboratory(daysAgo: number, panel: PanelName, values: Partial<Record<TestName, number>>, visit?: Reference<never>): void;
  report(daysAgo: number, code: readonly [loincCode: string, name: string], category: 'RAD' | 'CUS' | 'LAB' | 'PAT', conclusion: string): void;
  add(resource: Resource): Reference<never>;
}

const vitalSigns: Readonly<Record<Exclude<keyof Vitals, 'systolic' | 'diastolic'>, readonly [code: string, name: string, unit: string, shown: string, digits: number, low?: number, high?: number]>> = {
  heartRate: ['8867-4', 'Heart rate', '/min', '/min', 0, 60, 100], weightKg: ['29463-7', 'Body weight', 'kg', 'kg', 1], heightCm: ['8302-2', 'Body height', 'cm', 'cm', 0],
  spo2: ['59408-5', 'Oxygen saturation', '%', '%', 0, 94], temperature: ['8310-5', 'Body temperature', 'Cel', '°C', 1, 36, 37.5], breaths: ['9279-1', 'Respiratory rate', '/min', '/min', 0, 12, 20],
};
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const quantity = (value: number, unit: string, shown: string, digits: number): Quantity => ({ value: rounded(value, digits), ...(shown === '' ? {} : { unit: shown }), system: ucum, code: unit });
const range = (low: number | undefined, high: number | undefined, unit: string, shown: string) => (low === undefined && high === undefined ? {} : {
  referenceRange: [{ ...(low === undefined ? {} : { low: quantity(low, unit, shown, 2) }), ...(high === undefined ? {} : { high: quantity(high, unit, shown, 2) }) }],
});
function interpretation(value: number, low: number | undefined, high: number | undefined): { interpretation?: CodeableConcept[] } {
  if (low === undefined && high === undefined) return {};
  const code = low !== undefined && value < low ? 'L' : high !== undefined && value > high ? 'H' : 'N';
  return { interpretation: [concept(hl7('v3-ObservationInterpretation'), code, { L: 'Low', H: 'High', N: 'Normal' }[code])] };
}
const category = (code: 'vital-signs' | 'laboratory') => [concept(hl7('observation-category'), code, code === 'laboratory' ? 'Laboratory' : 'Vital signs')];

export function recordWriter(patient: DemoPatient, days: Days, random: Random): Writer {
  const resources: Resource[] = [];
  const subject = ref(`Patient/${patient.id}`);
  const doctorKey = generalPractitioner[patient.institution]!;
  const doctor = ref(practitionerOf(doctorKey), shownName(staffMember(doctorKey)));
  const organization = ref(`Organization/${patient.institution}`);
  const number = patient.id.slice(-2);
  const age = days.ageAt(patient.birthDate, 0);
  const build = random.fork('build');
  const heightCm = age < 16 ? 85 + age * 6 : patient.gender === 'female' ? build.normal(161, 6) : build.normal(173, 7);
  const weightKg = (heightCm / 100) ** 2 * Math.max(15, build.normal(age < 16 ? 17 : patient.stories.includes('diabetes') ? 26.5 : 24, 1.8));
  const usual = { heightCm, weightKg, spo2: patient.stories.includes('copd') ? 94 : patient.stories.includes('heart-failure') ? 95.5 : 97.5 };
  let count = 0;
  const add = (resource: Resource): Reference<never> => {
    const id = resource.id ?? `demo-${number}-${String(++count).padStart(4, '0')}`;
    resources.push({ ...resource, id, meta: demonstrationMeta() } as Resource);
    return ref(`${resource.resourceType}/${id}`);
  };
  const measured = (daysAgo: number, time: string, kind: 'vital-signs' | 'laboratory', code: CodeableConcept, visit: Reference<never> | undefined): Observation => ({
    resourceType: 'Observation', status: 'final', category: category(kind), code, subject, effectiveDateTime: days.at(daysAgo, time), performer: [kind === 'laboratory' ? organization : doctor],
    ...(visit ? { encounter: visit } : {}),
  });
  return {
    patient, days, random, resources, usual, add,
    condition: (code, icd, name, since, options = {}) => add({
      resourceType: 'Condition', subject, code: { coding: [{ system: snomed, code, display: name }, { system: icd10, code: icd }], text: name },
      clinicalStatus: concept(hl7('condition-clinical'), options.endedDaysAgo === undefined ? 'active' : 'resolved', options.endedDaysAgo === undefined ? 'Active' : 'Resolved'),
      verificationStatus: concept(hl7('condition-ver-status'), 'confirmed', 'Confirmed'), category: [concept(hl7('condition-category'), 'problem-list-item', 'Problem')],
      onsetDateTime: days.date(since), recordedDate: days.date(since), recorder: doctor,
      ...(options.endedDaysAgo === undefined ? {} : { abatementDateTime: days.date(options.endedDaysAgo) }),
      ...(options.severity ? { severity: concept(snomed, { mild: '255604002', moderate: '6736007', severe: '24484000' }[options.severity], options.severity) } : {}),
      ...(options.note ? { note: [{ text: options.note }] } : {}),
    }),
    medication: (code, name, dose, since, options = {}) => void add({
      resourceType: 'MedicationRequest', status: options.endedDaysAgo === undefined ? 'active' : 'completed', intent: 'order', subject, medicationCodeableConcept: concept(atc, code, name),
      authoredOn: days.at(since, '10:00'), requester: doctor, dosageInstruction: [{ text: dose }], ...(options.reason ? { reasonReference: [options.reason] } : {}),
      dispenseRequest: { validityPeriod: { start: days.date(since), ...(options.endedDaysAgo === undefined ? {} : { end: days.date(options.endedDaysAgo) }) } },
    }),
    allergy: (code, name, reaction, high = false) => void add({
      resourceType: 'AllergyIntolerance', patient: subject, code: concept(snomed, code, name), clinicalStatus: concept(hl7('allergyintolerance-clinical'), 'active', 'Active'),
      verificationStatus: concept(hl7('allergyintolerance-verification'), 'confirmed', 'Confirmed'), recorder: doctor, recordedDate: days.date(900),
      ...(reaction ? { criticality: high ? 'high' as const : 'low' as const, reaction: [{ manifestation: [concept(snomed, ...reaction)] }] } : {}),
    }),
    immunization: (code, name, daysAgo) => void add({
      resourceType: 'Immunization', status: 'completed', patient: subject, vaccineCode: concept(cvx, code, name), occurrenceDateTime: days.date(daysAgo), primarySource: true, performer: [{ actor: organization }],
    }),
    procedure: (code, name, daysAgo) => void add({ resourceType: 'Procedure', status: 'completed', subject, code: concept(snomed, code, name), performedDateTime: days.date(daysAgo), performer: [{ actor: organization }] }),
    visit: (daysAgo, reason, kind = 'outpatient', stayDays = 0) => add({
      resourceType: 'Encounter', status: 'finished', subject, class: { system: hl7('v3-ActCode'), code: { outpatient: 'AMB', inpatient: 'IMP', emergency: 'EMER' }[kind], display: kind },
      type: [{ text: { outpatient: 'Outpatient visit', inpatient: 'Hospital stay', emergency: 'Emergency visit' }[kind] }], reasonCode: [{ text: reason }], serviceProvider: organization,
      participant: [{ individual: doctor }], period: { start: days.at(daysAgo, kind === 'emergency' ? '21:20' : '09:40'), end: days.at(daysAgo - stayDays, kind === 'emergency' ? '23:50' : '10:10') },
    }),
    vitals(daysAgo, values, visit) {
      if (values.systolic !== undefined && values.diastolic !== undefined) {
        const part = (code: string, name: string, value: number, most: number) => ({ code: concept(loinc, code, name), valueQuantity: quantity(value, 'mm[Hg]', 'mmHg', 0), ...interpretation(rounded(value, 0), undefined, most) });
        add({ ...measured(daysAgo, '09:45', 'vital-signs', concept(loinc, '85354-9', 'Blood pressure'), visit), component: [part('8480-6', 'Systolic', values.systolic, 139), part('8462-4', 'Diastolic', values.diastolic, 89)] });
      }
      for (const [key, [code, name, unit, shown, digits, low, high]] of Object.entries(vitalSigns)) {
        const value = values[key as keyof Vitals];
        if (value === undefined) continue;
        add({ ...measured(daysAgo, '09:45', 'vital-signs', concept(loinc, code, name), visit), valueQuantity: quantity(value, unit, shown, digits), ...range(low, high, unit, shown), ...interpretation(rounded(value, digits), low, high) });
      }
    },
    laboratory(daysAgo, panel, values, visit) {
      const results = Object.entries(values).map(([name, value]) => {
        const t = tests[name as TestName] as (typeof tests)[TestName] & { low?: number; high?: number };
        return add({ ...measured(daysAgo, '08:10', 'laboratory', concept(loinc, t.code, t.name), visit), valueQuantity: quantity(value, t.unit, t.shown, t.digits), ...range(t.low, t.high, t.unit, t.shown), ...interpretation(rounded(value, t.digits), t.low, t.high) });
      });
      const [code, name] = panels[panel];
      add({ resourceType: 'DiagnosticReport', status: 'final', category: [concept(hl7('v2-0074'), 'LAB', 'Laboratory')], code: concept(loinc, code, name), subject, effectiveDateTime: days.at(daysAgo, '08:10'), issued: days.at(daysAgo, '13:30'), performer: [organization], result: results, ...(visit ? { encounter: visit } : {}) });
    },
    report: (daysAgo, [code, name], kind, conclusion) => void add({
      resourceType: 'DiagnosticReport', status: 'final', category: [concept(hl7('v2-0074'), kind, { RAD: 'Radiology', CUS: 'Cardiac ultrasound', LAB: 'Laboratory', PAT: 'Pathology' }[kind])], code: concept(loinc, code, name), subject,
      effectiveDateTime: days.at(daysAgo, '11:00'), issued: days.at(daysAgo, '15:00'), performer: [organization], conclusion,
    }),
  };
}
