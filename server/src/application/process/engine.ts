import type { Bundle, List, Organization, Parameters, Patient, QuestionnaireResponse, Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import { forbidden, internal, notFound, preconditionFailed, type Clock, type Jobs } from '../../kernel/index.ts';
import type { FhirRepository, FhirTransaction } from '../../resource/fhir/contract.ts';
import { grants } from '../../resource/fhir/index.ts';
import { roomOfScopes, type RequestContext } from '../../security/policy/index.ts';
import type { ApplicationDefinition, CaseSnapshot } from './definition.ts';
import { readInput, type ActionInput } from './input.ts';
import { loadCase, loadParticipant, readIfVisible } from './load.ts';
import { heldSlots } from './blocks/time.ts';
import { offers, refusal, rolesIn, transition, type ActionOffer } from './transition.ts';
import { businessStatus, codeIn, concept, ref, systems, taskStatus } from './vocabulary.ts';
import { tagged, writeStep } from './write.ts';

/**
 * Impure work that an action's declaration names; runs inside the step's transaction, after the action was found allowed. What it does outside
 * the database (a stored file) is taken back by the `undo` function in its result when the step fails.
 */
export type Preparation = (at: { ctx: RequestContext; fhir: FhirTransaction; case: CaseSnapshot; input: ActionInput; definition: ApplicationDefinition; now: Date }) => Promise<Readonly<Record<string, unknown>>>;

export interface EngineDeps {
  readonly repository: FhirRepository;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly definitions: readonly ApplicationDefinition[];
  readonly preparations: Readonly<Record<string, Preparation>>;
}

export interface ProcessEngine {
  readonly definitions: readonly ApplicationDefinition[];
  /** Opens a draft case for a patient the caller may see. */
  open(ctx: RequestContext, application: string, patient: string): Promise<Task>;
  /** Performs one action; `ifMatch` is the version of the case the caller decided on. Answers the case, with what else it gave. */
  perform(ctx: RequestContext, caseId: string, action: string, body: Resource | undefined, ifMatch?: number): Promise<Task | Parameters>;
  offers(ctx: RequestContext, caseId: string): Promise<{ roles: readonly string[]; offers: readonly ActionOffer[] }>;
  /** Everything of the case that the caller may see, in one Bundle. */
  bundle(ctx: RequestContext, caseId: string): Promise<Bundle>;
  /** The case itself, for the services around it (room, notices). */
  load(ctx: RequestContext, caseId: string): Promise<CaseSnapshot>;
}

/** All that somebody who came by a link may do. */
const guestActions: readonly string[] = ['join-session', 'record-consent'];

export function createProcessEngine(deps: EngineDeps): ProcessEngine {
  const { repository, jobs, clock, newId } = deps;
  const byCode = new Map(deps.definitions.map((d) => [d.code, d]));
  for (const d of deps.definitions) {
    for (const a of d.actions) if (a.prepare && !deps.preparations[a.prepare]) throw internal('preparation-missing', `${d.code}: no preparation ${a.prepare}.`);
  }
  const definitionOf = (task: Task): ApplicationDefinition => {
    const definition = byCode.get(codeIn(task.code, systems.application) ?? '');
    if (!definition) throw notFound('not-a-case', 'This Task is not a case.');
    return definition;
  };

  /** Who entered by a link has no way to the record, only into the room of that case. Anybody else must be able to see the case. */
  const enter = async (ctx: RequestContext, caseId: string): Promise<void> => {
    if (roomOfScopes(ctx.actor.scopes) !== caseId) await repository.read(ctx, 'Task', caseId);
  };
  /** The whole case, for whoever may see that there is one. */
  const load = async (ctx: RequestContext, caseId: string): Promise<CaseSnapshot> => {
    await enter(ctx, caseId);
    return repository.transaction(ctx, (fhir) => loadCase(fhir, caseId, false), { byEngine: true });
  };
  /** What the input names, read with the caller's own rights: nobody can hand on what they cannot see. */
  const readNamed = async (ctx: RequestContext, body: Resource | undefined): Promise<Map<string, Resource>> => {
    const references = ((body as Parameters | undefined)?.parameter ?? []).slice(0, 200).map((p) => p.valueReference?.reference);
    return repository.transaction(ctx, async (fhir) => {
      const found = new Map<string, Resource>();
      for (const reference of references) {
        const resource = await readIfVisible<Resource>(fhir, reference);
        if (reference && resource) found.set(reference, resource);
        // Whoever is invited brings their house along.
        for (let at = resource?.resourceType === 'PractitionerRole' ? resource.organization?.reference : undefined, depth = 0; at !== undefined && !found.has(at) && depth < 8; depth++) {
          const organization = await readIfVisible<Organization>(fhir, at);
          if (organization) found.set(at, organization);
          at = organization?.partOf?.reference;
        }
      }
      return found;
    });
  };

  return {
    definitions: deps.definitions,

    open: (ctx, application, patientReference) => repository.transaction(ctx, async (fhir) => {
      const definition = byCode.get(application);
      if (!definition) throw notFound('no-such-application', 'There is no such application.');
      const requester = ctx.actor.practitionerRoles[0];
      if (ctx.actor.role !== 'clinician' || !requester) throw forbidden('not-your-action', 'Only a clinician may open a case.');
      const patient = await readIfVisible<Patient>(fhir, patientReference);
      if (patient?.resourceType !== 'Patient') throw notFound('no-such-patient', 'There is no such patient.');
      // What somebody sees by a case of others is not theirs to hand on.
      const { rows: [row] } = await fhir.tx.query<{ owner: string | null }>('select owner from fhir."Patient" where id = $1', [patient.id]);
      if (!row?.owner || ![ctx.actor.institution, ...ctx.actor.organizations].includes(row.owner)) throw forbidden('not-your-patient', 'A case is opened for a patient of your own institution.');
      const inviterReference = requester.includes('/') ? requester : `PractitionerRole/${requester}`;
      const inviter = await loadParticipant(fhir, inviterReference);
      return openCase({ ctx, fhir, definition, patient: patient as Patient & { id: string }, inviter: inviterReference, institution: inviter.institution.id, now: clock.now(), newId });
    }),

    perform: async (ctx, caseId, code, body, ifMatch) => {
      await enter(ctx, caseId); // who may not see the case learns nothing of it
      const isGuest = roomOfScopes(ctx.actor.scopes) !== undefined;
      if (isGuest && !guestActions.includes(code)) throw forbidden('not-your-action', 'A link opens the room and nothing else.');
      const named = isGuest ? new Map<string, Resource>() : await readNamed(ctx, body);
      let undo: (() => Promise<void>) | undefined;
      return repository.transaction(ctx, async (fhir) => {
      const c = await loadCase(fhir, caseId, true);
      if (ifMatch !== undefined && ifMatch !== c.version) throw preconditionFailed('case-moved-on', 'Somebody changed this case in the meantime; look at it again.');
      const definition = definitionOf(c.task);
      const now = clock.now();
      const refused = refusal(definition, code, c, ctx.actor, now);
      if (refused) throw refused;
      const action = definition.actions.find((a) => a.code === code)!;
      const input = readInput(body, action.input ?? []);
      const resources = new Map(named);
      for (const reference of heldSlots(c)) {
        const resource = await readIfVisible<Resource>(fhir, reference);
        if (resource && !resources.has(reference)) resources.set(reference, resource);
      }
      const prepared = action.prepare ? await deps.preparations[action.prepare]!({ ctx, fhir, case: c, input, definition, now }) : {};
      undo = prepared['undo'] as typeof undo;
      const { effects, states } = transition({ definition, case: c, code, actor: ctx.actor, input, env: { now, newId, resources, prepared } });
      if (action.recorded === false) return answer(c.task, effects.answer);
      const task = await writeStep({ ctx, fhir, jobs, definition, case: c, action, roles: rolesIn(ctx.actor, c), effects, states, now, newId });
      return answer(task, effects.answer);
      }, { byEngine: true }).catch(async (error: unknown) => {
        await undo?.();
        throw error;
      });
    },

    offers: async (ctx, caseId) => {
      const c = await load(ctx, caseId);
      return { roles: rolesIn(ctx.actor, c), offers: offers(definitionOf(c.task), c, ctx.actor, clock.now()) };
    },

    load,

    bundle: (ctx, caseId) => repository.transaction(ctx, async (fhir) => {
      const c = await loadCase(fhir, caseId, false);
      definitionOf(c.task);
      const tag = `_tag=${encodeURIComponent(`${systems.caseTag}|${caseId}`)}`;
      const more: Resource[] = [];
      for (const type of ['Provenance', 'Communication', 'Consent', 'QuestionnaireResponse', 'DocumentReference'] as const) {
        more.push(...await fhir.search<Resource>(type, `${tag}&_sort=-_lastUpdated&_count=500`));
      }
      const people = [c.inviter, ...c.invitations.map((i) => i.invitee)];
      const all: (Resource | undefined)[] = [
        c.task, c.request, c.form, c.materials, ...c.packages, ...c.invitations.map((i) => i.task), c.appointment, c.encounter, ...c.compositions, ...c.reports, c.carePlan,
        ...c.followUps, c.patient, ...people.flatMap((p) => [p.role, p.practitioner, p.institution]), ...more,
      ];
      const unique = new Map(all.filter((r) => r !== undefined).map((r) => [`${r.resourceType}/${r.id}`, r]));
      return { resourceType: 'Bundle', type: 'collection', timestamp: clock.now().toISOString(), entry: [...unique.values()].map((resource) => ({ resource })) };
    }),
  };
}

function answer(task: Task, extra: Readonly<Record<string, string>> | undefined): Task | Parameters {
  if (!extra) return task;
  return { resourceType: 'Parameters', parameter: [{ name: 'case', resource: task }, ...Object.entries(extra).map(([name, valueString]) => ({ name, valueString }))] };
}

interface Opening {
  readonly ctx: RequestContext; readonly fhir: FhirTransaction; readonly definition: ApplicationDefinition; readonly patient: Patient & { id: string };
  readonly inviter: string; readonly institution: string; readonly now: Date; readonly newId: () => string;
}

/** A new draft: the case, what is asked for, the empty form and the empty desk. */
async function openCase({ ctx, fhir, definition, patient, inviter, institution, now, newId }: Opening): Promise<Task> {
  const { rows } = await fhir.tx.query<{ n: string }>("select nextval('process.case_number')::text as n");
  const caseId = newId();
  const subject = ref('Patient', patient.id);
  const requester = { reference: inviter } as never;
  const at = now.toISOString();
  const request: ServiceRequest & { id: string } = { resourceType: 'ServiceRequest', id: newId(), status: 'draft', intent: 'order', code: concept(systems.application, definition.code), subject, requester, authoredOn: at };
  const form: QuestionnaireResponse & { id: string } = { resourceType: 'QuestionnaireResponse', id: newId(), status: 'in-progress', questionnaire: `${definition.form.url}|${definition.form.version}`, subject, authored: at, basedOn: [ref('ServiceRequest', request.id)] };
  const materials: List & { id: string } = { resourceType: 'List', id: newId(), status: 'current', mode: 'working', code: concept(systems.list, 'materials'), subject, date: at };
  const task: Task & { id: string } = {
    resourceType: 'Task', id: caseId, status: taskStatus[definition.initial.request] ?? 'draft', intent: 'order', code: concept(systems.application, definition.code),
    instantiatesUri: `${systems.application}:${definition.code}|${definition.version}`,
    groupIdentifier: { system: systems.caseNumber, value: `${definition.numberPrefix}-${now.getUTCFullYear()}-${rows[0]!.n.padStart(6, '0')}` },
    businessStatus: businessStatus(definition.initial), focus: ref('ServiceRequest', request.id), for: subject, requester, authoredOn: at, lastModified: at,
    input: [{ type: concept(systems.link, 'form'), valueReference: ref('QuestionnaireResponse', form.id) }, { type: concept(systems.link, 'materials'), valueReference: ref('List', materials.id) }],
  };
  const options = { byEngine: true, caseId, owner: institution } as const;
  let written = '';
  for (const resource of [request, form, materials, task]) written = (await fhir.create(tagged(resource, caseId), options)).text;
  await fhir.create(tagged({
    resourceType: 'Provenance', id: newId(), target: [ref('Task', caseId)], recorded: at, activity: concept(systems.action, 'open-case'),
    agent: [{ who: { ...(ctx.actor.profile ? { reference: ctx.actor.profile } : {}), display: ctx.actor.name } as never }],
  }, caseId), options);
  await grants(fhir).addParticipant(caseId, inviter, 'inviter');
  return JSON.parse(written) as Task;
}
