import type { CarePlan, Composition, DiagnosticReport, Appointment, DocumentManifest, Encounter, List, Organization, Patient, Practitioner, PractitionerRole, Questionnaire, QuestionnaireResponse, Resource, ServiceRequest, Signature, Slot, Task } from '@medplum/fhirtypes';
import type { Actor } from '../../security/policy/index.ts';
import type { ActionInput } from './input.ts';
import type { CaseRole, Region, RegionStates } from './vocabulary.ts';

/** A person of the case as the engine sees them: the role row, who it is, and the institution at the top of their tree. */
export interface Participant {
  readonly role: PractitionerRole & { id: string };
  readonly practitioner?: Practitioner;
  readonly institution: Organization & { id: string };
}
export interface Invitation { readonly task: Task & { id: string }; readonly invitee: Participant }

/** Everything of a case that a transition may look at; loaded in the transaction that will write its result. */
export interface CaseSnapshot {
  readonly id: string;
  readonly task: Task & { id: string };
  readonly version: number;
  readonly states: RegionStates;
  readonly patient: Patient & { id: string };
  readonly inviter: Participant;
  readonly invitations: readonly Invitation[];
  readonly request: ServiceRequest;
  readonly form: QuestionnaireResponse;
  readonly materials: List;
  readonly packages: readonly DocumentManifest[];
  readonly appointment?: Appointment;
  readonly encounter?: Encounter;
  /** All versions that can be seen, oldest first; each correction is a pair of its own, so that what was published stays readable. */
  readonly compositions: readonly Composition[];
  readonly reports: readonly DiagnosticReport[];
  /** The newest of each. */
  readonly composition?: Composition;
  readonly report?: DiagnosticReport;
  readonly carePlan?: CarePlan;
  readonly followUps: readonly Task[];
}

/** What the pure transition is told besides the case. */
export interface Env {
  readonly now: Date;
  readonly newId: () => string;
  /** Resources named by the input, read by the runner with the caller's rights. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** What the action's preparation made (hashes, a signed PDF, a ticket). */
  readonly prepared: Readonly<Record<string, unknown>>;
}

export interface ActionCall {
  readonly definition: ApplicationDefinition;
  readonly action: ActionDefinition;
  readonly case: CaseSnapshot;
  readonly actor: Actor;
  readonly roles: readonly CaseRole[];
  readonly input: ActionInput;
  readonly env: Env;
}

export interface Notice {
  /** Code of what happened (the action's), which the screen and the mail turn into words of the reader's language. */
  readonly code: string;
  /** `PractitionerRole/x`, `Patient/x`, or `Organization/x` for the coordinators there. */
  readonly to: readonly string[];
  readonly text?: string;
  /** Also by e-mail, with a calendar entry when an appointment is named. */
  readonly mail?: { readonly calendar?: 'request' | 'cancel' };
}
export interface Job { readonly name: string; readonly key: string; readonly at: Date; readonly data: object }
export interface Booking { readonly actor: string; readonly start: string; readonly end: string; readonly kind: 'hold' | 'release' }
export type Grant =
  | { readonly kind: 'participant'; readonly grantee: string; readonly role: CaseRole; readonly revoke?: boolean }
  | { readonly kind: 'material'; readonly item: string; readonly revoke?: boolean }
  | { readonly kind: 'patient'; readonly grantee: string; readonly types: readonly string[]; readonly revoke?: boolean };

