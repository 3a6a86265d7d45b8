import type { Appointment, CarePlan, Composition, DiagnosticReport, DocumentManifest, Encounter, List, Organization, Patient, Practitioner, PractitionerRole, QuestionnaireResponse, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { BedsideError, internal, notFound } from '../../kernel/index.ts';
import type { FhirTransaction } from '../../resource/fhir/contract.ts';
import type { CaseSnapshot, Invitation, Participant } from './definition.ts';
import { codeIn, parseReference, statesOf, systems } from './vocabulary.ts';

/** A resource the caller may read, or undefined: absence and lack of rights look the same. */
export async function readIfVisible<T extends Resource>(fhir: FhirTransaction, reference: string | undefined): Promise<T | undefined> {
  const at = parseReference(reference);
  if (!at) return undefined;
  try {
    return (await fhir.read<T>(at.type as T['resourceType'], at.id)).resource;
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'gone' || error.kind === 'forbidden')) return undefined;
    throw error;
  }
}

const link = (task: Task, side: 'input' | 'output', code: string): string[] =>
  (task[side] ?? []).filter((l) => codeIn(l.type, systems.link) === code).map((l) => l.valueReference?.reference ?? '');

async function topOf(fhir: FhirTransaction, reference: string | undefined): Promise<(Organization & { id: string }) | undefined> {
  let organization = await readIfVisible<Organization>(fhir, reference);
  for (let depth = 0; organization?.partOf?.reference && depth < 8; depth++) {
    organization = (await readIfVisible<Organization>(fhir, organization.partOf.reference)) ?? organization;
  }
  return organization as (Organization & { id: string }) | undefined;
}

/** A PractitionerRole with its person and institution. */
export async function loadParticipant(fhir: FhirTransaction, reference: string | undefined): Promise<Participant> {
  const role = await readIfVisible<PractitionerRole>(fhir, reference);
  const institution = await topOf(fhir, role?.organization?.reference);
  if (!role || !institution) throw internal('case-broken', 'A participant of this case cannot be read.');
  const practitioner = await readIfVisible<Practitioner>(fhir, role.practitioner?.reference);
  return { role: role as Participant['role'], institution, ...(practitioner ? { practitioner } : {}) };
}

/** Ids of the Tasks that the engine itself made for this case: anybody may write a Task that claims to be a case, or a part of one. */
async function partsOf(fhir: FhirTransaction, id: string): Promise<ReadonlySet<string>> {
  const { rows } = await fhir.tx.query<{ id: string }>('select id from fhir."Task" where case_id = $1 and not deleted limit 1000', [id]);
  return new Set(rows.map((r) => r.id));
}

/**
 * Everything of a case that the caller may see, read in one transaction.
 * @param lock the case's Task stays locked until the transaction ends, so that two steps of one case never interleave.
 */
export async function loadCase(fhir: FhirTransaction, id: string, lock: boolean): Promise<CaseSnapshot> {
  const { resource: task, version } = lock ? await fhir.readForUpdate<Task>('Task', id) : await fhir.read<Task>('Task', id);
  const parts = await partsOf(fhir, id);
  if (!codeIn(task.code, systems.application) || !parts.has(id)) throw notFound('not-a-case', 'This Task is not a case.');
  const one = <T extends Resource>(side: 'input' | 'output', code: string): Promise<T | undefined> => readIfVisible<T>(fhir, link(task, side, code).at(-1));
  const [patient, request, form, materials] = [
    await readIfVisible<Patient>(fhir, task.for?.reference), await readIfVisible<ServiceRequest>(fhir, task.focus?.reference),
    await one<QuestionnaireResponse>('input', 'form'), await one<List>('input', 'materials'),
  ];
  if (!patient || !request || !form || !materials) throw internal('case-broken', 'A part of this case cannot be read.');
  const every = async <T extends Resource>(side: 'input' | 'output', code: string): Promise<T[]> => {
    const found: T[] = [];
    for (const reference of link(task, side, code)) {
      const resource = await readIfVisible<T>(fhir, reference);
      if (resource) found.push(resource);
    }
    return found;
  };
  const packages = await every<DocumentManifest>('input', 'package');
  const children = (await fhir.search<Task>('Task', `part-of=Task/${id}&_count=200`)).filter((t) => parts.has(t.id ?? ''));
  const invitations: Invitation[] = [];
  for (const child of children.filter((t) => codeIn(t.code, systems.task) === 'invitation')) {
    invitations.push({ task: child as Invitation['task'], invitee: await loadParticipant(fhir, child.owner?.reference) });
  }
  const appointment = await one<Appointment>('output', 'appointment');
  const encounter = await one<Encounter>('output', 'session');
  const compositions = await every<Composition>('output', 'composition');
  const reports = await every<DiagnosticReport>('output', 'report');
  const [composition, report] = [compositions.at(-1), reports.at(-1)];
  const carePlan = await one<CarePlan>('output', 'care-plan');
  return {
    id, task: task as CaseSnapshot['task'], version, states: statesOf(task), patient: patient as CaseSnapshot['patient'],
    inviter: await loadParticipant(fhir, task.requester?.reference), invitations, request, form, materials, packages, compositions, reports,
    followUps: children.filter((t) => codeIn(t.code, systems.task) === 'follow-up'),
    ...(appointment ? { appointment } : {}), ...(encounter ? { encounter } : {}), ...(composition ? { composition } : {}),
    ...(report ? { report } : {}), ...(carePlan ? { carePlan } : {}),
  };
}
