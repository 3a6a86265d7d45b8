/** The story that Bedside is for: a district doctor asks, a specialist answers, a patient reads the answer. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accept, agreeTime, refuseAnother } from './support/story/agreement.ts';
import { apply, change, withdrawAnother } from './support/story/application.ts';
import { patientName, readRecord } from './support/story/record.ts';
import { openWorld, type World } from './support/story/world.ts';

let world: World;
let a: Page;
let b: Page;
let coordinator: Page;
let caseId: string;
beforeAll(async () => {
  world = await openWorld();
  a = await world.open('a', 'dr-a');
});
afterEach(async ({ task }) => { if (task.result?.state === 'fail') await world.show(); });
afterAll(async () => { await world?.[Symbol.asyncDispose](); });

test('1: the doctor reads the record: summary, laboratory, documents, images, electrocardiogram', async () => {
  await world.look(a, 'home');
  await readRecord(world, a);
  expect(world.complaints()).toEqual([]);
});

test('2: the doctor asks a specialist: form, experts, materials, a change, a withdrawal', async () => {
  [b, coordinator] = [await world.open('b', 'dr-b'), await world.open('coordinator', 'coordinator-b')];
  for (const page of [b, coordinator]) {
    await page.goto(`${world.server.url}/cases`);
    await page.getByText('No consultations here').waitFor();
    await page.evaluate(() => { document.body.dataset['opened'] = 'before'; });
  }
  await a.goto(`${world.server.url}/patients/demo-patient-01`);
  caseId = await apply(world, a);
  for (const page of [b, coordinator]) {
    await page.getByRole('link', { name: new RegExp(patientName) }).waitFor({ timeout: 5_000 });
    expect(await page.evaluate(() => document.body.dataset['opened'])).toBe('before');
  }
  await change(world, a);
  await withdrawAnother(a);
  expect(world.complaints()).toEqual([]);
});

test('3: the specialist receives, asks back, accepts; a time is agreed in both time zones', async () => {
  await refuseAnother(world, a, b);
  await accept(world, a, b, caseId);
  await agreeTime(world, a, b, caseId);
  expect(world.complaints()).toEqual([]);
});
