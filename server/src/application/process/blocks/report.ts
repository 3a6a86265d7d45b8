import type { Composition, CompositionSection, DiagnosticReport, Signature } from '@medplum/fhirtypes';
import { isLanguage, unprocessable } from '../../../kernel/index.ts';
import type { ActionCall, ActionDefinition, Need, ReportTemplate } from '../definition.ts';
import { coding, concept, ref, systems } from '../vocabulary.ts';
import { inviterRef } from './request.ts';

/** What the preparation of a signature made: the PDFs as Binary, and the signatures for Provenance. */
export interface SignedReport {
  readonly pdf: { readonly url: string; readonly sha1: string; readonly size: number; readonly title: string };
  readonly plain: { readonly url: string; readonly sha1: string; readonly size: number; readonly title: string };
  readonly verificationCode: string;
  readonly signatures: readonly Signature[];
}

const sectionText = (s: CompositionSection | undefined): string => (s?.text?.div ?? '').replace(/<br\s*\/?>/g, '\n').replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').trim();
export const sectionOf = (c: Composition | undefined, code: string): string => sectionText(c?.section?.find((s) => s.code?.coding?.some((x) => x.code === code)));

const complete: (template: ReportTemplate) => Need = (template) => ({
  code: 'report-incomplete',
  met: (c) => template.sections.every((s) => !s.required || sectionOf(c.composition, s.code) !== ''),
});

