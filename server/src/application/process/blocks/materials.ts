import type { DocumentManifest, List, ListEntry, Reference } from '@medplum/fhirtypes';
import { conflict, unprocessable } from '../../../kernel/index.ts';
import type { ActionDefinition, CaseSnapshot, Env, Grant, Need } from '../definition.ts';
import { concept, materialClasses, parseReference, ref, systems } from '../vocabulary.ts';

/** Types of the record that can be sent with a case. */
export const materialTypes = ['DocumentReference', 'ImagingStudy', 'Observation', 'DiagnosticReport', 'Condition', 'MedicationRequest', 'MedicationStatement', 'AllergyIntolerance', 'Procedure', 'Immunization', 'Encounter', 'Media', 'CarePlan', 'Composition'] as const;

/** What a preparation tells of one item: the version sent and the SHA-256 of its bytes. */
export interface ItemHash { readonly item: string; readonly version: string; readonly sha256: string }

const notEnded = { request: ['draft', 'applied', 'information-requested', 'accepted'] } as const;
const entries = (c: CaseSnapshot): ListEntry[] => c.materials.entry ?? [];
/** Items on the desk now, by reference. */
export const presentItems = (c: CaseSnapshot): string[] => entries(c).filter((e) => !e.deleted).map((e) => e.item.reference!);

/** Rights on the materials follow the list once the application has been sent. */
export const materialsGrants = (c: CaseSnapshot): Grant[] => presentItems(c).map((item) => ({ kind: 'material' as const, item }));

/** The record is closed again when an application ends without a consultation: what was asked and answered stays, the materials do not. */
export const closedMaterials = (c: CaseSnapshot): Grant[] => presentItems(c).map((item) => ({ kind: 'material' as const, item, revoke: true }));

/** The package as it is sent: every item with its hash. Undefined when there is nothing to send. */
export function packageOf(c: CaseSnapshot, env: Env): (DocumentManifest & { id: string }) | undefined {
  const hashes = (env.prepared['hashes'] ?? []) as readonly ItemHash[];
  const items = presentItems(c);
  if (items.length === 0) return undefined;
  const of = new Map(hashes.map((h) => [h.item, h]));
  const missing = items.find((i) => !of.has(i));
  if (missing) throw conflict('material-unavailable', 'A material can no longer be read; remove it and send again.');
  return {
    resourceType: 'DocumentManifest', id: env.newId(), status: 'current', created: env.now.toISOString(),
    subject: ref('Patient', c.patient.id), author: [c.task.requester as Reference<never>], source: `Task/${c.id}`,
    description: `${c.packages.length + 1}`,
    content: items.map((item) => ({ reference: item })),
    related: items.map((item) => ({ ref: { reference: item }, identifier: { system: systems.sha256, value: of.get(item)!.sha256, assigner: { display: `version ${of.get(item)!.version}` } } })),
  };
}

const unsent: Need = {
  code: 'nothing-new-to-send',
  met: (c) => {
    const last = c.packages.at(-1);
    const sent = (last?.content ?? []).map((x) => x.reference).toSorted().join();
    return presentItems(c).toSorted().join() !== sent || (c.materials.date ?? '') > (last?.created ?? '');
  },
};

function edit(c: CaseSnapshot, env: Env, change: (all: ListEntry[]) => ListEntry[]): List {
  return { ...c.materials, date: env.now.toISOString(), entry: change(entries(c)) };
}
const must = (c: CaseSnapshot, item: string): ListEntry => {
  const entry = entries(c).find((e) => !e.deleted && e.item.reference === item);
  if (!entry) throw conflict('not-on-the-desk', 'This item is not among the materials.');
  return entry;
};

/** The named item, if it is of the patient and of a type that may be sent. */
function ofPatient(c: CaseSnapshot, env: Env, item: string, name: string): void {
  const resource = env.resources.get(item) as { subject?: Reference; patient?: Reference } | undefined;
  const type = parseReference(item)?.type;
  const owner = resource?.subject?.reference ?? resource?.patient?.reference;
  if (!resource || !materialTypes.some((t) => t === type) || owner !== `Patient/${c.patient.id}`) {
    throw unprocessable('not-of-this-patient', 'Only records of this patient can be added.', { details: { at: `Parameters.parameter.where(name='${name}')` } });
  }
}

