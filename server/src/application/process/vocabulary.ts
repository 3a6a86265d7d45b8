import type { CodeableConcept, Coding, Reference, Task } from '@medplum/fhirtypes';

/** Code systems and tags of the process, in one place; what they mean stands in docs/adr/0003-process-engine.md. */
export const systems = {
  application: 'urn:bedside:application',
  action: 'urn:bedside:action',
  caseNumber: 'urn:bedside:case-number',
  caseTag: 'urn:bedside:case',
  communication: 'urn:bedside:communication',
  link: 'urn:bedside:case-link',
  list: 'urn:bedside:list',
  materialClass: 'urn:bedside:material-class',
  role: 'urn:bedside:role',
  sha256: 'urn:bedside:sha256',
  state: 'urn:bedside:state',
  task: 'urn:bedside:task',
} as const;

export const regions = ['request', 'time', 'session', 'report', 'evaluation', 'follow-up'] as const;
export type Region = (typeof regions)[number];
export type RegionStates = Readonly<Record<Region, string>>;

export const caseRoles = ['inviter', 'invitee', 'coordinator', 'patient'] as const;
export type CaseRole = (typeof caseRoles)[number];

/** What a material of the record is, for sorting it on the desk. */
export const materialClasses = ['summary', 'laboratory', 'imaging', 'ecg', 'pathology', 'document', 'photo', 'vital-signs', 'medication', 'consent', 'other'] as const;
export type MaterialClass = (typeof materialClasses)[number];

export const coding = (system: string, code: string): Coding => ({ system, code });
export const concept = (system: string, code: string, text?: string): CodeableConcept => ({ coding: [coding(system, code)], ...(text ? { text } : {}) });
/** A relative reference, assignable wherever a reference of some type is wanted. */
export const ref = (type: string, id: string): Reference<never> & { reference: string } => ({ reference: `${type}/${id}` });

/** The code of a system in a concept, or undefined. */
export const codeIn = (value: CodeableConcept | undefined, system: string): string | undefined => value?.coding?.find((c) => c.system === system)?.code;

/** `Type/id` of a relative reference as its two parts, or undefined when it is something else. */
export function parseReference(reference: string | undefined): { type: string; id: string } | undefined {
  const match = /^([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9\-.]{1,64})$/.exec(reference ?? '');
  return match ? { type: match[1]!, id: match[2]! } : undefined;
}

export function statesOf(task: Task): RegionStates {
  const of = (region: Region): string => task.businessStatus?.coding?.find((c) => c.system === `${systems.state}:${region}`)?.code ?? 'none';
  return Object.fromEntries(regions.map((r) => [r, of(r)])) as Record<Region, string>;
}

/** The one state that lists and the picture show, derived from the regions. */
export function overallState(s: RegionStates): string {
  if (s.request !== 'accepted') return s.request;
  if (s.report === 'published' || s.report === 'correcting') return 'reported';
  if (s.session === 'open') return 'in-session';
  if (s.session === 'ended') return 'held';
  return s.time === 'agreed' ? 'scheduled' : 'accepted';
}

export const businessStatus = (s: RegionStates): CodeableConcept => ({
  coding: [coding(systems.state, overallState(s)), ...regions.map((r) => coding(`${systems.state}:${r}`, s[r]))],
});

/** Task.status of a case from its request region. @see https://hl7.org/fhir/R4/valueset-task-status.html */
export const taskStatus: Readonly<Record<string, NonNullable<Task['status']>>> = {
  'draft': 'draft', 'applied': 'requested', 'information-requested': 'on-hold', 'accepted': 'in-progress',
  'closed': 'completed', 'refused': 'rejected', 'withdrawn': 'cancelled', 'cancelled': 'cancelled',
};
