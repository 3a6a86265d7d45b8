import type { QuestionnaireResponse, Resource, Task } from '@medplum/fhirtypes';
import { conflict, unprocessable } from '../../../kernel/index.ts';
import type { ActionDefinition, CaseSnapshot, Grant, Invitation, Need, ParameterDefinition } from '../definition.ts';
import { checkAnswers, missingAnswers } from '../questionnaire.ts';
import { concept, ref, systems } from '../vocabulary.ts';
import { closedMaterials, materialsGrants, packageOf } from './materials.ts';

const reason: ParameterDefinition = { name: 'reason', type: 'string', min: 1, max: '1', maxLength: 2_000 };
const expert: ParameterDefinition = { name: 'expert', type: 'Reference', min: 1, max: '1' };

export const live = (i: Invitation): boolean => i.task.status === 'requested' || i.task.status === 'accepted';
export const liveInvitees = (invitations: readonly Invitation[]): string[] => invitations.filter(live).map((i) => `PractitionerRole/${i.invitee.role.id}`);
export const inviterRef = (c: { task: Task }): string => c.task.requester?.reference ?? '';
/** Coordinators are told through their institution. */
export const institutionsOf = (invitations: readonly Invitation[]): string[] => [...new Set(invitations.filter(live).map((i) => `Organization/${i.invitee.institution.id}`))];

const hasInvitee: Need = { code: 'no-expert-invited', met: (c) => c.invitations.some(live) };

const draftToApplied = ['draft', 'applied', 'information-requested'] as const;

/** Filling in, inviting, submitting, changing and withdrawing an application (the inviter's side of the request region). */
export function applicationActions(formNeed: Need): ActionDefinition[] {
  return [
    {
      code: 'submit', by: ['inviter'], when: { request: ['draft'] }, needs: [formNeed, hasInvitee], prepare: 'package-hashes',
      primary: { by: ['inviter'] },
      perform: ({ case: c, env }) => {
        const manifest = packageOf(c, env);
        return {
          states: { request: 'applied' },
          task: { statusReason: {} },
          create: manifest ? [manifest] : [],
          update: [{ ...c.request, status: 'active', authoredOn: env.now.toISOString() }, { ...c.form, status: 'completed', authored: env.now.toISOString() }],
          ...(manifest ? { links: [{ side: 'input' as const, code: 'package', reference: `DocumentManifest/${manifest.id}`, many: true }] } : {}),
          grants: [
            { kind: 'participant', grantee: `Organization/${c.inviter.institution.id}`, role: 'coordinator' },
            ...c.invitations.filter(live).flatMap((i) => joining(i)), ...materialsGrants(c),
          ],
          notices: [{ code: 'submit', to: [...liveInvitees(c.invitations), ...institutionsOf(c.invitations)], mail: {} }],
        };
      },
    },
    {
      code: 'save-form', by: ['inviter'], when: { request: [...draftToApplied] },
      input: [{ name: 'form', type: 'Resource', min: 1, max: '1' }],
      primary: { by: ['inviter'], when: { request: ['draft'] } },
      perform: ({ case: c, definition, input, env }) => {
        const given = input.resource<QuestionnaireResponse>('form')!;
        if (given.resourceType !== 'QuestionnaireResponse') throw unprocessable('wrong-input', 'Parameter form must be a QuestionnaireResponse.', { details: { at: "Parameters.parameter.where(name='form')" } });
        checkAnswers(definition.form, given);
        const submitted = c.states.request !== 'draft';
        const missing = submitted ? missingAnswers(definition.form, given) : [];
        if (missing.length > 0) throw unprocessable('answer-missing', `Question ${missing[0]} must be answered.`, { details: { at: `QuestionnaireResponse.item.where(linkId='${missing[0]}')`, missing } });
        const form: QuestionnaireResponse = {
          ...c.form, status: c.states.request === 'draft' ? 'in-progress' : 'amended', authored: env.now.toISOString(),
          ...(given.item ? { item: given.item } : {}),
        };
        const request = definition.readForm(form, c.request);
        return {
          update: [form, request],
          task: { ...(request.priority ? { priority: request.priority } : {}), ...(request.reasonCode?.[0]?.text ? { description: request.reasonCode[0].text } : {}) },
          notices: submitted ? [{ code: 'save-form', to: liveInvitees(c.invitations) }] : [],
        };
      },
    },
    {
      code: 'invite', by: ['inviter'], when: { request: ['draft', 'applied'] }, input: [expert],
      perform: ({ case: c, definition, input, env, actor }) => {
        const reference = input.reference('expert')!;
        const role = env.resources.get(reference);
        if (role?.resourceType !== 'PractitionerRole' || role.active === false) throw unprocessable('not-an-expert', 'That person cannot be invited.', { details: { at: "Parameters.parameter.where(name='expert')" } });
        if (actor.practitionerRoles.some((r) => reference === r || reference === `PractitionerRole/${r}`)) throw conflict('own-invitation', 'An inviter cannot invite themselves.');
        if (c.invitations.some((i) => i.task.owner?.reference === reference && live(i))) throw conflict('already-invited', 'This expert is invited already.');
        if (c.invitations.filter(live).length >= definition.limits.invitees) throw conflict('too-many-invited', `No more than ${definition.limits.invitees} experts can be invited.`);
        const id = env.newId();
        const submitted = c.states.request !== 'draft';
        const invitation: Task & { id: string } = {
          resourceType: 'Task', id, status: 'requested', intent: 'order', code: concept(systems.task, 'invitation'),
          partOf: [ref('Task', c.id)], for: ref('Patient', c.patient.id), requester: c.task.requester!, owner: { reference }, authoredOn: env.now.toISOString(),
        };
        return {
          create: [invitation],
          task: { restriction: { recipient: [...(c.task.restriction?.recipient ?? []).filter((r) => r.reference !== reference), { reference }] } },
          grants: submitted ? joining({ reference, institution: institutionIn(env.resources, role.organization?.reference) }) : [],
          notices: submitted ? [{ code: 'submit', to: [reference], mail: {} }] : [],
        };
      },
    },
    {
      code: 'uninvite', by: ['inviter'], when: { request: ['draft', 'applied'] }, input: [expert],
      perform: ({ case: c, input }) => {
        const reference = input.reference('expert')!;
        const invitation = c.invitations.find((i) => i.task.owner?.reference === reference && live(i));
        if (!invitation) throw conflict('not-invited', 'This expert is not invited.');
        if (c.states.request !== 'draft' && c.invitations.filter(live).length === 1) throw conflict('last-expert', 'Invite another expert first, or withdraw the application.');
        return {
          update: [{ ...invitation.task, status: 'cancelled' }],
          task: { restriction: { recipient: (c.task.restriction?.recipient ?? []).filter((r) => r.reference !== reference) } },
          grants: leaving(c, [invitation]),
          notices: c.states.request === 'draft' ? [] : [{ code: 'uninvite', to: [reference], mail: {} }],
        };
      },
    },
    {
      code: 'withdraw', by: ['inviter'], when: { request: [...draftToApplied] }, input: [reason],
      perform: ({ case: c, input }) => ({
        states: { request: 'withdrawn' },
        reason: input.string('reason')!,
        update: [{ ...c.request, status: 'revoked' }, ...c.invitations.filter(live).map((i): Task => ({ ...i.task, status: 'cancelled' }))],
        task: { statusReason: { text: input.string('reason')! } },
        grants: closedMaterials(c),
        notices: c.states.request === 'draft' ? [] : [{ code: 'withdraw', to: liveInvitees(c.invitations), mail: {} }],
      }),
    },
    {
      code: 'supply-information', by: ['inviter'], when: { request: ['information-requested'] }, prepare: 'package-hashes',
      primary: { by: ['inviter'] },
      input: [{ name: 'answer', type: 'string', min: 1, max: '1', maxLength: 4_000 }],
      perform: ({ case: c, input, env }) => {
        const manifest = packageOf(c, env);
        return {
          states: { request: 'applied' },
          task: { statusReason: {} },
          create: manifest ? [manifest] : [],
          ...(manifest ? { links: [{ side: 'input' as const, code: 'package', reference: `DocumentManifest/${manifest.id}`, many: true }] } : {}),
          grants: materialsGrants(c),
          reason: input.string('answer')!,
          notices: [{ code: 'supply-information', to: liveInvitees(c.invitations), text: input.string('answer')!, mail: {} }],
        };
      },
    },
  ];
}

