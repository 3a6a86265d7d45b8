import { createHash } from 'node:crypto';
import type { DocumentReference, Organization } from '@medplum/fhirtypes';
import { BedsideError, isLanguage, newId, notFound, unprocessable, type Language } from '../../../kernel/index.ts';
import type { BlobId, BlobStore } from '../../../resource/blob/index.ts';
import type { Letterhead, Renderer, ReportImage } from '../../../resource/document/pdf/index.ts';
import type { FhirTransaction } from '../../../resource/fhir/contract.ts';
import { newDocumentCode, signReport, type DocumentCode, type SigningDeps } from '../../../security/signature/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { sectionOf, type SignedReport } from '../blocks/report.ts';
import type { Participant } from '../definition.ts';
import type { Preparation } from '../engine.ts';
import { readIfVisible } from '../load.ts';
import { answerText } from '../questionnaire.ts';
import { reportWords } from './report-words.ts';
import { nameFor } from './name-for.ts';

export interface SignedReportDeps {
  readonly blobs: BlobStore;
  readonly renderer: Renderer;
  readonly signing: SigningDeps;
  /** A fresh proof that the person is at the keyboard. */
  readonly reauthenticate: (ctx: RequestContext, code: string) => Promise<string>;
  /** Address of the page that verifies a code. */
  readonly verifyUrl: (code: DocumentCode) => string;
  readonly isDemonstration: () => boolean;
  /** In which language and time zone the report is written: those of whom it is for. */
  readonly readerOf: (inviter: string) => Promise<{ readonly language: string; readonly timeZone: string } | undefined>;
}

const letterhead = (o: Organization): Letterhead => {
  const a = o.address?.[0];
  const address = a?.text ?? [...(a?.line ?? []), a?.city, a?.country].filter(Boolean).join(', ');
  const phone = o.telecom?.find((t) => t.system === 'phone')?.value;
  return { name: o.name ?? '', ...(address ? { address } : {}), ...(phone ? { phone } : {}) };
};

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const mostImageBytes = 20 * 1024 * 1024;

/** The pictures the author chose: documents of the case that are PNG or JPEG. */
async function images(fhir: FhirTransaction, blobs: BlobStore, references: readonly string[]): Promise<ReportImage[]> {
  const chosen: ReportImage[] = [];
  for (const reference of references) {
    const document = await readIfVisible<DocumentReference>(fhir, reference);
    const attachment = document?.content?.[0]?.attachment;
    const [info] = attachment?.url ? await blobs.of(attachment.url) : [];
    if (!info || !/^image\/(png|jpeg)$/.test(info.contentType) || info.size > mostImageBytes) {
      throw unprocessable('not-a-picture', 'Only PNG and JPEG pictures up to 20 MB can stand in a report.', { details: { at: "Parameters.parameter.where(name='images')" } });
    }
    chosen.push({ bytes: await bytesOf(await blobs.read(info.id)), caption: attachment?.title ?? document?.description ?? '' });
  }
  return chosen;
}

const codeOf = (report: { identifier?: readonly { system?: string; value?: string }[] } | undefined): DocumentCode | undefined =>
  report?.identifier?.find((i) => i.system === 'urn:bedside:verification-code')?.value as DocumentCode | undefined;