/** What a transition causes; the runner writes all of it or nothing. */
export interface Effects {
  readonly states?: Partial<Record<Region, string>>;
  /** Resources to create (no version) or update; the runner stamps the case's tag on each. */
  readonly create?: readonly (Resource & { id: string })[];
  readonly update?: readonly Resource[];
  /** Changes of the case's Task other than its state. */
  readonly task?: Partial<Pick<Task, 'owner' | 'restriction' | 'priority' | 'statusReason' | 'description'>>;
  /** Links to add to Task.input / Task.output, replacing an older one of the same code unless `many`. */
  readonly links?: readonly { readonly side: 'input' | 'output'; readonly code: string; readonly reference: string; readonly many?: boolean }[];
  readonly grants?: readonly Grant[];
  readonly bookings?: readonly Booking[];
  readonly notices?: readonly Notice[];
  readonly jobs?: readonly Job[];
  readonly cancelJobs?: readonly { readonly name: string; readonly key: string }[];
  /** References of what the step was about without changing it; its Provenance names them as targets. */
  readonly about?: readonly string[];
  /** Kept in the Provenance of this step. */
  readonly reason?: string;
  readonly signatures?: readonly Signature[];
  /** Extra parameters of the answer (a ticket, a link), never stored. */
  readonly answer?: Readonly<Record<string, string>>;
}

export interface ParameterDefinition { readonly name: string; readonly type: 'Reference' | 'string' | 'code' | 'boolean' | 'integer' | 'date' | 'dateTime' | 'Resource' | 'part'; readonly min: 0 | 1; readonly max: '1' | '*'; readonly maxLength?: number; readonly codes?: readonly string[] }

/** A precondition with a code the screen can explain. */
export interface Need { readonly code: string; readonly met: (c: CaseSnapshot, now: Date, roles: readonly CaseRole[], actor: Actor) => boolean }

export interface ActionDefinition {
  readonly code: string;
  readonly by: readonly CaseRole[];
  /** States in which it is allowed; a region not named may be in any. */
  readonly when: Partial<Record<Region, readonly string[]>>;
  readonly input?: readonly ParameterDefinition[];
  readonly needs?: readonly Need[];
  /** For whom, and in which states beyond `when`, this is the clear next step. */
  readonly primary?: { readonly by: readonly CaseRole[]; readonly when?: Partial<Record<Region, readonly string[]>> };
  /** Name of impure work done before the transition, wired in compose; what it returns is `env.prepared`. */
  readonly prepare?: string;
  /** Whether this is recorded in the statistics and the history; false for a mere question such as joining. */
  readonly recorded?: false;
  readonly perform: (call: ActionCall) => Effects;
}

export interface ReportTemplate {
  readonly code: string;
  readonly version: string;
  readonly sections: readonly { readonly code: string; readonly required: boolean; readonly audience: 'clinician' | 'patient' }[];
}

export interface ApplicationDefinition {
  readonly code: string;
  readonly version: string;
  /** Clause of ITU-T F.780.4. */
  readonly clause: string;
  /** Prefix of case numbers, e.g. `TC`. */
  readonly numberPrefix: string;
  readonly form: Questionnaire & { url: string };
  readonly evaluation?: Questionnaire & { url: string };
  readonly initial: RegionStates;
  readonly actions: readonly ActionDefinition[];
  readonly report?: ReportTemplate;
  readonly scheduling: { readonly defaultMinutes: number; readonly remindersMinutesBefore: readonly number[]; readonly joinMinutesBefore: number };
  readonly session: { readonly audiovisual: boolean; readonly whiteboard: boolean; readonly patientMayJoin: boolean };
  readonly limits: { readonly invitees: number; readonly materials: number };
  /** Moves what the form says into the ServiceRequest, so that it can be searched. */
  readonly readForm: (form: QuestionnaireResponse, request: ServiceRequest) => ServiceRequest;
}

export interface SlotChoice { readonly slot?: Slot; readonly start: Date; readonly end: Date }

/** Checks a declaration once at start-up; a faulty one must never serve. */
export function defineApplication(definition: ApplicationDefinition): ApplicationDefinition {
  const codes = new Set<string>();
  for (const action of definition.actions) {
    if (codes.has(action.code)) throw new Error(`${definition.code}: action ${action.code} stands twice`);
    codes.add(action.code);
    if (action.by.length === 0) throw new Error(`${definition.code}: nobody may ${action.code}`);
  }
  return Object.freeze(definition);
}
