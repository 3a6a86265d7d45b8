/** The story that Bedside is for: a district doctor asks, a specialist answers, a patient reads the answer. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accept, agreeTime, refuseAnother } from './support/story/agreement.ts';
import { closeCase, readFigures, readResources } from './support/story/closing.ts';
import { drawTogether } from './support/story/board.ts';
import { tellStory, type StoryState } from './support/case.ts';
import { apply, change, withdrawAnother } from './support/story/application.ts';
import { patientName, readRecord } from './support/story/record.ts';
import { doctorsMeet, endMeeting, networkFails, patientComes, talk } from './support/story/meeting.ts';
import { anybodyChecks, correctReport, patientReads, readReport, writeReport } from './support/story/report.ts';
import { openWorld, type World } from './support/story/world.ts';

let world: World;
let a: Page;
let b: Page;
let coordinator: Page;
let patient: Page;
let caseId: string;
/** When a step is run alone, those before it are taken over HTTP. */
async function reached(state: StoryState): Promise<void> {
  b ??= await world.open('b', 'dr-b');
  patient ??= await world.open('patient');
  caseId ??= (await tellStory(world.server, state)).id;
}
beforeAll(async () => {
  world = await openWorld();
  a = await world.open('a', 'dr-a');
});
// Each step stands on the one before.
let failed: string | undefined;
beforeEach((context) => { if (failed !== undefined) context.skip(`after the failure of "${failed}"`); });
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  failed = task.name;
  await world.show();
});
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

test('4: the three meet: devices, waiting room, consent, pictures and sound both ways, screen, a broken network', async () => {
  await reached('agreed');
  const link = await doctorsMeet(world, a, b, caseId);
  expect(link).toMatch(/\/oauth\/link\/[A-Za-z0-9_-]{43}$/);
  await patientComes(world, a, b, patient, link, caseId);
  await talk(world, a, b, patient, caseId);
  await networkFails(a, b);
  world.complaints(); // what a browser says of a network that is away is forgotten
});

test('5: in the room they look at the record and draw on one board', async () => {
  await drawTogether(world, a, b, caseId);
  await endMeeting(world, a, b, patient, caseId);
  expect(world.complaints()).toEqual([]);
});

test('6: the report is written, signed, published; doctor and patient read it, anybody checks it; a correction is a version of its own', async () => {
  await reached('ended');
  const used = await writeReport(world, b, caseId);
  const { code } = await readReport(world, a, caseId);
  await patientReads(world, await world.open('patient', 'patient-p'));
  await anybodyChecks(world, code, 'genuine');
  const newer = await correctReport(world, a, b, caseId, used);
  await anybodyChecks(world, code, 'replaced');
  await anybodyChecks(world, newer, 'genuine');
  expect(world.complaints()).toEqual([]);
});

test('7: the doctor rates, plans what follows and closes; the figures tell; all of it is there in FHIR', async () => {
  await reached('published');
  await closeCase(world, a, caseId);
  await readFigures(world, a);
  await readResources(world, caseId);
  expect(world.complaints()).toEqual([]);
});
