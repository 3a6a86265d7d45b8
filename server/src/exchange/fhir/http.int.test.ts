import type { Bundle, Patient } from '@medplum/fhirtypes';
import fastify, { type FastifyInstance } from 'fastify';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conflict } from '../../kernel/index.ts';
import { systemContext, testRepository } from '../../resource/fhir/testing.ts';
import { securityHeaders, problemErrors } from '../http/index.ts';
import { registerFhir } from './index.ts';

let setup: Awaited<ReturnType<typeof testRepository>>;
let app: FastifyInstance;
let base = '';
beforeAll(async () => {
  setup = await testRepository([], () => base);
  app = fastify();
  problemErrors(app);
  securityHeaders(app, { tls: false });
  // Stands for security/authentication: one bearer token, the system's.
  app.addHook('onRequest', async (request) => { if (request.headers.authorization === 'Bearer good-token-of-the-test') request.ctx = systemContext('north'); });
  await registerFhir(app, {
    repository: setup.repository, baseUrl: () => base, version: '0.0.0',
    operations: [
      { code: 'echo', level: 'type', type: 'Task', affectsState: false, title: 'Echo', description: 'Answers its input.', parameters: [{ name: 'word', type: 'string', min: 0, max: '1' }], run: async (_ctx, { body }) => body ?? { resourceType: 'Parameters' } },
      { code: 'refuse', level: 'instance', type: 'Task', affectsState: true, title: 'Refuse', description: 'Refuses.', run: async () => { throw conflict('action-not-allowed', 'Not now.'); } },
    ],
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(app.server.address() as { port: number }).port}/fhir`;
});
afterAll(async () => { await app.close(); await setup.close(); });

const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> =>
  fetch(`${base}${path}`, { ...init, headers: { authorization: 'Bearer good-token-of-the-test', ...(init.body ? { 'content-type': 'application/fhir+json' } : {}), ...init.headers } });
const patient = JSON.stringify({ resourceType: 'Patient', name: [{ family: 'Kit' }], birthDate: '1980-05-06' });

test('a foreign client creates, reads, searches, pages, updates and deletes', async () => {
  const client = new Client({ baseUrl: base, bearerToken: 'good-token-of-the-test' });
  const made = await client.create({ resourceType: 'Patient', body: JSON.parse(patient) as never }) as unknown as Patient;
  expect(made.meta?.versionId).toBe('1');
  expect(await client.read({ resourceType: 'Patient', id: made.id! })).toEqual(made);
  const found = await client.search({ resourceType: 'Patient', searchParams: { family: 'kit', birthdate: 'ge1980' } }) as unknown as Bundle;
  expect(found.entry?.map((e) => e.resource?.id)).toEqual([made.id]);
  await client.update({ resourceType: 'Patient', id: made.id!, body: { ...made, gender: 'other' } as never });
  expect(await client.vread({ resourceType: 'Patient', id: made.id!, version: '1' })).toEqual(made);
  const second = await client.create({ resourceType: 'Patient', body: JSON.parse(patient) as never }) as unknown as Patient;
  const first = await client.search({ resourceType: 'Patient', searchParams: { family: 'kit', _count: '1' } });
  const next = await client.nextPage({ bundle: first as never }) as unknown as Bundle;
  expect(next.entry).toHaveLength(1);
  const posted = await client.search({ resourceType: 'Patient', searchParams: { family: 'kit' }, options: { postSearch: true } } as never) as unknown as Bundle;
  expect(posted.entry).toHaveLength(2);
  await client.delete({ resourceType: 'Patient', id: second.id! });
  await expect(client.read({ resourceType: 'Patient', id: second.id! })).rejects.toMatchObject({ response: { status: 410 } });
  const history = await client.history({ resourceType: 'Patient', id: made.id! }) as unknown as Bundle;
  expect(history.entry).toHaveLength(2);
  const capability = await client.capabilityStatement() as unknown as { fhirVersion: string };
  expect(capability.fhirVersion).toBe('4.0.1');
});

test('versions, conditions and preferences travel in headers', async () => {
  const made = await ask('/Patient', { method: 'POST', body: patient });
  expect(made.status).toBe(201);
  expect(made.headers.get('etag')).toBe('W/"1"');
  const location = made.headers.get('location')!;
  expect(location).toMatch(/\/fhir\/Patient\/[0-9a-f-]{36}\/_history\/1$/);
  const id = location.split('/').at(-3)!;
  expect((await ask(`/Patient/${id}`, { headers: { 'if-none-match': 'W/"1"' } })).status).toBe(304);
  const body = JSON.stringify({ ...JSON.parse(patient) as object, id });
  expect((await ask(`/Patient/${id}`, { method: 'PUT', body, headers: { 'if-match': 'W/"9"' } })).status).toBe(412);
  const minimal = await ask(`/Patient/${id}`, { method: 'PUT', body, headers: { 'if-match': 'W/"1"', 'prefer': 'return=minimal' } });
  expect([minimal.status, await minimal.text()]).toEqual([200, '']);
  const twice = () => ask('/Patient', { method: 'POST', body: JSON.stringify({ ...JSON.parse(patient) as object, identifier: [{ system: 'urn:once', value: '1' }] }), headers: { 'if-none-exist': 'identifier=urn:once|1' } });
  expect((await Promise.all([twice(), twice(), twice()])).map((r) => r.status).sort()).toEqual([200, 200, 201]);
});

test('errors are OperationOutcomes that name the place', async () => {
  const outcome = async (r: Response) => ({ status: r.status, type: r.headers.get('content-type'), issue: ((await r.json()) as { issue: { code: string; expression?: string[] }[] }).issue[0] });
  expect(await outcome(await fetch(`${base}/Patient`))).toMatchObject({ status: 401, issue: { code: 'login' } });
  expect(await outcome(await ask('/Patient?nonsense=1'))).toMatchObject({ status: 400, type: 'application/fhir+json; charset=utf-8', issue: { code: 'invalid', expression: ['nonsense'] } });
  expect(await outcome(await ask('/Nothing/1'))).toMatchObject({ status: 404 });
  expect(await outcome(await ask('/Patient', { method: 'POST', body: '{"resourceType":"Patient","gender":"x"}' }))).toMatchObject({ status: 422, issue: { code: 'code-invalid', expression: ['Patient.gender'] } });
  expect(await outcome(await ask('/Patient', { method: 'POST', body: '{"resourceType":' }))).toMatchObject({ status: 400 });
  expect(await outcome(await ask('/Patient', { method: 'POST', body: '<Patient/>', headers: { 'content-type': 'application/fhir+xml' } }))).toMatchObject({ status: 415 });
  expect(await outcome(await ask('/Patient', { headers: { accept: 'application/fhir+xml' } }))).toMatchObject({ status: 406 });
  expect(await outcome(await ask('/Patient', { method: 'POST', body: '['.repeat(200_000) }))).toMatchObject({ status: 400 });
  expect(await outcome(await ask('/Patient', { method: 'POST', body: `"${'x'.repeat(17 * 1024 * 1024)}"` }))).toMatchObject({ status: 413 });
  expect((await ask('/Patient?nonsense=1', { headers: { prefer: 'handling=lenient' } })).status).toBe(200);
});

test('operations are served, defined and listed', async () => {
  const echoed = await ask('/Task/$echo?word=hello');
  expect(await echoed.json()).toEqual({ resourceType: 'Parameters', parameter: [{ name: 'word', valueString: 'hello' }] });
  const refused = await ask('/Task/1/$refuse', { method: 'POST' });
  expect([refused.status, ((await refused.json()) as { issue: { details: { coding: { code: string }[] } }[] }).issue[0]!.details.coding[0]!.code]).toEqual([409, 'action-not-allowed']);
  expect((await ask('/Task/1/$refuse')).status).toBe(405);
  expect((await ask('/Task/$absent', { method: 'POST' })).status).toBe(404);
  const capability = await (await fetch(`${base}/metadata`)).json() as { rest: { resource: { type: string; operation?: { definition: string }[] }[] }[] };
  const task = capability.rest[0]!.resource.find((r) => r.type === 'Task')!;
  for (const { definition } of task.operation!) expect(((await (await ask(definition.slice(base.length))).json()) as { resourceType: string }).resourceType).toBe('OperationDefinition');
});

test('every search parameter that the CapabilityStatement names is answered', async () => {
  const capability = await (await fetch(`${base}/metadata`)).json() as { rest: { resource: { type: string; searchParam: { name: string; type: string }[] }[] }[] };
  const values: Record<string, string> = { date: '2024', number: '1', quantity: '1', string: 'a', token: 'a', uri: 'urn:a', reference: 'Patient/a', composite: 'a$1' };
  const three = new Set(['Observation', 'Task', 'Patient', 'Group', 'DocumentReference', 'MolecularSequence', 'AuditEvent', 'Encounter', 'ValueSet']);
  for (const { type, searchParam } of capability.rest[0]!.resource.filter((r) => three.has(r.type))) {
    for (const p of searchParam) {
      const response = await ask(`/${type}?${p.name}=${encodeURIComponent(p.name.endsWith('-date') && p.type === 'composite' ? 'a$2024' : p.name === '_id' ? 'a' : p.name === 'entity' ? 'Patient/a' : values[p.type]!)}`);
      expect(`${type} ${p.name} ${response.status}`).toBe(`${type} ${p.name} 200`);
      await response.body?.cancel();
    }
  }
});