/** Takes only what the template has, as plain text, so that nothing active can come in. */
function checkedSections(template: ReportTemplate, given: Composition): CompositionSection[] {
  return template.sections.map((s) => {
    const text = sectionOf(given, s.code);
    if (text.length > 20_000) throw unprocessable('section-too-long', `Section ${s.code} is longer than 20000 characters.`, { details: { at: `Composition.section.where(code.coding.code='${s.code}')` } });
    const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br/>');
    return { code: { coding: [coding('urn:bedside:report-section', s.code)] }, text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${escaped}</div>` } };
  });
}

const isLive = (call: ActionCall): string => `PractitionerRole/${call.case.invitations.find((i) => call.actor.practitionerRoles.some((r) => i.task.owner?.reference === r || i.task.owner?.reference === `PractitionerRole/${r}`))?.invitee.role.id ?? ''}`;

/** Writing, signing, publishing and correcting the report (the report region). */
export function reportActions(template: ReportTemplate): ActionDefinition[] {
  return [
    {
      code: 'write-report', by: ['invitee'], when: { request: ['accepted'], report: ['none', 'draft', 'signed', 'correcting'] },
      primary: { by: ['invitee'], when: { report: ['none', 'draft', 'correcting'], session: ['ended'] } },
      input: [{ name: 'composition', type: 'Resource', min: 1, max: '1' }],
      perform: (call) => {
        const { case: c, input, env } = call;
        const given = input.resource<Composition>('composition')!;
        if (given.resourceType !== 'Composition') throw unprocessable('wrong-input', 'Parameter composition must be a Composition.', { details: { at: "Parameters.parameter.where(name='composition')" } });
        const composition: Composition & { id: string } = {
          ...c.composition, ...(isLanguage(given.language) ? { language: given.language } : {}), resourceType: 'Composition', id: c.composition?.id ?? env.newId(), status: 'preliminary',
          type: concept('http://loinc.org', '11488-4', 'Consultation note'), category: [concept(systems.application, call.definition.code)],
          subject: ref('Patient', c.patient.id), ...(c.encounter ? { encounter: ref('Encounter', c.encounter.id!) } : {}),
          date: env.now.toISOString(), author: [{ reference: isLive(call) } as never], title: (given.title ?? 'Report').slice(0, 200),
          custodian: ref('Organization', call.actor.institution ?? c.inviter.institution.id),
          section: checkedSections(template, given),
        };
        return {
          states: { report: c.states.report === 'correcting' ? 'correcting' : 'draft' },
          ...(c.composition ? { update: [composition] } : { create: [composition] }),
          ...(c.composition ? {} : { links: [{ side: 'output', code: 'composition', reference: `Composition/${composition.id}`, many: true }] }),
        };
      },
    },
    {
      code: 'sign-report', by: ['invitee'], when: { report: ['draft', 'correcting'] }, needs: [complete(template)], prepare: 'signed-report',
      primary: { by: ['invitee'], when: { session: ['ended'] } },
      input: [{ name: 'code', type: 'string', min: 1, max: '1', maxLength: 12 }, { name: 'images', type: 'Reference', min: 0, max: '*' }],
      perform: (call) => {
        const { case: c, env } = call;
        const signed = env.prepared['signed'] as SignedReport;
        const again = c.report?.status === 'preliminary' ? c.report : undefined; // signed before, not published: signed anew
        const report: DiagnosticReport & { id: string } = {
          resourceType: 'DiagnosticReport', id: again?.id ?? env.newId(), status: 'preliminary',
          identifier: [{ system: 'urn:bedside:verification-code', value: signed.verificationCode }],
          basedOn: [ref('ServiceRequest', c.request.id!)], category: [concept(systems.application, call.definition.code)],
          code: concept('http://loinc.org', '11488-4', 'Consultation note'), subject: ref('Patient', c.patient.id),
          ...(c.encounter ? { encounter: ref('Encounter', c.encounter.id!) } : {}),
          effectiveDateTime: env.now.toISOString(), performer: [{ reference: isLive(call) } as never],
          conclusion: sectionOf(c.composition, 'opinion'),
          presentedForm: [signed.pdf, signed.plain].map((f) => ({ contentType: 'application/pdf', url: f.url, hash: f.sha1, size: f.size, title: f.title, creation: env.now.toISOString() })),
        };
        const composition: Composition = { ...c.composition!, attester: [{ mode: 'legal', time: env.now.toISOString(), party: { reference: isLive(call) } as never }], section: c.composition!.section! };
        return {
          states: { report: 'signed' },
          update: again ? [report, composition] : [composition],
          ...(again ? {} : { create: [report], links: [{ side: 'output' as const, code: 'report', reference: `DiagnosticReport/${report.id}`, many: true }] }),
          signatures: signed.signatures,
        };
      },
    },
    {
      code: 'publish-report', by: ['invitee'], when: { report: ['signed'] }, primary: { by: ['invitee'] }, prepare: 'published-report',
      perform: ({ case: c, env }) => {
        const amended = c.composition!.relatesTo?.some((r) => r.code === 'replaces') ?? false;
        return {
          states: { report: 'published' },
          update: [
            { ...c.report!, status: amended ? 'corrected' : 'final', issued: env.now.toISOString() },
            { ...c.composition!, status: amended ? 'amended' : 'final' },
            { ...c.request, status: 'completed' },
          ],
          grants: [
            { kind: 'participant', grantee: `Patient/${c.patient.id}`, role: 'patient' },
            // The files belong to the invitee's institution alone until now: a signed report that is not published is not seen.
            ...(c.report!.presentedForm ?? []).map((f) => ({ kind: 'material' as const, item: f.url! })),
          ],
          notices: [{ code: amended ? 'correct-report' : 'publish-report', to: [inviterRef(c), `Patient/${c.patient.id}`], mail: {} }],
        };
      },
    },
    {
      code: 'correct-report', by: ['invitee'], when: { request: ['accepted', 'closed'], report: ['published'] },
      input: [{ name: 'reason', type: 'string', min: 1, max: '1', maxLength: 2_000 }],
      perform: ({ case: c, input, env }) => {
        const { id: replaced, meta: _meta, attester: _attester, ...text } = c.composition!;
        const composition: Composition & { id: string } = {
          ...text, id: env.newId(), status: 'preliminary', date: env.now.toISOString(), relatesTo: [{ code: 'replaces', targetReference: ref('Composition', replaced!) }],
        };
        return {
          states: { report: 'correcting', request: 'accepted' }, reason: input.string('reason')!, create: [composition],
          links: [{ side: 'output', code: 'composition', reference: `Composition/${composition.id}`, many: true }],
        };
      },
    },
  ];
}