/** The top institution above a department, among the resources that were read with the input. */
function institutionIn(resources: ReadonlyMap<string, Resource>, reference: string | undefined): string | undefined {
  let at = reference;
  for (let depth = 0; at !== undefined && depth < 8; depth++) {
    const organization = resources.get(at);
    if (organization?.resourceType !== 'Organization') return undefined;
    if (!organization.partOf?.reference) return organization.id;
    at = organization.partOf.reference;
  }
  return undefined;
}

/** What an invitee may see from the moment the application reaches them: the case, and who the patient is. Their coordinators see it too. */
function joining(invitation: Invitation | { reference: string; institution: string | undefined }): Grant[] {
  const isNew = 'reference' in invitation;
  const grantee = isNew ? invitation.reference : `PractitionerRole/${invitation.invitee.role.id}`;
  const institution = isNew ? invitation.institution : invitation.invitee.institution.id;
  return [
    { kind: 'participant', grantee, role: 'invitee' },
    { kind: 'patient', grantee, types: ['Patient'] },
    ...(institution === undefined ? [] : [{ kind: 'participant', grantee: `Organization/${institution}`, role: 'coordinator' } as const, { kind: 'patient', grantee: `Organization/${institution}`, types: ['Patient'] } as const]),
  ];
}

/** Ends what those invitees could see. Their coordinators go with them, unless somebody else of the house stays or asked for the consultation. */
export function leaving(c: CaseSnapshot, gone: readonly Invitation[]): Grant[] {
  const staying = new Set([c.inviter.institution.id, ...c.invitations.filter((i) => live(i) && !gone.includes(i)).map((i) => i.invitee.institution.id)]);
  return gone.flatMap((i) => joining(i)).filter((g) => g.kind === 'material' || !staying.has(g.grantee.replace('Organization/', ''))).map((g) => ({ ...g, revoke: true }));
}
