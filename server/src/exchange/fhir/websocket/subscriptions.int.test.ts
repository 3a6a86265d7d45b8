import type { Bundle, Parameters, Subscription } from '@medplum/fhirtypes';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { clinicianContext, testRepository } from '../../../resource/fhir/testing.ts';
import { bindingTokenOperation, registerFhir, registerSubscriptions } from '../index.ts';

const people = { north: clinicianContext('n', 'north'), south: clinicianContext('s', 'south') } as const;
let setup: Awaited<ReturnType<typeof testRepository>>;
let app: FastifyInstance;
let base = '';
beforeAll(async () => {
  setup = await testRepository([], () => base);
  app = fastify();
  app.addHook('onRequest', async (request) => { const who = request.headers.authorization; if (who === 'north' || who === 'south') request.ctx = people[who]; });
  await registerSubscriptions(app, { repository: setup.repository, onFault: (error) => { throw error; } });
  await registerFhir(app, { repository: setup.repository, baseUrl: () => base, version: '0', operations: [bindingTokenOperation(setup.repository, () => `${base.replace('http', 'ws')}/ws`)] });
  await app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${(app.server.address() as { port: number }).port}/fhir`;
});
afterAll(async () => { await app.close(); await setup.close(); });

async function ask<T>(who: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${base}${path}`, { method: body ? 'POST' : 'GET', headers: { authorization: who, 'content-type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
const subscription = (topic: string, filter?: string): Subscription => ({
  resourceType: 'Subscription', status: 'requested', reason: 'test', criteria: topic, channel: { type: 'websocket', payload: 'application/fhir+json' },
  ...(filter ? { _criteria: { extension: [{ url: 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria', valueString: filter }] } } : {}),
}) as Subscription;
const token = async (who: string, id: string): Promise<string> => (await ask<Parameters>(who, `/Subscription/${id}/$get-ws-binding-token`)).parameter!.find((p) => p.name === 'token')!.valueString!;

interface Listening { readonly socket: WebSocket; readonly foci: string[]; next(): Promise<string> }
async function open(secret: string): Promise<Listening> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws`);
  const foci: string[] = [];
  const waiting: ((f: string) => void)[] = [];
  let bound = (): void => undefined;
  const handshake = new Promise<void>((resolve, reject) => { bound = resolve; socket.once('close', (code) => reject(new Error(`closed ${code}`))); });
  socket.on('message', (data: Buffer) => {
    const status = (JSON.parse(data.toString()) as Bundle).entry![0]!.resource as Parameters;
    if (status.parameter!.find((p) => p.name === 'type')!.valueCode === 'handshake') bound();
    for (const p of status.parameter!.filter((x) => x.name === 'notification-event')) {
      const focus = p.part!.find((x) => x.name === 'focus')!.valueReference!.reference!;
      const waiter = waiting.shift();
      if (waiter) waiter(focus); else foci.push(focus);
    }
  });
  socket.on('open', () => socket.send(`bind-with-token ${secret}`));
  await handshake;
  return { socket, foci, next: () => { const f = foci.shift(); return f === undefined ? new Promise((resolve) => { waiting.push(resolve); }) : Promise.resolve(f); } };
}

test('a change is told to those who may see it and to nobody else, and after a gap what was missed comes first', async () => {
  const made = await ask<Subscription>('north', '/Subscription', subscription('urn:bedside:topic:changes'));
  const other = await ask<Subscription>('south', '/Subscription', subscription('urn:bedside:topic:changes'));
  const north = await open(await token('north', made.id!));
  const south = await open(await token('south', other.id!));
  const patient = await setup.repository.create(people.north, { resourceType: 'Patient', name: [{ family: 'Live' }] });
  expect(await north.next()).toBe(`Patient/${patient.id}`);
  north.socket.close();
  const missed = await setup.repository.create(people.north, { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${patient.id}` } });
  const own = await setup.repository.create(people.south, { resourceType: 'Patient', name: [{ family: 'Own' }] });
  expect(await south.next()).toBe(`Patient/${own.id}`);
  expect(south.foci).toEqual([]);
  const again = await open(await token('north', made.id!));
  expect(await again.next()).toBe(`Observation/${missed.id}`);
  again.socket.close();
  south.socket.close();
});

test('filter criteria narrow a topic', async () => {
  const made = await ask<Subscription>('north', '/Subscription', subscription('urn:bedside:topic:case-changed', 'Task?status=accepted'));
  const listening = await open(await token('north', made.id!));
  const task = (status: 'requested' | 'accepted') => setup.repository.create(people.north, { resourceType: 'Task', status, intent: 'order' });
  await task('requested');
  const accepted = await task('accepted');
  expect(await listening.next()).toBe(`Task/${accepted.id}`);
  listening.socket.close();
});

test('a token works once, and another account can neither read the subscription nor get one', async () => {
  const made = await ask<Subscription>('north', '/Subscription', subscription('urn:bedside:topic:changes'));
  const secret = await token('north', made.id!);
  (await open(secret)).socket.close();
  await expect(open(secret)).rejects.toThrow('closed 1008');
  await expect(token('south', made.id!)).rejects.toThrow('404');
  const unknown = await ask<Subscription>('north', '/Subscription', subscription('urn:nothing'));
  await expect(token('north', unknown.id!)).rejects.toThrow('422');
});
