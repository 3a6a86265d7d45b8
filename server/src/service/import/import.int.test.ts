import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { outboxMigrations, systemClock, unavailable, type Database } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import { blobMigrations, openBlobStore, type EmbeddedBlobStore } from '../../resource/blob/index.ts';
import { createFhirRepository, fhirMigrations, type OpenFhirRepository } from '../../resource/fhir/index.ts';
import { systemContext } from '../../resource/fhir/testing.ts';
import { createImageRepository, imageMigrations } from '../../resource/image/index.ts';
import { phantomCt } from '../../resource/image/fixtures/phantom.ts';
import { openFileKeyWrapper } from '../../security/keys/index.ts';
import { findFiles, importFiles, importMigrations, importTable, progressLine, type ImportDeps } from './index.ts';

const ctx = systemContext('north');
const outside = process.env['BEDSIDE_TEST_DATA'] ?? '';
let root: string;
let folder: string;
let db: Database;
let blobs: EmbeddedBlobStore;
let repository: OpenFhirRepository;
let deps: ImportDeps;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bedside-import-'));
  db = await testDatabase([...outboxMigrations, ...blobMigrations, ...fhirMigrations, ...imageMigrations, ...importMigrations]);
  blobs = await openBlobStore({ db, folders: [join(root, 'rack-1'), join(root, 'rack-2')], wrapper: await openFileKeyWrapper(join(root, 'keys')), reserveBytes: 0 });
  repository = createFhirRepository({ db, clock: systemClock });
  await repository.upkeep();
  deps = { ctx, db, repository, blobs, images: createImageRepository({ db, blobs, fhir: repository, clock: systemClock }) };
});
afterAll(async () => {
  await repository.close();
  await blobs.close();
  await db.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => { folder = await mkdtemp(join(root, 'in-')); });

const put = async (name: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
};
const run = async (use = deps, ...paths: string[]) => importFiles(use, await findFiles(paths.length > 0 ? paths : [folder]), () => undefined);
const count = async (type: string, query: string): Promise<number> => (JSON.parse(await repository.search(ctx, type, `${query}&_summary=count`)) as Bundle).total ?? 0;
const observation = (id: string, value: string): string => `{"resourceType":"Observation","id":"${id}","status":"final","code":{"text":"x"},"valueQuantity":{"value":${value}}}`;

test('a bundle comes in with its references and the digits of its numbers, and a second run does nothing', async () => {
  const address = 'urn:uuid:0a1b2c3d-0000-4000-8000-000000000001';
  await put('a.json', `{"resourceType":"Bundle","type":"transaction","entry":[
    {"fullUrl":"${address}","resource":{"resourceType":"Patient","birthDate":"1970-01-01"},"request":{"method":"POST","url":"Patient"}},
    {"resource":{"resourceType":"Observation","id":"one-digit","status":"final","code":{"text":"x"},"subject":{"reference":"${address}"},"valueQuantity":{"value":1.10}},"request":{"method":"POST","url":"Observation"}}]}`);
  const { outcome } = await run();
  expect(Object.fromEntries(outcome.taken)).toEqual({ Patient: 1, Observation: 1 });
  const { text } = await repository.read(ctx, 'Observation', 'one-digit');
  expect(text).toContain('"value":1.10');
  expect(JSON.parse(text)).toMatchObject({ subject: { reference: 'Patient/0a1b2c3d-0000-4000-8000-000000000001' }, meta: { versionId: '1' } });
  expect(await run()).toMatchObject({ skipped: 1, outcome: { refused: [] } });
  expect((await repository.read(ctx, 'Observation', 'one-digit')).version).toBe(1);
});

test('of a bundle with one bad entry the others come in, and the bad one is named with its reason', async () => {
  await put('b.json', `{"resourceType":"Bundle","type":"collection","entry":[{"resource":${observation('good-1', '1')}},{"resource":{"resourceType":"Patient","id":"bad","birthDate":"1970-13-01"}},{"resource":${observation('good-2', '2')}}]}`);
  const { outcome } = await run();
  expect(Object.fromEntries(outcome.taken)).toEqual({ Observation: 2 });
  expect(outcome.refused).toEqual([{ where: expect.stringMatching(/b\.json, entry 1$/), what: 'Patient', why: expect.stringContaining('birthDate') }]);
  expect(importTable(outcome, { skipped: 0, left: 0 })).toMatch(/Observation\s+2\s+0\nPatient\s+0\s+1[\s\S]*Refused:\n.*b\.json, entry 1/);
});

test('an import that breaks off goes on after the last line that is in', async () => {
  await put('c.ndjson', Array.from({ length: 700 }, (_, n) => observation(`line-${n}`, String(n))).join('\n'));
  let calls = 0;
  const breaking: ImportDeps = { ...deps, repository: { ...repository, bundle: async (...args) => { calls += 1; if (calls === 3) throw unavailable('database-unavailable', 'gone'); return repository.bundle(...args); } } };
  await expect(run(breaking)).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(await count('Observation', '_id=line-499')).toBe(1);
  const { outcome } = await run();
  expect(Object.fromEntries(outcome.taken)).toEqual({ Observation: 200 });
  expect((await repository.read(ctx, 'Observation', 'line-3')).version).toBe(1);
});

test('an import that is stopped finishes what it began and says what is left', async () => {
  await put('1.json', observation('stop-1', '1'));
  await put('2.json', observation('stop-2', '2'));
  const stop = { aborted: false };
  const first = await importFiles(deps, await findFiles([folder]), () => { stop.aborted = true; }, stop);
  expect(first.left).toBe(1);
  expect(await run()).toMatchObject({ skipped: 1, left: 0 });
});

test('files that are nothing we know, cut short, or without a resource are refused with a reason, and hold up nothing', async () => {
  await put('notes.txt', 'hello');
  await put('cut.json', '{"resourceType":"Pati');
  await put('other.json', '{"name":"package"}');
  await put('lines.ndjson', `${observation('ok-line', '1')}\n{"resourceType":\n${observation('ok-line-2', '1')}\n`);
  await put('cut.dcm', phantomCt({ study: '1.2.90', series: '1.2.90.1', sop: '1.2.90.1.1', number: 1, size: 16 }).subarray(0, 300));
  const { outcome } = await run();
  expect(Object.fromEntries(outcome.taken)).toEqual({ Observation: 2 });
  expect(outcome.refused.map((r) => r.where.slice(folder.length + 1)).sort()).toEqual(['cut.dcm', 'cut.json', 'lines.ndjson:2', 'notes.txt', 'other.json']);
  for (const { why } of outcome.refused) expect(why.length).toBeGreaterThan(10);
});

test('a folder of DICOM files becomes a study, once', async () => {
  for (let n = 1; n <= 3; n++) await put(`ct/${n}`, phantomCt({ study: '1.2.91', series: '1.2.91.1', sop: `1.2.91.1.${n}`, number: n, size: 16 }));
  expect(Object.fromEntries((await run()).outcome.taken)).toEqual({ 'DICOM object': 3 });
  expect(await run()).toMatchObject({ skipped: 3 });
  expect(await count('ImagingStudy', 'identifier=urn:dicom:uid|urn:oid:1.2.91')).toBe(1);
});

test('a C-CDA document is kept under the patient whom it names, who is registered if unknown', async () => {
  const cda = (id: string): string => `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2" extension="${id}"/><title>Summary ${id}</title><recordTarget><patientRole><id root="1.2.3" extension="CDA-77"/><patient><name><given>Ada</given><family>Example</family></name><administrativeGenderCode code="F"/><birthTime value="19700203"/></patient></patientRole></recordTarget><component><structuredBody/></component></ClinicalDocument>`;
  await put('one.xml', cda('1'));
  await put('two.xml', cda('2'));
  expect(Object.fromEntries((await run()).outcome.taken)).toEqual({ 'C-CDA document': 2, 'Patient': 1 });
  expect(await count('DocumentReference', 'patient:Patient.identifier=CDA-77')).toBe(2);
  expect(await count('Patient', 'identifier=CDA-77&birthdate=1970-02-03&gender=female')).toBe(1);
});

test('the progress line shows how far it is', () => {
  expect(progressLine({ filesDone: 12, files: 24, taken: 3_400, refused: 2, current: '' }, 12)).toBe('[######------]  12 of 24 files  3,400 in  2 refused');
});

// The real inputs are not part of the project.
describe.skipIf(outside === '' || !existsSync(join(outside, 'fhir/synthea')))('real data', () => {
  test('Synthea patients come in whole', async () => {
    const { outcome } = await run(deps, join(outside, 'fhir/synthea'));
    expect(outcome.refused).toEqual([]);
    expect(outcome.taken.get('Patient')).toBeGreaterThan(20);
  }, 300_000);

  test('a DICOM series comes in whole', async () => {
    const { outcome } = await run(deps, join(outside, 'dicom/series_adc'));
    expect(outcome.refused).toEqual([]);
    expect(outcome.taken.get('DICOM object')).toBeGreaterThan(5);
  }, 120_000);

  test('C-CDA documents come in, or are refused with a reason', async () => {
    const { outcome } = await run(deps, join(outside, 'ccda/documents'));
    expect(outcome.taken.get('C-CDA document')).toBeGreaterThan(3);
    for (const { why } of outcome.refused) expect(why.length).toBeGreaterThan(10);
  }, 120_000);
});
