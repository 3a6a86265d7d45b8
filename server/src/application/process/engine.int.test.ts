import type { Bundle, Parameters, Resource, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { parameters, state, submitted, world, worldMigrations } from './testing-world.ts';
import { codeIn, systems } from './vocabulary.ts';

const failure = async (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => {
  if (error instanceof BedsideError) return `${error.kind}:${error.code}`;
  throw error;
});

test('a consultation runs from application to closing, and its history tells who did what', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b']);
  const bundle = await w.engine.bundle(w.drb, id);
  const manifest = bundle.entry!.map((e) => e.resource!).find((r) => r.resourceType === 'DocumentManifest')!;
  const receipt = await w.engine.perform(w.drb, id, 'acknowledge-materials', parameters({ name: 'package', valueReference: { reference: `DocumentManifest/${manifest.id}` } })) as Parameters;
  expect(receipt.parameter).toContainEqual({ name: 'result', valueString: 'equal' });
  const received = (await w.engine.bundle(w.drb, id)).entry!.map((e) => e.resource!).find((r) => r.resourceType === 'Provenance' && codeIn(r.activity, systems.action) === 'acknowledge-materials');
  expect(received).toMatchObject({ target: expect.arrayContaining([{ reference: `DocumentManifest/${manifest.id}` }]), reason: [{ text: 'equal' }] });
  const asked = await w.engine.perform(w.drb, id, 'request-information', parameters({ name: 'question', valueString: 'Since when?' })) as Task;
  expect(asked.statusReason?.text).toBe('Since when?');
  const answered = await w.engine.perform(w.dra, id, 'supply-information', parameters({ name: 'answer', valueString: 'Yesterday' })) as Task;
  expect(answered.statusReason).toBeUndefined();
  await w.engine.perform(w.drb, id, 'accept', parameters({ name: 'message', valueString: 'Gladly' }));
  await w.engine.perform(w.drb, id, 'propose-time', parameters({ name: 'start', valueDateTime: '2026-03-03T09:00:00+08:00' }));
  expect(state(await w.engine.perform(w.dra, id, 'agree-time', undefined))).toBe('scheduled');
  expect(w.jobs.filter((j) => j.name === 'case-reminder').length).toBe(2);
  w.clock.set('2026-03-03T00:50:00Z');
  const ticket = await w.engine.perform(w.dra, id, 'join-session', undefined) as Parameters;
  expect(ticket.parameter?.find((p) => p.name === 'ticket')?.valueString).toHaveLength(43);
  expect(state(await w.engine.perform(w.drb, id, 'open-session', undefined))).toBe('in-session');
  expect(state(await w.engine.perform(w.drb, id, 'end-session', undefined))).toBe('held');
  const composition: Resource = {
    resourceType: 'Composition', status: 'preliminary', type: {}, date: '2026-03-03', author: [], title: 'Report',
    section: ['findings', 'opinion', 'recommendations', 'plain-language'].map((s) => ({ code: { coding: [{ code: s }] }, text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${s}</div>` } })),
  };
  await w.engine.perform(w.drb, id, 'write-report', parameters({ name: 'composition', resource: composition }));
  const draft = (b: Bundle) => b.entry!.some((e) => e.resource!.resourceType === 'Composition');
  expect([draft(await w.engine.bundle(w.dra, id)), draft(await w.engine.bundle(w.drb, id))]).toEqual([false, true]);
  await w.engine.perform(w.drb, id, 'sign-report', parameters({ name: 'code', valueString: '123456' }));
  expect(state(await w.engine.perform(w.drb, id, 'publish-report', undefined))).toBe('reported');
  expect(draft(await w.engine.bundle(w.dra, id))).toBe(true);
  expect(draft(await w.engine.bundle(w.patient, id))).toBe(true);
  await w.engine.perform(w.drb, id, 'correct-report', parameters({ name: 'reason', valueString: 'typing error' }));
  await w.engine.perform(w.drb, id, 'write-report', parameters({ name: 'composition', resource: composition }));
  const versions = async (ctx: RequestContext) => (await w.engine.bundle(ctx, id)).entry!.filter((e) => e.resource!.resourceType === 'Composition').length;
  expect([await versions(w.dra), await versions(w.patient), await versions(w.drb)]).toEqual([1, 1, 2]);
  await w.engine.perform(w.drb, id, 'sign-report', parameters({ name: 'code', valueString: '123456' }));
  await w.engine.perform(w.drb, id, 'publish-report', undefined);
  expect([await versions(w.dra), await versions(w.patient)]).toEqual([2, 2]);
  const evaluation: Resource = { resourceType: 'QuestionnaireResponse', status: 'completed', item: [{ linkId: 'score', answer: [{ valueInteger: 5 }] }] };
  await w.engine.perform(w.dra, id, 'evaluate', parameters({ name: 'evaluation', resource: evaluation }));
  await w.engine.perform(w.dra, id, 'plan-follow-up', parameters({ name: 'task', part: [{ name: 'description', valueString: 'Control ECG' }, { name: 'due', valueDate: '2026-04-01' }] }));
  expect(state(await w.engine.perform(w.dra, id, 'close', undefined))).toBe('closed');
  const followUp = (await w.engine.bundle(w.dra, id)).entry!.map((e) => e.resource!).find((r) => r.resourceType === 'Task' && codeIn(r.code, systems.task) === 'follow-up')!;
  await w.engine.perform(w.dra, id, 'complete-follow-up', parameters({ name: 'task', valueReference: { reference: `Task/${followUp.id}` } }, { name: 'result', valueString: 'normal' }));
  const acts = (await w.engine.bundle(w.dra, id)).entry!.map((e) => e.resource!).filter((r) => r.resourceType === 'Provenance').map((r) => codeIn(r.activity, systems.action));
  expect(acts).toEqual(expect.arrayContaining(['open-case', 'save-form', 'invite', 'add-material', 'submit', 'accept', 'agree-time', 'sign-report', 'correct-report', 'evaluate', 'complete-follow-up']));
  expect(acts).not.toContain('join-session');
  expect((await db.query('select score, minutes from process.case_event where score is not null')).rows).toEqual([{ score: 5, minutes: null }]);
});

test('nobody but the two sides sees the case, and the invitee sees of the record only what was sent', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b']);
  expect(await failure(w.engine.bundle(w.drc, id))).toBe('not-found:not-found');
  expect(await failure(w.engine.offers(w.drc, id))).toBe('not-found:not-found');
  expect(await failure(w.repository.read(w.drb, 'Observation', 'o'))).toBe('done');
  expect(await failure(w.repository.read(w.drb, 'Observation', 'hidden'))).toBe('not-found:not-found');
  expect(await failure(w.repository.read(w.drb, 'Patient', 'p'))).toBe('done');
  expect(await failure(w.engine.offers(w.coordinator, id))).toBe('done');
  await w.engine.perform(w.dra, id, 'remove-material', parameters({ name: 'item', valueReference: { reference: 'Observation/o' } }));
  expect(await failure(w.repository.read(w.drb, 'Observation', 'o'))).toBe('not-found:not-found');
  expect(await failure(w.repository.update(w.dra, JSON.parse((await w.repository.read(w.dra, 'Task', id)).text) as Resource))).toBe('forbidden:use-an-operation');
});

test('of two people who act on one case at once, one wins and the other is told', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b', 'c']);
  const results = await Promise.all([failure(w.engine.perform(w.drb, id, 'accept', undefined)), failure(w.engine.perform(w.drc, id, 'accept', undefined))]);
  expect(results.toSorted()).toEqual(['conflict:invitation-over', 'done']);
  const version = Number((await w.repository.read(w.dra, 'Task', id)).version);
  expect(await failure(w.engine.perform(w.dra, id, 'cancel', parameters({ name: 'reason', valueString: 'x' }), version - 1))).toBe('precondition-failed:case-moved-on');
});

test('an expert is not booked twice for one time, whichever case asks first', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const [one, two] = [await submitted(w, ['b']), await submitted(w, ['b'])];
  for (const id of [one, two]) await w.engine.perform(w.drb, id, 'accept', undefined);
  const propose = (id: string, at: string) => w.engine.perform(w.drb, id, 'propose-time', parameters({ name: 'start', valueDateTime: at }));
  const results = await Promise.all([failure(propose(one, '2026-03-03T09:00:00Z')), failure(propose(two, '2026-03-03T09:15:00Z'))]);
  expect(results.toSorted()).toEqual(['conflict:double-booking', 'done']);
  const refused = results[0] === 'done' ? two : one;
  expect(state(await w.repository.read(w.dra, 'Task', refused).then((r) => JSON.parse(r.text)))).toBe('accepted');
  await propose(refused, '2026-03-03T10:00:00Z');
});
