import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle, Patient, Slot } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock, outboxMigrations, type Database } from '../kernel/index.ts';
import { testDatabase } from '../kernel/testing.ts';
import { blobMigrations, openBlobStore, type EmbeddedBlobStore } from '../resource/blob/index.ts';
import { createFhirRepository, fhirMigrations, type OpenFhirRepository } from '../resource/fhir/index.ts';
import { createImageRepository, imageMigrations } from '../resource/image/index.ts';
import { securityMigrations } from '../security/authentication/index.ts';
import { createAccounts, createPasswordHasher } from '../security/authorization/index.ts';
import { openFileKeyWrapper } from '../security/keys/index.ts';
import type { RequestContext } from '../security/policy/index.ts';
import { loadDemonstration, type DemonstrationDeps } from './index.ts';

let folder: string;
let db: Database;
let blobs: EmbeddedBlobStore;
let repository: OpenFhirRepository;
let deps: DemonstrationDeps;
const clock = fixedClock('2026-03-02T08:00:00Z');
const ctx: RequestContext = {
  purpose: 'SYSADMIN', traceId: '0'.repeat(32), clock,
  actor: { accountId: 'system', role: 'system', name: 'Bedside', practitionerRoles: [], organizations: [], scopes: ['system/*.cruds'], methods: [], clientId: 'bedside' },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-demo-load-'));
  db = await testDatabase([...outboxMigrations, ...blobMigrations, ...fhirMigrations, ...imageMigrations, ...securityMigrations]);
  const wrapper = await openFileKeyWrapper(join(folder, 'keys'));
  blobs = await openBlobStore({ db, folders: [join(folder, 'rack-1'), join(folder, 'rack-2')], wrapper, reserveBytes: 0 });
  repository = createFhirRepository({ db, clock });
  await repository.upkeep();
  const accounts = createAccounts({ db, clock, wrapper, audit: async () => undefined, passwords: await createPasswordHasher() });
  deps = { ctx, repository, blobs, accounts, images: createImageRepository({ db, blobs, fhir: repository, clock }) };
});
afterAll(async () => {
  await repository.close();
  await blobs.close();
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const count = async (type: string, query = ''): Promise<number> => (JSON.parse(await repository.search(ctx, type, `_summary=count${query}`)) as Bundle).total ?? 0;

const busyMs = 300_000; // a whole network is written: on a busy machine that takes its time

test('a load that is broken off goes on where it was, and the network is there once', async () => {
  let writes = 0;
  const broken: DemonstrationDeps = { ...deps, repository: { ...repository, bundle: async (...args) => { writes += 1; if (writes > 20) throw new Error('killed'); return repository.bundle(...args); } } };
  await expect(loadDemonstration(broken)).rejects.toThrow('killed');
  await loadDemonstration(deps);
  expect(await count('Patient')).toBe(40);
  expect(await count('PractitionerRole', '&role=urn:bedside:role|expert')).toBe(12);
  expect(await count('ImagingStudy')).toBe(2);
  expect(await count('DocumentReference')).toBeGreaterThan(20);
  const patient = JSON.parse((await repository.read(ctx, 'Patient', 'demo-patient-01')).text) as Patient;
  expect(patient.meta).toMatchObject({ versionId: '1', tag: [{ code: 'demonstration' }] });
}, busyMs);

test('a second load changes nothing, one on a later day adds times and keeps a booked one booked', async () => {
  const before = (await db.query<{ n: string }>('select count(*) as n from bedside.outbox')).rows[0]!.n;
  await loadDemonstration(deps);
  expect((await db.query<{ n: string }>('select count(*) as n from bedside.outbox')).rows[0]!.n).toBe(before);
  const [first] = (JSON.parse(await repository.search(ctx, 'Slot', 'schedule=Schedule/demo-chen-liwen&start=ge2026-03-05&_sort=start&_count=1')) as Bundle).entry!;
  const slot = first!.resource as Slot;
  await repository.update(ctx, { ...slot, status: 'busy' });
  const slots = await count('Slot');
  clock.advanceMs(2 * 24 * 3_600_000);
  await loadDemonstration(deps);
  expect(await count('Slot')).toBeGreaterThan(slots);
  expect(JSON.parse((await repository.read(ctx, 'Slot', slot.id!)).text)).toMatchObject({ status: 'busy' });
}, busyMs);

test('what is written belongs to the institution it is about', async () => {
  const district: RequestContext = { ...ctx, purpose: 'TREAT', actor: { ...ctx.actor, role: 'clinician', accountId: 'a', profile: 'Practitioner/demo-amina-odhiambo', institution: 'demo-district', organizations: ['demo-district'], scopes: ['user/*.cruds'] } };
  const university: RequestContext = { ...district, actor: { ...district.actor, institution: 'demo-university', organizations: ['demo-university'], profile: 'Practitioner/demo-chen-liwen' } };
  await expect(repository.read(district, 'Patient', 'demo-patient-01')).resolves.toMatchObject({ id: 'demo-patient-01' });
  await expect(repository.read(university, 'Patient', 'demo-patient-01')).rejects.toMatchObject({ kind: 'not-found' });
  await expect(repository.read(district, 'DocumentReference', 'demo-patient-01-letter-1')).resolves.toMatchObject({ id: 'demo-patient-01-letter-1' });
}, busyMs);
