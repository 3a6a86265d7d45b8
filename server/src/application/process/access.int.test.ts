import type { Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { parameters, submitted, world, worldMigrations, type World } from './testing-world.ts';
import { ref, systems } from './vocabulary.ts';

const failure = async (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => {
  if (error instanceof BedsideError) return `${error.kind}:${error.code}`;
  throw error;
});
const invite = (w: World, id: string, expert: string) => w.engine.perform(w.dra, id, 'invite', parameters({ name: 'expert', valueReference: { reference: `PractitionerRole/${expert}` } }));
const why = parameters({ name: 'reason', valueString: 'because' });
const sees = (w: World, ctx: RequestContext, type: string, id: string) => failure(w.repository.read(ctx, type, id)).then((answer) => answer === 'done');

test('an application that ends without a consultation closes the record again, and stays itself to be read', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const endings = [
    (id: string) => w.engine.perform(w.drb, id, 'refuse', why), (id: string) => w.engine.perform(w.dra, id, 'withdraw', why),
    async (id: string) => { await w.engine.perform(w.drb, id, 'accept', undefined); return w.engine.perform(w.drb, id, 'cancel', why); },
  ];
  for (const end of endings) {
    const id = await submitted(w, ['b']);
    expect([await sees(w, w.drb, 'Observation', 'o'), await sees(w, w.coordinator, 'Observation', 'o')]).toEqual([true, true]);
    await end(id);
    expect([await sees(w, w.drb, 'Observation', 'o'), await sees(w, w.coordinator, 'Observation', 'o')]).toEqual([false, false]);
    expect(await failure(w.engine.bundle(w.drb, id))).toBe('done');
  }
});

test('an expert who refuses, is uninvited, or was not the one who accepted sees no more of the case; the house goes with the last of its experts', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const seen = async (id: string) => [await sees(w, w.drb, 'Task', id), await sees(w, w.drc, 'Task', id), await sees(w, w.coordinator, 'Task', id)];
  const refused = await submitted(w, ['b', 'c']);
  await w.engine.perform(w.drb, refused, 'refuse', why);
  expect(await seen(refused)).toEqual([false, true, true]);
  expect(await failure(w.engine.perform(w.drb, refused, 'accept', undefined))).toBe('not-found:not-found');
  const uninvited = await submitted(w, ['b', 'c']);
  await w.engine.perform(w.dra, uninvited, 'uninvite', parameters({ name: 'expert', valueReference: { reference: 'PractitionerRole/c' } }));
  expect(await seen(uninvited)).toEqual([true, false, true]);
  await w.engine.perform(w.drb, uninvited, 'refuse', why);
  await w.engine.perform(w.drb, refused, 'refuse', why).catch(() => undefined);
  const accepted = await submitted(w, ['b', 'c']);
  await w.engine.perform(w.drb, accepted, 'accept', undefined);
  expect(await seen(accepted)).toEqual([true, false, true]);
});

test('whoever is invited after the application was sent sees it, and so do their coordinators', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['z']);
  expect([await sees(w, w.drb, 'Task', id), await sees(w, w.coordinator, 'Task', id)]).toEqual([false, false]);
  await invite(w, id, 'b');
  expect([await sees(w, w.drb, 'Task', id), await sees(w, w.coordinator, 'Task', id)]).toEqual([true, true]);
});

test('a Task that only claims to be a case, or to be an invitation to one, opens nothing', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b']);
  const real = JSON.parse((await w.repository.read(w.dra, 'Task', id)).text) as Task;
  const drz: RequestContext = { ...w.dra, actor: { ...w.dra.actor, accountId: 'z', name: 'z', profile: 'Practitioner/p-z', practitionerRoles: ['PractitionerRole/z'] } };
  const { id: _id, meta: _meta, ...claims } = real;
  const forged = await w.repository.create(drz, { ...claims, requester: ref('PractitionerRole', 'z') });
  for (const action of ['submit', 'withdraw', 'send-materials']) expect(await failure(w.engine.perform(drz, forged.id, action, action === 'withdraw' ? why : undefined))).toBe('not-found:not-a-case');
  expect(await failure(w.engine.offers(drz, forged.id))).toBe('not-found:not-a-case');
  await w.repository.create(drz, { resourceType: 'Task', status: 'requested', intent: 'order', code: { coding: [{ system: systems.task, code: 'invitation' }] }, partOf: [ref('Task', id)], owner: ref('PractitionerRole', 'z'), for: real.for! });
  expect((await w.engine.offers(drz, id)).roles).toEqual([]);
  expect(await failure(w.engine.perform(drz, id, 'accept', undefined))).toBe('forbidden:not-your-action');
});
