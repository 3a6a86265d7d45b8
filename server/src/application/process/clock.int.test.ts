import type { Bundle, Task } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { testDatabase } from '../../kernel/testing.ts';
import { teleconsultation } from '../teleconsultation/index.ts';
import { reminderJobs } from './notification/index.ts';
import { parameters, state, submitted, world, worldMigrations } from './testing-world.ts';

test('a case goes on while the clock jumps back and forth: its versions stay in order and none is lost', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b']);
  w.clock.set('2026-03-01T00:00:00Z'); // a day and a half back
  expect(state(await w.engine.perform(w.drb, id, 'accept', undefined))).toBe('accepted');
  w.clock.set('2026-03-05T00:00:00Z');
  await w.engine.perform(w.drb, id, 'propose-time', parameters({ name: 'start', valueDateTime: '2026-03-06T09:00:00Z' }));
  w.clock.set('2026-03-04T00:00:00Z');
  expect(state(await w.engine.perform(w.dra, id, 'agree-time', undefined))).toBe('scheduled');
  const history = JSON.parse(await w.repository.history(w.dra, { type: 'Task', id }, '_count=100')) as Bundle;
  const versions = history.entry!.map((e) => (e.resource as Task).meta!);
  expect(versions.map((m) => Number(m.versionId))).toEqual(versions.map((_, i) => versions.length - i));
  const instants = versions.map((m) => Date.parse(m.lastUpdated!));
  expect(instants).toEqual(instants.toSorted((x, y) => y - x));
  expect(new Set(instants).size).toBe(instants.length);
});

test('a reminder whose time was jumped over reminds nobody of what is past; one that runs twice reminds once', async () => {
  await using db = await testDatabase(worldMigrations);
  const w = await world(db);
  const id = await submitted(w, ['b']);
  await w.engine.perform(w.drb, id, 'accept', undefined);
  await w.engine.perform(w.drb, id, 'propose-time', parameters({ name: 'start', valueDateTime: '2026-03-03T09:00:00Z' }));
  await w.engine.perform(w.dra, id, 'agree-time', undefined);
  const run = reminderJobs({ repository: w.repository, jobs: { enqueue: async () => undefined, cancel: async () => undefined }, clock: w.clock, definitions: [teleconsultation], system: () => w.system })[0]!;
  const reminders = async (): Promise<number> => (JSON.parse(await w.repository.search(w.dra, 'Communication', '_count=100')) as Bundle).entry?.filter((e) => JSON.stringify(e.resource).includes('"reminder"')).length ?? 0;
  const job = { caseId: id, minutes: 60, start: '2026-03-03T09:00:00.000Z' };
  w.clock.set('2026-03-03T10:00:00Z');
  await run.run(job);
  expect(await reminders()).toBe(0);
  w.clock.set('2026-03-03T08:00:00Z');
  await run.run(job);
  await run.run(job);
  expect(await reminders()).toBe(1);
});
