import { createHash } from 'node:crypto';
import type { DocumentReference } from '@medplum/fhirtypes';
import { BedsideError, invalid, newId, unprocessable, unsupported } from '../../../kernel/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import type { BlobInfo, BlobStore } from '../../blob/index.ts';
import type { FhirRepository } from '../../fhir/contract.ts';
import { inspectorFor } from './inspect.ts';
import { headBytes, sniff } from './sniff.ts';
import { agrees, documentTypes, materialClassSystem, sha256Url, type DocumentType } from './vocabulary.ts';
import { noVirusScan, type VirusScan } from './virus-scan.ts';

export interface ReceiveDeps {
  readonly blobs: BlobStore;
  readonly fhir: FhirRepository;
  readonly scan?: VirusScan;
}

export interface DocumentAnnouncement {
  /** Logical id of the Patient the document is about; none for teaching material. */
  readonly patient?: string;
  /** Code of the material class. */
  readonly category: string;
  readonly title: string;
  /** Content type as the sender has it; the bytes decide. */
  readonly claimedType: string;
  /** Id of the case's Task, when the document is sent for a case. */
  readonly case?: string;
  readonly maxBytes?: number;
  /** Id to use for both rows: a repeated reception after a crash finds what the first one made. */
  readonly id?: string;
}

export interface Received {
  /** Of the DocumentReference and of its Binary: whoever may read the document may fetch its bytes. */
  readonly id: string;
  readonly contentType: DocumentType;
  readonly size: number;
  readonly sha256: string;
}

const longestTitle = 200;
const mostFhirSize = 2_147_483_647;

/** What must be right before the first byte is taken. @throws invalid naming the field */
export function checkAnnouncement(about: DocumentAnnouncement): void {
  if (about.title.trim() === '' || about.title.length > longestTitle) throw invalid('document-title', `A title of 1 to ${longestTitle} characters is needed.`, { details: { at: 'title' } });
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(about.category)) throw invalid('document-category', 'The class of the material is missing or not a code.', { details: { at: 'category' } });
  for (const at of ['patient', 'case'] as const) {
    const id = about[at];
    if (id !== undefined && !/^[A-Za-z0-9.-]{1,64}$/.test(id)) throw invalid('document-reference', `The field ${at} is not a FHIR id.`, { details: { at } });
  }
}

/**
 * Receives a document: finds out what it is, checks it to its end, has it scanned, stores its bytes, and registers it as Binary and
 * DocumentReference in one transaction. When anything fails nothing is left.
 * @throws unsupported `document-type-mismatch` / `document-type-refused`, unprocessable `document-cut-short` / `document-damaged` / `document-infected`.
 * @see clause 8.2.2 (reception, registration), FHIR R4 DocumentReference, Attachment.hash
 */
export async function receiveDocument(deps: ReceiveDeps, ctx: RequestContext, bytes: AsyncIterable<Uint8Array>, about: DocumentAnnouncement): Promise<Received> {
  checkAnnouncement(about);
  const id = about.id ?? newId();
  const { stream, type } = await typed(bytes, about.claimedType);
  const sha1 = createHash('sha1');
  const inspector = inspectorFor(type);
  const scan = await (deps.scan ?? noVirusScan).begin();
  let info: BlobInfo | undefined;
  try {
    // What a reception with this id that a crash ended had stored.
    if (about.id !== undefined) for (const left of await deps.blobs.of(`Binary/${id}`)) await deps.blobs.destroy(left.id);
    const observed = observe(stream, async (chunk) => {
      sha1.update(chunk);
      inspector.write(chunk);
      await scan.write(chunk);
    }, async () => {
      inspector.end();
      const found = await scan.end();
      if (found !== undefined) throw unprocessable('document-infected', 'The virus scanner found malicious content; the document was not kept.', { details: { found } });
    });
    info = await deps.blobs.put(observed, { owner: `Binary/${id}`, contentType: type, ...(about.maxBytes === undefined ? {} : { maxBytes: about.maxBytes }) });
    await register(deps.fhir, ctx, { about, id, type, info, sha1: sha1.digest('base64') });
    return { id, contentType: type, size: info.size, sha256: info.sha256 };
  } catch (error) {
    scan.abort();
    if (info) await deps.blobs.destroy(info.id);
    throw error;
  }
}

