import type { ImagingStudy } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collect } from '../blob/fixtures/blob-world.ts';
import { imageWorld, type ImageWorld } from './fixtures/image-world.ts';
import { phantomCt } from './fixtures/phantom.ts';

let world: ImageWorld;
beforeAll(async () => { world = await imageWorld(); });
afterAll(() => world[Symbol.asyncDispose]());

async function* pieces(bytes: Uint8Array, size = 5_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const slice = (study: string, n: number, more: Partial<Parameters<typeof phantomCt>[0]> = {}): Buffer => phantomCt({ study, series: `${study}.1`, sop: `${study}.1.${n}`, number: n, size: 16, ...more });
const deliver = async (ctx = world.as('clinician', 'a'), ...files: Buffer[]): ReturnType<ReturnType<ImageWorld['images']['openSession']>['finish']> => {
  const session = world.images.openSession(ctx);
  for (const file of files) await session.add(pieces(file));
  return session.finish();
};
const studyRow = async (id: string): Promise<ImagingStudy> => JSON.parse((await world.fhir.read(world.as('clinician', 'a'), 'ImagingStudy', id)).text) as ImagingStudy;

test('a study that is stored is an ImagingStudy of the patient it names, and its files come out byte for byte', async () => {
  const ctx = world.as('clinician', 'a');
  const patient = await world.patient(ctx, { identifier: [{ system: 'urn:x', value: 'P-77' }], birthDate: '1960-01-01' });
  const files = [slice('1.2.10', 1, { patientId: 'P-77' }), slice('1.2.10', 2, { patientId: 'P-77' })];
  const { stored, refused } = await deliver(ctx, ...files);
  expect(refused).toEqual([]);
  expect(stored.map((s) => s.outcome)).toEqual(['stored', 'stored']);
  expect(await studyRow(stored[0]!.imagingStudyId)).toMatchObject({
    subject: { reference: patient }, started: '2026-03-01T10:15:00+01:00', numberOfSeries: 1, numberOfInstances: 2, modality: [{ code: 'CT' }], description: 'Chest phantom',
    identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.10' }, { value: 'A-1' }], series: [{ uid: '1.2.10.1', number: 2, instance: [{ uid: '1.2.10.1.1' }, { uid: '1.2.10.1.2' }] }],
  });
  const rows = await world.images.instances(ctx, { study: '1.2.10' });
  for (const [n, row] of rows.entries()) expect((await collect(await world.images.open(row))).equals(files[n]!)).toBe(true);
  expect(Buffer.from(await world.images.frame(rows[0]!, 1)).equals(files[0]!.subarray(-512))).toBe(true);
  await expect(world.images.frame(rows[0]!, 2)).rejects.toMatchObject({ code: 'frame-unknown' });
});

test('more of a study later makes a new version of the same ImagingStudy', async () => {
  const [first] = (await deliver(undefined, slice('1.2.11', 1))).stored;
  const [second] = (await deliver(undefined, slice('1.2.11', 2))).stored;
  expect(second!.imagingStudyId).toBe(first!.imagingStudyId);
  expect(await studyRow(first!.imagingStudyId)).toMatchObject({ numberOfInstances: 2, meta: { versionId: '2' }, subject: { identifier: { value: 'P-1' } } });
});

test('the same bytes again are a duplicate and change nothing; other bytes under the UID are refused and lose nothing', async () => {
  const original = slice('1.2.12', 1);
  const [first] = (await deliver(undefined, original)).stored;
  const again = await deliver(undefined, original);
  expect(again.stored.map((s) => s.outcome)).toEqual(['duplicate']);
  const changed = Buffer.from(original);
  changed[changed.length - 1]! ^= 1;
  const third = await deliver(undefined, changed);
  expect(third.stored).toEqual([]);
  expect(third.refused).toMatchObject([{ ids: { sop: '1.2.12.1.1' }, error: { kind: 'conflict', code: 'image-differs' } }]);
  const [row] = await world.images.instances(world.as('clinician', 'a'), { study: '1.2.12' });
  expect((await collect(await world.images.open(row!))).equals(original)).toBe(true);
  expect((await studyRow(first!.imagingStudyId)).meta?.versionId).toBe('1');
  const { rows } = await world.db.query<{ n: number }>("select count(*)::int n from blob.object where owner = $1", [`ImagingStudy/${first!.imagingStudyId}`]);
  expect(rows[0]!.n).toBe(1);
});

test('an instance of another patient is not added to a study', async () => {
  await deliver(undefined, slice('1.2.13', 1));
  const { refused } = await deliver(undefined, slice('1.2.13', 2, { patientId: 'P-2' }));
  expect(refused).toMatchObject([{ error: { code: 'image-patient-differs', details: { at: '(0010,0020)' } } }]);
  expect(await world.images.instances(world.as('clinician', 'a'), { study: '1.2.13' })).toHaveLength(1);
  expect((await world.db.query('select 1 from image.instance where session is not null')).rowCount).toBe(0);
});

test('one broken file among good ones is refused with its element and byte, the others are kept', async () => {
  const cut = slice('1.2.14', 2).subarray(0, -20);
  const { stored, refused } = await deliver(undefined, slice('1.2.14', 1), cut, Buffer.from('not an image at all'.repeat(20)));
  expect(stored).toHaveLength(1);
  expect(refused.map((r) => [r.error.code, r.error.details.at])).toEqual([['dicom-truncated', `(7FE0,0010) byte ${cut.length}`], ['dicom-not-dicom', 'byte 128']]);
});

test('hostile UIDs never become names', async () => {
  const { refused } = await deliver(undefined, slice('../../etc', 1));
  expect(refused).toMatchObject([{ error: { code: 'dicom-bad-uid' } }]);
});

test('an institution that has no right to a study neither finds nor reads it, and keeps an archive of its own under the same UID', async () => {
  await deliver(undefined, slice('1.2.15', 1));
  const other = world.as('clinician', 'b');
  await expect(world.images.instances(other, { study: '1.2.15' })).rejects.toMatchObject({ kind: 'not-found', code: 'study-unknown' });
  expect(await world.images.searchStudies(other, { studyUid: ['1.2.15'], offset: 0, limit: 10 })).toEqual([]);
  const own = slice('1.2.15', 1, { seriesDescription: 'Copy' });
  await deliver(other, own);
  const [row] = await world.images.instances(other, { study: '1.2.15' });
  expect((await collect(await world.images.open(row!))).equals(own)).toBe(true);
  expect(await world.images.searchStudies(other, { studyUid: ['1.2.15'], offset: 0, limit: 10 })).toMatchObject([{ study: { owner: 'b' }, modalities: ['CT'], series: 1, instances: 1 }]);
});

test('who may not write has stored nothing', async () => {
  const { stored, refused } = await deliver({ ...world.as('clinician', 'a'), actor: { ...world.as('clinician', 'a').actor, scopes: ['user/*.rs'] } }, slice('1.2.16', 1));
  expect(stored).toEqual([]);
  expect(refused).toMatchObject([{ error: { kind: 'forbidden' } }]);
  expect((await world.db.query("select 1 from image.instance where study_uid = '1.2.16'")).rowCount).toBe(0);
});

test('a viewing is one audit event, however many frames are asked for', async () => {
  await deliver(undefined, slice('1.2.17', 1));
  const viewer = world.as('coordinator', 'a');
  const events = async (): Promise<number> => (await world.db.query<{ n: number }>("select count(*)::int n from audit.event where account = 'coordinator-a'")).rows[0]!.n;
  const before = await events();
  await Promise.all(Array.from({ length: 30 }, () => world.images.instances(viewer, { study: '1.2.17' })));
  expect(await events() - before).toBe(1);
});

test('what a crash left unfinished is not shown, and swept away later', async () => {
  const session = world.images.openSession(world.as('clinician', 'a'));
  await session.add(pieces(slice('1.2.18', 1)));
  await expect(world.images.instances(world.as('clinician', 'a'), { study: '1.2.18' })).rejects.toMatchObject({ kind: 'not-found' });
  expect(await world.images.sweep()).toBe(0);
  world.clock.advanceMs(7 * 3_600_000);
  expect(await world.images.sweep()).toBe(1);
  expect((await session.finish()).stored).toHaveLength(0);
});