export const materialActions: readonly ActionDefinition[] = [
  {
    code: 'add-material', by: ['inviter'], when: notEnded,
    input: [{ name: 'item', type: 'Reference', min: 1, max: '1' }, { name: 'class', type: 'code', min: 1, max: '1', codes: materialClasses }],
    perform: ({ case: c, definition, input, env }) => {
      const item = input.reference('item')!;
      ofPatient(c, env, item, 'item');
      if (presentItems(c).includes(item)) throw conflict('already-on-the-desk', 'This item is among the materials already.');
      if (entries(c).length >= definition.limits.materials) throw conflict('too-many-materials', `No more than ${definition.limits.materials} materials can be sent with a case.`);
      return { update: [edit(c, env, (all) => [...all, { item: { reference: item }, flag: concept(systems.materialClass, input.string('class')!), date: env.now.toISOString() }])] };
    },
  },
  {
    code: 'classify-material', by: ['inviter'], when: notEnded,
    input: [{ name: 'item', type: 'Reference', min: 1, max: '1' }, { name: 'class', type: 'code', min: 1, max: '1', codes: materialClasses }],
    perform: ({ case: c, input, env }) => {
      const entry = must(c, input.reference('item')!);
      return { update: [edit(c, env, (all) => all.map((e) => (e === entry ? { ...e, flag: concept(systems.materialClass, input.string('class')!) } : e)))] };
    },
  },
  {
    code: 'replace-material', by: ['inviter'], when: notEnded,
    input: [{ name: 'item', type: 'Reference', min: 1, max: '1' }, { name: 'by', type: 'Reference', min: 1, max: '1' }],
    perform: ({ case: c, input, env }) => {
      const entry = must(c, input.reference('item')!);
      const by = input.reference('by')!;
      ofPatient(c, env, by, 'by');
      if (presentItems(c).includes(by)) throw conflict('already-on-the-desk', 'This item is among the materials already.');
      return {
        update: [edit(c, env, (all) => all.flatMap((e) => (e === entry
          ? [{ ...e, deleted: true }, { item: { reference: by }, ...(e.flag ? { flag: e.flag } : {}), date: env.now.toISOString() }] : [e])))],
        grants: [{ kind: 'material', item: entry.item.reference!, revoke: true }],
        reason: `${entry.item.reference} -> ${by}`,
      };
    },
  },
  {
    code: 'remove-material', by: ['inviter'], when: notEnded,
    input: [{ name: 'item', type: 'Reference', min: 1, max: '1' }, { name: 'reason', type: 'string', min: 0, max: '1', maxLength: 500 }],
    perform: ({ case: c, input, env }) => {
      const entry = must(c, input.reference('item')!);
      return {
        update: [edit(c, env, (all) => all.map((e) => (e === entry ? { ...e, deleted: true } : e)))],
        grants: [{ kind: 'material', item: entry.item.reference!, revoke: true }],
        reason: input.string('reason') ?? entry.item.reference!,
      };
    },
  },
  {
    code: 'send-materials', by: ['inviter'], when: { request: ['applied', 'accepted'] }, needs: [unsent], prepare: 'package-hashes',
    perform: ({ case: c, env }) => {
      const manifest = packageOf(c, env);
      if (!manifest) throw conflict('nothing-new-to-send', 'There are no materials to send.');
      return {
        create: [manifest],
        links: [{ side: 'input', code: 'package', reference: `DocumentManifest/${manifest.id}`, many: true }],
        grants: materialsGrants(c),
        notices: [{ code: 'send-materials', to: c.invitations.filter((i) => i.task.status === 'requested' || i.task.status === 'accepted').map((i) => `PractitionerRole/${i.invitee.role.id}`) }],
      };
    },
  },
  {
    code: 'acknowledge-materials', by: ['invitee'], when: { request: ['applied', 'information-requested', 'accepted'] }, prepare: 'package-hashes',
    input: [{ name: 'package', type: 'Reference', min: 1, max: '1' }],
    perform: ({ case: c, input, env }) => {
      const manifest = c.packages.find((p) => `DocumentManifest/${p.id}` === input.reference('package'));
      if (!manifest) throw conflict('no-such-package', 'This package is not of this case.');
      const arrived = new Map(((env.prepared['hashes'] ?? []) as readonly ItemHash[]).map((h) => [h.item, h.sha256]));
      const differing = (manifest.related ?? []).filter((r) => arrived.get(r.ref?.reference ?? '') !== r.identifier?.value).map((r) => r.ref?.reference ?? '');
      return {
        about: [`DocumentManifest/${manifest.id}`],
        reason: differing.length === 0 ? 'equal' : `differs: ${differing.join(', ')}`,
        answer: { result: differing.length === 0 ? 'equal' : 'different', ...(differing.length > 0 ? { different: differing.join(' ') } : {}) },
        notices: [{ code: differing.length === 0 ? 'acknowledge-materials' : 'materials-differ', to: [c.task.requester?.reference ?? ''] }],
      };
    },
  },
];