/** Reads as much as decides the type, compares it with what was announced, and gives the whole stream back. */
async function typed(bytes: AsyncIterable<Uint8Array>, claimed: string): Promise<{ stream: AsyncIterable<Uint8Array>; type: DocumentType }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  while (size < headBytes) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    size += next.value.length;
  }
  const found = sniff(Buffer.concat(first).subarray(0, headBytes));
  try {
    if (size === 0) throw unprocessable('document-empty', 'The file is empty.');
    if (!isReceived(found)) throw unsupported('document-type-refused', `Files of this kind (${found}) are not accepted. Accepted are PDF, JPEG, PNG, DICOM, MP4, WebM, XML (C-CDA), FHIR JSON and plain text.`, { details: { found, claimed } });
    if (!agrees(claimed, found)) throw unsupported('document-type-mismatch', `The file says it is ${claimed.slice(0, 100)}, but its content is ${found}. Send it under its true type.`, { details: { found, claimed: claimed.slice(0, 100) } });
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  return { type: found as DocumentType, stream: (async function* () {
    try {
      yield* first;
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })() };
}
const isReceived = (type: string): type is DocumentType => (documentTypes as readonly string[]).includes(type);

/** Passes the bytes on after each was seen; the stream fails with what an observer throws, and so does the put. */
async function* observe(bytes: AsyncIterable<Uint8Array>, see: (chunk: Uint8Array) => Promise<void>, end: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    await see(chunk);
    yield chunk;
  }
  await end();
}

interface Registration { about: DocumentAnnouncement; id: string; type: DocumentType; info: BlobInfo; sha1: string }

async function register(fhir: FhirRepository, ctx: RequestContext, r: Registration): Promise<void> {
  const at = ctx.clock.now().toISOString();
  const subject = r.about.patient === undefined ? {} : { subject: { reference: `Patient/${r.about.patient}` } };
  const document: DocumentReference = {
    resourceType: 'DocumentReference', id: r.id, status: 'current', date: at,
    masterIdentifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${r.id}` },
    category: [{ coding: [{ system: materialClassSystem, code: r.about.category }] }],
    ...subject,
    ...(ctx.actor.profile === undefined ? {} : { author: [{ reference: ctx.actor.profile }] }),
    ...(ctx.actor.institution === undefined ? {} : { custodian: { reference: `Organization/${ctx.actor.institution}` } }),
    description: r.about.title,
    content: [{ attachment: {
      contentType: r.type, url: `Binary/${r.id}`, title: r.about.title, creation: at, hash: r.sha1,
      ...(r.info.size > mostFhirSize ? {} : { size: r.info.size }),
      extension: [{ url: sha256Url, valueString: r.info.sha256 }],
    } }],
    ...(r.about.case === undefined ? {} : { context: { related: [{ reference: `Task/${r.about.case}` }] } }),
  };
  await fhir.transaction(ctx, async (tx) => {
    await tx.create({ resourceType: 'Binary', id: r.id, contentType: r.type, ...(r.about.patient === undefined ? {} : { securityContext: { reference: `Patient/${r.about.patient}` } }) });
    await tx.create(document);
  });
}

/** The document of an earlier reception with this id, if it was finished. */
export async function receivedBefore(deps: ReceiveDeps, ctx: RequestContext, id: string): Promise<Received | undefined> {
  try {
    const stored = await deps.fhir.read(ctx, 'DocumentReference', id);
    const attachment = (JSON.parse(stored.text) as DocumentReference).content[0]!.attachment;
    const [info] = await deps.blobs.of(`Binary/${id}`);
    if (!info) return undefined;
    return { id, contentType: attachment.contentType as DocumentType, size: info.size, sha256: info.sha256 };
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'gone')) return undefined;
    throw error;
  }
}
