import type { Bundle, Organization, Patient, PractitionerRole, Resource } from '@medplum/fhirtypes';
import fastify, { type FastifyInstance } from 'fastify';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemContext, testRepository } from '../../resource/fhir/testing.ts';
import { problemErrors } from '../http/index.ts';
import { registerFhir } from './index.ts';

let setup: Awaited<ReturnType<typeof testRepository>>;
let app: FastifyInstance;
let client: Client;
beforeAll(async () => {
  let base = '';
  setup = await testRepository([], () => base);
  app = fastify();
  problemErrors(app);
  app.addHook('onRequest', async (request) => { request.ctx = systemContext('north'); });
  await registerFhir(app, { repository: setup.repository, baseUrl: () => base, version: '0.0.0', operations: [] });
  await app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(app.server.address() as { port: number }).port}/fhir`;
  client = new Client({ baseUrl: base });
});
afterAll(async () => { await app.close(); await setup.close(); });

const create = async <T extends Resource>(resource: T): Promise<T & { id: string }> => await client.create({ resourceType: resource.resourceType, body: resource as never }) as unknown as T & { id: string };
const update = (resource: Resource & { id: string }) => client.update({ resourceType: resource.resourceType, id: resource.id, body: resource as never });
const found = async (resourceType: string, searchParams: Record<string, string>): Promise<string[]> =>
  ((await client.search({ resourceType, searchParams })) as unknown as Bundle).entry?.map((e) => e.resource!.id!) ?? [];
const history = async <T extends Resource>(resource: T & { id: string }): Promise<T[]> => ((await client.history({ resourceType: resource.resourceType, id: resource.id })) as unknown as Bundle).entry!.map((e) => e.resource as T);

test('a patient with a national and two hospital numbers is found by each, by name and by birth date, and a change keeps the old value in the history', async () => {
  const patient = await create<Patient>({
    resourceType: 'Patient', name: [{ family: 'Nakamura', given: ['Aiko'] }], birthDate: '1971-02-03', address: [{ city: 'Harbour' }],
    identifier: [{ system: 'urn:nation', value: '77' }, { system: 'urn:hospital:a', value: 'A-1' }, { system: 'urn:hospital:b', value: 'B-2' }],
  });
  for (const identifier of ['urn:nation|77', 'urn:hospital:a|A-1', 'urn:hospital:b|B-2', 'A-1']) expect(await found('Patient', { identifier })).toEqual([patient.id]);
  expect(await found('Patient', { identifier: 'urn:nation|A-1' })).toEqual([]);
  expect(await found('Patient', { name: 'nakam', birthdate: '1971-02-03' })).toEqual([patient.id]);
  await update({ ...patient, address: [{ city: 'Hill' }] });
  expect((await history(patient)).map((p) => p.address?.[0]?.city)).toEqual(['Hill', 'Harbour']);
});

test('institutions and departments stand in a tree, are found by region, level and specialty, and a renaming shows wherever they are referred to', async () => {
  const hospital = await create<Organization>({ resourceType: 'Organization', name: 'Hill Hospital', type: [{ coding: [{ system: 'urn:level', code: 'tertiary' }] }], address: [{ state: 'North' }] });
  const departments = [];
  for (const name of ['Cardiology', 'Radiology']) departments.push(await create<Organization>({ resourceType: 'Organization', name, partOf: { reference: `Organization/${hospital.id}` } }));
  expect((await found('Organization', { partof: `Organization/${hospital.id}` })).toSorted()).toEqual(departments.map((d) => d.id).toSorted());
  expect(await found('Organization', { 'address-state': 'north', 'type': 'urn:level|tertiary' })).toEqual([hospital.id]);
  await update({ ...departments[0]!, name: 'Heart centre' });
  expect(await found('Organization', { name: 'heart', partof: `Organization/${hospital.id}` })).toEqual([departments[0]!.id]);
  expect((await history(departments[0]!)).map((d) => d.name)).toEqual(['Heart centre', 'Cardiology']);
});

test('a doctor is registered with licence and department, is found by name, specialty and institution, and a move keeps the old department', async () => {
  const [one, two] = [await create<Organization>({ resourceType: 'Organization', name: 'Lake Hospital' }), await create<Organization>({ resourceType: 'Organization', name: 'Sea Hospital' })];
  const doctor = await create({ resourceType: 'Practitioner', name: [{ family: 'Okafor', given: ['Ngozi'] }], qualification: [{ identifier: [{ system: 'urn:licence', value: 'L-9' }], code: { text: 'Physician' } }] });
  const role = await create<PractitionerRole>({
    resourceType: 'PractitionerRole', active: true, practitioner: { reference: `Practitioner/${doctor.id}` }, organization: { reference: `Organization/${one.id}` },
    specialty: [{ coding: [{ system: 'urn:bedside:specialty', code: 'neurology' }] }],
  });
  expect(await found('PractitionerRole', { 'practitioner.name': 'okaf', 'specialty': 'neurology', 'organization': `Organization/${one.id}` })).toEqual([role.id]);
  await update({ ...role, organization: { reference: `Organization/${two.id}` } });
  expect(await found('PractitionerRole', { specialty: 'neurology', organization: `Organization/${one.id}` })).toEqual([]);
  expect((await history(role)).map((r) => r.organization?.reference)).toEqual([`Organization/${two.id}`, `Organization/${one.id}`]);
});

test('entities registered at the same time get identifications of their own, which are never given again', async () => {
  const many = await Promise.all(Array.from({ length: 40 }, (_, n) => create(n % 2 ? { resourceType: 'Patient' as const } : { resourceType: 'Practitioner' as const })));
  expect(new Set(many.map((r) => r.id)).size).toBe(40);
  const gone = many.find((r) => r.resourceType === 'Patient')!;
  await client.delete({ resourceType: 'Patient', id: gone.id });
  const again = await Promise.all(Array.from({ length: 20 }, () => create({ resourceType: 'Patient' as const })));
  expect(again.map((r) => r.id)).not.toContain(gone.id);
  expect(await found('Practitioner', { _id: gone.id })).toEqual([]);
});
