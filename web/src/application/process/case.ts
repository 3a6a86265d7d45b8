import type { Appointment, Bundle, CarePlan, Communication, Composition, Consent, DiagnosticReport, DocumentManifest, Encounter, List, Organization, Patient, Practitioner, PractitionerRole, Provenance, QuestionnaireResponse, Reference, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { codeIn, ofType, referenceKey, resolve } from '../../fhir/index.ts';
import { formatName, isZone, preferredName } from '../../format/index.ts';
import { overallStates, regions, systems, type OverallState, type Region } from './vocabulary.ts';

/** Everything of a case that the person may see, in the shape that the screens read. Made from the Bundle of `$case`. */
export interface CaseView {
  readonly id: string;
  readonly task: Task;
  readonly number: string;
  readonly application: string;
  readonly state: OverallState;
  readonly regions: Readonly<Record<Region, string>>;
  readonly patient: Patient | undefined;
  readonly request: ServiceRequest | undefined;
  readonly form: QuestionnaireResponse | undefined;
  readonly materials: List | undefined;
  readonly packages: readonly DocumentManifest[];
  readonly invitations: readonly Task[];
  readonly appointment: Appointment | undefined;
  readonly session: Encounter | undefined;
  readonly consents: readonly Consent[];
  /** The newest one, which may not be published yet. */
  readonly report: DiagnosticReport | undefined;
  readonly composition: Composition | undefined;
  /** All, the oldest first; each correction is a report and a text of its own. */
  readonly reports: readonly DiagnosticReport[];
  readonly compositions: readonly Composition[];
  readonly evaluations: readonly QuestionnaireResponse[];
  readonly carePlan: CarePlan | undefined;
  readonly followUps: readonly Task[];
  readonly provenance: readonly Provenance[];
  readonly communications: readonly Communication[];
  readonly pool: readonly Resource[];
}

export const stateOf = (task: Task): OverallState => {
  const code = codeIn(task.businessStatus, systems.state);
  return overallStates.find((state) => state === code) ?? 'draft';
};
export const regionsOf = (task: Task): Record<Region, string> => Object.fromEntries(regions.map((region) => [region, codeIn(task.businessStatus, `${systems.state}:${region}`) ?? 'none'])) as Record<Region, string>;
export const caseNumber = (task: Task): string => task.groupIdentifier?.value ?? task.identifier?.find((one) => one.system === systems.caseNumber)?.value ?? '';
export const applicationOf = (task: Task): string => codeIn(task.code, systems.application) ?? '';
/** Id of the case that a row belongs to. */
export const caseIdOf = (resource: Resource): string | undefined => resource.meta?.tag?.find((tag) => tag.system === systems.caseTag)?.code;

const newest = <T>(list: readonly T[]): T | undefined => list.at(-1);

export function caseViewOf(bundle: Bundle, id: string): CaseView | undefined {
  const pool = (bundle.entry ?? []).flatMap((entry) => entry.resource ?? []);
  const tasks = ofType(bundle, 'Task');
  const task = tasks.find((one) => one.id === id);
  if (!task) return undefined;
  const linked = (side: 'input' | 'output', code: string): string[] => (task[side] ?? []).filter((link) => (link.type.coding ?? []).some((coding) => coding.code === code)).flatMap((link) => referenceKey(link.valueReference) ?? []);
  const at = <T extends Resource['resourceType']>(type: T, side: 'input' | 'output', code: string) => linked(side, code).flatMap((key) => resolve(pool, type, key) ?? []);
  const children = tasks.filter((one) => (one.partOf ?? []).some((parent) => referenceKey(parent) === `Task/${id}`));
  const byTask = (code: string): Task[] => children.filter((one) => codeIn(one.code, systems.task) === code);
  return {
    id, task, pool, number: caseNumber(task), application: applicationOf(task), state: stateOf(task), regions: regionsOf(task),
    patient: resolve(pool, 'Patient', task.for), request: resolve(pool, 'ServiceRequest', task.focus),
    form: newest(at('QuestionnaireResponse', 'input', 'form')), materials: newest(at('List', 'input', 'materials')), packages: at('DocumentManifest', 'input', 'package'),
    invitations: byTask('invitation'), followUps: byTask('follow-up'),
    appointment: newest(at('Appointment', 'output', 'appointment')), session: newest(at('Encounter', 'output', 'session')), consents: at('Consent', 'output', 'consent'),
    report: newest(at('DiagnosticReport', 'output', 'report')), composition: newest(at('Composition', 'output', 'composition')),
    reports: at('DiagnosticReport', 'output', 'report'), compositions: at('Composition', 'output', 'composition'),
    evaluations: at('QuestionnaireResponse', 'output', 'evaluation'), carePlan: newest(at('CarePlan', 'output', 'care-plan')),
    provenance: ofType(bundle, 'Provenance').sort((a, b) => (b.recorded ?? '').localeCompare(a.recorded ?? '')),
    communications: ofType(bundle, 'Communication').sort((a, b) => (a.sent ?? '').localeCompare(b.sent ?? '')),
  };
}

/** Somebody of the case, ready to be shown. */
export interface CasePerson { readonly key: string; readonly name: string; readonly institution: string | undefined; readonly specialty: string | undefined; readonly zone: string | undefined }

const TIMEZONE = 'http://hl7.org/fhir/StructureDefinition/timezone';
export const zoneOf = (...resources: readonly (Practitioner | PractitionerRole | Organization | undefined)[]): string | undefined =>
  resources.flatMap((one) => (one?.extension ?? []).filter((extension) => extension.url === TIMEZONE).flatMap((extension) => extension.valueCode ?? extension.valueString ?? [])).find(isZone);

/** The person that a reference to a PractitionerRole, Practitioner, Patient or Organization names. */
export function personOf(pool: readonly Resource[], reference: Reference | undefined): CasePerson {
  const key = referenceKey(reference) ?? '';
  const role = resolve(pool, 'PractitionerRole', reference) ?? pool.find((one): one is PractitionerRole => one.resourceType === 'PractitionerRole' && referenceKey(one.practitioner) === key);
  const practitioner = resolve(pool, 'Practitioner', role?.practitioner ?? reference);
  const patient = resolve(pool, 'Patient', reference);
  const organization = resolve(pool, 'Organization', role?.organization ?? reference);
  return {
    key,
    name: formatName(preferredName(practitioner?.name ?? patient?.name)) || role?.practitioner?.display || organization?.name || reference?.display || '–',
    institution: organization && (practitioner || role) ? organization.name : role?.organization?.display,
    specialty: role?.specialty?.[0]?.text ?? role?.specialty?.[0]?.coding?.[0]?.display, zone: zoneOf(practitioner, role, organization),
  };
}
