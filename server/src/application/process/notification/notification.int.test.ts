import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bundle } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { createJobRunner, type JobRunner } from '../../../kernel/index.ts';
import { testDatabase } from '../../../kernel/testing.ts';
import { teleconsultation } from '../../teleconsultation/index.ts';
import { parameters, submitted, world, worldMigrations, type World } from '../testing-world.ts';
import { mailJobs, mailMigrations, openMailTransport, reminderJobs } from './index.ts';

const until = async (done: () => Promise<boolean> | boolean): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    if (await done()) return;
    await sleep(100);
  }
  throw new Error('it did not happen within 30 s');
};

function handlers(w: World, db: Parameters<typeof mailJobs>[0]['db'], jobs: JobRunner, outbox: string) {
  const system = () => w.system;
  return [
    ...reminderJobs({ repository: w.repository, jobs, clock: w.clock, definitions: [teleconsultation], system }),
    ...mailJobs({
      db, repository: w.repository, engine: w.engine, jobs, system, linkOf: (id) => `https://bedside.example/cases/${id}`,
      delivery: { db, clock: w.clock, organizer: { name: 'Bedside', email: 'no-reply@bedside.example' }, transport: openMailTransport({ smtpUrl: '', from: 'Bedside <no-reply@bedside.example>', outboxFolder: outbox }) },
      readersOf: async (to) => to.filter((r) => r.startsWith('PractitionerRole/')).map((r) => ({ accountId: r, locale: 'fr', timeZone: 'Asia/Shanghai', profile: `Practitioner/p-${r.split('/')[1]}` })),
    }),
  ];
}

test('an agreed time is mailed with a calendar entry, and its reminder comes after a restart, once', async () => {
  await using db = await testDatabase([...worldMigrations, ...mailMigrations]);
  const outbox = mkdtempSync(join(tmpdir(), 'bedside-outbox-'));
  const errors: Error[] = [];
  const open = () => createJobRunner(db.connectionString, (error) => { errors.push(error); });
  let jobs = open();
  const w = await world(db, { enqueue: (...a) => jobs.enqueue(...a), cancel: (...a) => jobs.cancel(...a) });
  for (const id of ['p-a', 'p-b']) await w.repository.update(w.system, { resourceType: 'Practitioner', id, name: [{ family: id }], telecom: [{ system: 'email', value: `${id}@example.org` }] });
  // Real jobs look at the real clock for when they are due; the case's clock goes with it.
  w.clock.set(new Date());
  await jobs.start(handlers(w, db, jobs, outbox));
  const id = await submitted(w, ['b']);
  await w.engine.perform(w.drb, id, 'accept', undefined);
  const start = new Date(Date.now() + 10 * 60_000 + 6_000);
  await w.engine.perform(w.drb, id, 'propose-time', parameters({ name: 'start', valueDateTime: start.toISOString() }));
  await w.engine.perform(w.dra, id, 'agree-time', undefined);
  const mails = (): string[] => readdirSync(outbox).filter((f) => f.endsWith('.eml')).map((f) => readFileSync(join(outbox, f), 'utf8'));
  await until(() => mails().filter((m) => /METHOD[:=]"?REQUEST/i.test(m)).length === 2);
  expect(mails().some((m) => m.includes('Chest pain'))).toBe(false);
  await jobs.stop();

  jobs = open();
  await jobs.start(handlers(w, db, jobs, outbox));
  const reminders = async (): Promise<number> => (JSON.parse(await w.repository.search(w.dra, 'Communication', '_count=100')) as Bundle).entry?.filter((e) => e.resource?.resourceType === 'Communication' && e.resource.topic?.coding?.[0]?.code === 'reminder').length ?? 0;
  await until(async () => (await reminders()) === 1);
  await sleep(1_500);
  expect(await reminders()).toBe(1);
  await jobs.stop();
  expect(errors).toEqual([]);
});
