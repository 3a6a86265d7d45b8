import { createHash } from 'node:crypto';
import type { DocumentReference } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BedsideError } from '../../../kernel/index.ts';
import { blobWorld, collect, type BlobWorld } from '../../blob/fixtures/blob-world.ts';
import { context, once, rowsInMemory, samples } from './fixtures/documents.ts';
import { receiveDocument, receivedBefore, serveBinary, sha256Url, type DocumentAnnouncement, type VirusScan } from './index.ts';

let world: BlobWorld;
const fhir = rowsInMemory();
beforeAll(async () => { world = await blobWorld(); });
afterAll(() => world[Symbol.asyncDispose]());
const about = (claimedType: string): DocumentAnnouncement => ({ patient: 'p1', category: 'document', title: 'A letter', claimedType });
const receive = (bytes: Uint8Array | string, more: Partial<DocumentAnnouncement> & { claimedType: string }, scan?: VirusScan) =>
  receiveDocument({ blobs: world.store, fhir, ...(scan ? { scan } : {}) }, context, once(bytes), { ...about(more.claimedType), ...more });
const objects = async (): Promise<number> => Number((await world.db.query<{ n: string }>('select count(*) n from blob.object')).rows[0]!.n);

test.each(Object.entries(samples()))('a document that is %s is received, registered with its digests, and served back equal', async (type, bytes) => {
  const received = await receive(bytes, { claimedType: type });
  expect(received.contentType).toBe(type);
  const document = fhir.rows.get(`DocumentReference/${received.id}`) as DocumentReference;
  const attachment = document.content[0]!.attachment;
  expect(attachment).toMatchObject({ contentType: type, url: `Binary/${received.id}`, size: bytes.length, hash: createHash('sha1').update(bytes).digest('base64') });
  expect(attachment.extension).toEqual([{ url: sha256Url, valueString: createHash('sha256').update(bytes).digest('hex') }]);
  expect(document).toMatchObject({ subject: { reference: 'Patient/p1' }, author: [{ reference: 'Practitioner/a' }], custodian: { reference: 'Organization/h' } });
  const served = await serveBinary({ blobs: world.store, fhir }, context, received.id);
  expect(served.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-length': String(bytes.length), 'etag': `"${received.sha256}"` });
  expect(served.headers['content-security-policy']).toContain('sandbox;');
  expect((await collect(served.stream!)).equals(bytes)).toBe(true);
});

test('a file that is not what it says is refused, naming what was claimed and what was found', async () => {
  const before = await objects();
  const all = Object.entries(samples());
  for (const [claimed, found] of [['application/pdf', 'image/png'], ['image/jpeg', 'application/dicom'], ['application/dicom', 'text/plain'], ['text/plain', 'application/pdf'], ['application/fhir+json', 'application/hl7-cda+xml']] as const) {
    const bytes = all.find(([type]) => type === found)![1];
    await expect(receive(bytes, { claimedType: claimed })).rejects.toMatchObject({ kind: 'unsupported', code: 'document-type-mismatch', details: { claimed, found } });
  }
  await expect(receive('<html><script>alert(1)</script></html>', { claimedType: 'text/plain' })).rejects.toMatchObject({ code: 'document-type-refused', details: { found: 'text/html' } });
  await expect(receive('<svg xmlns="http://www.w3.org/2000/svg"/>', { claimedType: 'application/xml' })).rejects.toMatchObject({ code: 'document-type-refused' });
  await expect(receive('MZ\x90\x00', { claimedType: 'application/octet-stream' })).rejects.toMatchObject({ code: 'document-type-refused' });
  await expect(receive('', { claimedType: 'text/plain' })).rejects.toMatchObject({ code: 'document-empty' });
  expect(await objects()).toBe(before);
});

test('a document cut short or damaged is refused and leaves nothing', async () => {
  const before = await objects();
  const all = samples();
  for (const type of ['application/pdf', 'image/jpeg', 'image/png', 'application/dicom', 'video/mp4']) {
    await expect(receive(all[type]!.subarray(0, all[type]!.length - 30), { claimedType: type })).rejects.toMatchObject({ kind: 'unprocessable', code: 'document-cut-short' });
  }
  await expect(receive('<ClinicalDocument>\n<title></ClinicalDocument>', { claimedType: 'text/xml' })).rejects.toMatchObject({ code: 'document-damaged', details: { at: 'line 2' } });
  await expect(receive('<!DOCTYPE a [<!ENTITY x "y">]><note>&x;</note>', { claimedType: 'text/xml' })).rejects.toMatchObject({ code: 'document-damaged' });
  await expect(receive('{"resourceType":"Patient"', { claimedType: 'application/json' })).rejects.toMatchObject({ code: 'document-damaged' });
  await expect(receive(Buffer.concat([Buffer.alloc(5_000, 0x61), Buffer.of(0xff, 0xfe)]), { claimedType: 'text/plain' })).rejects.toMatchObject({ code: 'document-damaged' });
  expect(await objects()).toBe(before);
});

test('a DICOM file cut anywhere inside its data set is refused, wherever the pieces end', async () => {
  const whole = samples()['application/dicom']!;
  await fc.assert(fc.asyncProperty(fc.integer({ min: 180, max: whole.length - 1 }), fc.integer({ min: 1, max: 3_000 }), async (cut, piece) => {
    // A cut between two elements leaves a valid, shorter file: the last element is the only place where none is.
    const last = whole.length - 4_012;
    fc.pre(cut > last);
    const result = receiveDocument({ blobs: world.store, fhir }, context, once(whole.subarray(0, cut), piece), about('application/dicom'));
    await expect(result).rejects.toMatchObject({ code: 'document-cut-short' });
  }), { numRuns: 25 });
});

test('any bytes are either received or refused with a typed error', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...Object.values(samples())), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }), fc.nat(400), async (sample, changes, keep) => {
    const bytes = Buffer.from(sample.subarray(0, sample.length - (keep % sample.length)));
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    const outcome = await receive(bytes, { claimedType: '' }).catch((error: unknown) => error);
    expect(outcome instanceof BedsideError || typeof (outcome as { id?: unknown }).id === 'string').toBe(true);
    expect((outcome as BedsideError).kind).not.toBe('internal');
  }), { numRuns: 60 });
});

