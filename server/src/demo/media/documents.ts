import type { Resource } from '@medplum/fhirtypes';
import type { Days } from '../days.ts';
import type { DemoPatient } from '../people/patients.ts';
import { latinName } from '../people/patients.ts';
import { continuityOfCare, letterPdf, type Letter, type SummarySection } from './text-documents.ts';

/** A file of a record, made when it is asked for. */
export interface DemoDocument {
  readonly id: string;
  readonly patient: string;
  /** Institution that owns it. */
  readonly institution: string;
  readonly title: string;
  readonly contentType: 'application/pdf' | 'application/hl7-cda+xml' | 'text/plain';
  /** Class of material. */
  readonly category: string;
  /** LOINC. */
  readonly type: readonly [code: string, name: string];
  readonly at: string;
  bytes(): Promise<Uint8Array>;
}

const text = (resource: Resource, pick: (r: Record<string, unknown>) => unknown): string => String(pick(resource as unknown as Record<string, unknown>) ?? '');
const nameOf = (concept: unknown): string => (concept as { text?: string } | undefined)?.text ?? '';

function sectionsOf(history: readonly Resource[]): SummarySection[] {
  const of = (type: Resource['resourceType']): Resource[] => history.filter((r) => r.resourceType === type);
  const since = (r: Resource, key: string): string => text(r, (x) => x[key]).slice(0, 10);
  return [
    { code: '48765-2', title: 'Allergies and adverse reactions', templateId: '2.16.840.1.113883.10.20.22.2.6.1', head: ['Substance', 'Recorded'], rows: of('AllergyIntolerance').map((r) => [nameOf((r as { code?: unknown }).code), since(r, 'recordedDate')]) },
    { code: '10160-0', title: 'Medication', templateId: '2.16.840.1.113883.10.20.22.2.1.1', head: ['Medicine', 'Dose', 'Since'], rows: of('MedicationRequest').map((r) => [text(r, (x) => nameOf(x['medicationCodeableConcept'])), text(r, (x) => (x['dosageInstruction'] as { text?: string }[] | undefined)?.[0]?.text), since(r, 'authoredOn')]) },
    { code: '11450-4', title: 'Problems', templateId: '2.16.840.1.113883.10.20.22.2.5.1', head: ['Problem', 'Since'], rows: of('Condition').map((r) => [nameOf((r as { code?: unknown }).code), since(r, 'onsetDateTime')]) },
    { code: '30954-2', title: 'Results', templateId: '2.16.840.1.113883.10.20.22.2.3.1', head: ['Report', 'Date'], rows: of('DiagnosticReport').slice(-12).map((r) => [nameOf((r as { code?: unknown }).code), since(r, 'effectiveDateTime')]) },
    { code: '11369-6', title: 'Immunizations', templateId: '2.16.840.1.113883.10.20.22.2.2.1', head: ['Vaccine', 'Date'], rows: of('Immunization').map((r) => [text(r, (x) => nameOf(x['vaccineCode'])), since(r, 'occurrenceDateTime')]) },
  ];
}

const storyLetters: Readonly<Record<string, readonly Letter[]>> = {
  'lung-nodule': [
    { title: 'Report of the CT of the chest', daysAgo: 24, paragraphs: ['Technique: spiral CT after intravenous contrast, 5 mm slices. (The images are a computed phantom.)', 'Findings: a spiculated solid nodule of 16 mm in the right upper lobe. A right paratracheal lymph node of 12 mm in its short axis. Centrilobular emphysema, worst in both upper lobes. No effusion. Heart not enlarged.', 'Opinion: the nodule is suspicious of a primary lung cancer. Second opinion, PET-CT or biopsy are advised.'] },
    { title: 'Letter of referral', daysAgo: 3, paragraphs: ['Dear colleague, thank you for your opinion on this man of sixty-three who has coughed for ten weeks, twice with blood, and has lost weight.', 'He has chronic obstructive pulmonary disease (FEV1 58 %), atrial fibrillation on apixaban, and type 2 diabetes. He is allergic to penicillin.', 'My questions: is biopsy or operation the better next step? May apixaban be stopped for it, and for how long? Are his lungs good enough for a lobectomy?'] },
  ],
};

/** The files of a record: a letter for everybody with a story that has one, a summary as C-CDA for every third patient, a note for every fifth. */
export function documentsOf(p: DemoPatient, n: number, history: readonly Resource[], days: Days): DemoDocument[] {
  const base = { patient: p.id, institution: p.institution };
  const letters = p.stories.flatMap((s) => storyLetters[s] ?? []);
  const plain: Letter[] = n % 4 === 1 ? [{ title: 'Discharge letter', daysAgo: 190, paragraphs: [`${p.stories.map((s) => s.replaceAll('-', ' ')).join(', ')}: stable at discharge.`, 'Medication as listed in the record. Review in six weeks.'] }] : [];
  return [
    ...[...letters, ...plain].map((letter, i): DemoDocument => ({
      ...base, id: `${p.id}-letter-${i + 1}`, title: letter.title, contentType: 'application/pdf', category: 'document', at: days.at(letter.daysAgo, '12:00'),
      type: letter.title.startsWith('Report') ? ['18748-4', 'Diagnostic imaging study'] : letter.title.startsWith('Discharge') ? ['18842-5', 'Discharge summary'] : ['57133-1', 'Referral note'], bytes: () => letterPdf(p, letter, days),
    })),
    ...(n % 3 === 0 ? [{
      ...base, id: `${p.id}-summary`, title: 'Summary of the record (C-CDA)', contentType: 'application/hl7-cda+xml' as const, category: 'summary', type: ['34133-9', 'Summary of episode note'] as const, at: days.at(7, '12:00'),
      bytes: async () => Buffer.from(continuityOfCare(p, days, 7, sectionsOf(history)), 'utf8'),
    }] : []),
    ...(n % 5 === 0 ? [{
      ...base, id: `${p.id}-note`, title: 'Nursing note', contentType: 'text/plain' as const, category: 'document', type: ['34746-8', 'Nursing note'] as const, at: days.at(2, '16:00'),
      bytes: async () => Buffer.from(`DEMONSTRATION\n${days.date(2)}  ${latinName(p)}\n\nSlept well. Ate half of breakfast. Walked to the end of the ward with one helper.\nAsks when the result will be discussed; told: today, with the doctor.\n`, 'utf8'),
    }] : []),
  ];
}