/** Makes, signs and stores the PDFs of a report: the clinician's with two signatures, and the patient's in plain words. */
export const signedReport = (deps: SignedReportDeps): Preparation => async ({ ctx, fhir, case: c, input, now }) => {
  const invitee = c.invitations.find((i) => i.task.owner?.reference === c.task.owner?.reference)?.invitee as Participant | undefined;
  const composition = c.composition;
  const practitionerId = ctx.actor.profile?.split('/')[1];
  if (!invitee || !composition || !practitionerId) throw notFound('report-missing', 'There is no report to sign.');
  const proofId = await deps.reauthenticate(ctx, input.string('code')!).catch((error: unknown) => {
    // A wrong code is a wrong input of this step, not the end of the session.
    if (error instanceof BedsideError && error.kind === 'unauthenticated') throw unprocessable(error.code, error.message, { details: { at: "Parameters.parameter.where(name='code')" } });
    throw error;
  });

  const reader = await deps.readerOf(`PractitionerRole/${c.inviter.role.id}`);
  const language: Language = isLanguage(composition.language) ? composition.language : isLanguage(reader?.language) ? reader.language : 'en';
  const words = reportWords[language];
  const before = c.reports.filter((r) => r.status !== 'preliminary').at(-1);
  const version = c.reports.filter((r) => r.status !== 'preliminary').length + 1;
  const code = newDocumentCode();
  const identifier = c.patient.identifier?.[0]?.value;
  const gender = c.patient.gender;
  const head = {
    language, timeZone: reader?.timeZone ?? 'UTC', caseNumber: c.task.groupIdentifier?.value ?? c.id,
    requesting: letterhead(c.inviter.institution), consulted: letterhead(invitee.institution),
    patient: { name: nameFor(c.patient, language), ...(c.patient.birthDate ? { birthDate: c.patient.birthDate } : {}), ...(gender ? { gender } : {}), ...(identifier ? { identifier } : {}) },
    demonstration: deps.isDemonstration(),
  };
  const clinicians = [{ name: nameFor(invitee.practitioner, language), role: words.expert }];
  const rendered = await deps.renderer.report({
    ...head, title: words.title,
    question: [answerText(c.form, 'reason'), answerText(c.form, 'question')].filter(Boolean).join('\n\n'),
    sections: (['findings', 'opinion', 'recommendations'] as const).map((s) => ({ heading: words[s], text: sectionOf(composition, s) })),
    images: await images(fhir, deps.blobs, input.references('images')), clinicians, signedAt: now, version,
    ...(before?.issued ? { replaces: { version: version - 1, signedAt: new Date(before.issued) } } : {}),
    verification: { code, url: deps.verifyUrl(code) },
  });
  const box = (kind: 'clinician' | 'institution') => rendered.signatureBoxes.find((b) => b.kind === kind);
  const signed = await signReport(fhir.tx, deps.signing, {
    pdf: rendered.bytes, code, signedAt: now,
    clinician: { practitionerId, name: nameFor(invitee.practitioner, language), organization: invitee.institution.name ?? '', ...withBox(box('clinician')) },
    institution: { organizationId: invitee.institution.id, name: invitee.institution.name ?? '', ...withBox(box('institution')) },
    reauthentication: { accountId: ctx.actor.accountId, proofId },
  });
  const summary = await deps.renderer.summary({
    ...head, title: words.summaryTitle, sections: [{ heading: words.plain, text: sectionOf(composition, 'plain-language') }], clinicians, writtenAt: now,
  });

  const stored: BlobId[] = [];
  const undo = async (): Promise<void> => { for (const id of stored) await deps.blobs.destroy(id); };
  const keep = async (bytes: Uint8Array, title: string): Promise<SignedReport['pdf']> => {
    const id = newId();
    const info = await deps.blobs.put((async function* () { yield bytes; })(), { owner: `Binary/${id}`, contentType: 'application/pdf' });
    stored.push(info.id);
    await fhir.create({ resourceType: 'Binary', id, contentType: 'application/pdf' }, { byEngine: true, owner: invitee.institution.id });
    return { url: `Binary/${id}`, sha1: createHash('sha1').update(bytes).digest('base64'), size: info.size, title };
  };
  try {
    const result: SignedReport = {
      pdf: await keep(signed.pdf, words.title), plain: await keep(summary.bytes, words.summaryTitle), verificationCode: code, signatures: signed.signatures,
    };
    return { signed: result, undo };
  } catch (error) {
    await undo();
    throw error;
  }
};

const withBox = (box: { page: number; rect: readonly [number, number, number, number] } | undefined) => (box ? { box: { page: box.page, rect: box.rect } } : {});

/** At publication the version before is marked as replaced where anybody can check it. */
export const publishedReport = (replace: (fhir: FhirTransaction, older: DocumentCode, newer: DocumentCode) => Promise<void>): Preparation => async ({ fhir, case: c }) => {
  const newer = codeOf(c.report);
  const older = codeOf(c.reports.filter((r) => r.status !== 'preliminary').at(-1));
  if (newer && older && older !== newer) await replace(fhir, older, newer);
  return {};
};