test('what the scanner finds is not kept, and nothing is kept while the scanner fails', async () => {
  const before = await objects();
  const scanner = (end: () => Promise<string | undefined>): VirusScan => ({ begin: async () => ({ write: async () => undefined, end, abort: () => undefined }) });
  await expect(receive('words', { claimedType: 'text/plain' }, scanner(async () => 'Eicar-Test'))).rejects.toMatchObject({ code: 'document-infected' });
  await expect(receive('words', { claimedType: 'text/plain' }, scanner(async () => { throw new Error('down'); }))).rejects.toThrow('down');
  expect(await objects()).toBe(before);
});

test('when the registration fails the bytes are destroyed', async () => {
  const before = await objects();
  fhir.failNext(new Error('no database'));
  await expect(receive('words', { claimedType: 'text/plain' })).rejects.toThrow('no database');
  expect(await objects()).toBe(before);
});

test('a reception repeated with its id replaces what a crash left, and is found afterwards', async () => {
  const id = crypto.randomUUID();
  await world.store.put(once('half'), { owner: `Binary/${id}`, contentType: 'text/plain' });
  expect(await receivedBefore({ blobs: world.store, fhir }, context, id)).toBeUndefined();
  const received = await receive('whole words', { claimedType: 'text/plain', id });
  expect(await world.store.of(`Binary/${id}`)).toHaveLength(1);
  expect(await receivedBefore({ blobs: world.store, fhir }, context, id)).toEqual(received);
});

test('ranges, conditions and wrong ranges are answered as the standard says', async () => {
  const text = 'abcdefghijklmnopqrstuvwxyz';
  const { id, sha256 } = await receive(text, { claimedType: 'text/plain' });
  const serve = (request: Parameters<typeof serveBinary>[3]) => serveBinary({ blobs: world.store, fhir }, context, id, request);
  const body = async (range: string, ifRange?: string) => {
    const served = await serve({ range, ifRange });
    return [served.status, served.headers['content-range'], served.stream && (await collect(served.stream)).toString()];
  };
  expect(await body('bytes=2-4')).toEqual([206, 'bytes 2-4/26', 'cde']);
  expect(await body('bytes=20-')).toEqual([206, 'bytes 20-25/26', 'uvwxyz']);
  expect(await body('bytes=-3')).toEqual([206, 'bytes 23-25/26', 'xyz']);
  expect(await body('bytes=24-99')).toEqual([206, 'bytes 24-25/26', 'yz']);
  expect(await body('bytes=26-')).toEqual([416, 'bytes */26', undefined]);
  expect(await body('bytes=-0')).toEqual([416, 'bytes */26', undefined]);
  for (const ignored of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'rubbish']) expect(await body(ignored)).toEqual([200, undefined, text]);
  expect(await body('bytes=0-0', `"${sha256}"`)).toEqual([206, 'bytes 0-0/26', 'a']);
  expect(await body('bytes=0-0', '"another"')).toEqual([200, undefined, text]);
  expect(await serve({ ifNoneMatch: `W/"${sha256}"` })).toMatchObject({ status: 304 });
  await expect(serveBinary({ blobs: world.store, fhir }, context, 'unknown')).rejects.toMatchObject({ kind: 'not-found' });
});

test.each([[{ title: ' ' }, 'title'], [{ title: 'x'.repeat(201) }, 'title'], [{ category: 'Not a code' }, 'category'], [{ patient: '../x' }, 'patient'], [{ case: 'a b' }, 'case']] as const)('an announcement with %j is refused, naming the field', async (fault, at) => {
  await expect(receive('words', { claimedType: 'text/plain', ...fault })).rejects.toMatchObject({ kind: 'invalid', details: { at } });
});
