/** Step 3: what was asked arrives, is found, answered; a time is agreed. */
import { createHash } from 'node:crypto';
import type { Appointment, Bundle, DocumentManifest, DocumentReference, Provenance, Task } from '@medplum/fhirtypes';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { firstOf, tellStory } from '../case.ts';
import { finalQuestion, uploadedText } from './application.ts';
import { invitations } from './mails.ts';
import { patientName } from './record.ts';
import { act, go, pickInstant, stands, tab } from './screens.ts';
import type { World } from './world.ts';

/** Narrows the list by state, patient, institution and day. */
export async function filterCases(world: World, page: Page): Promise<void> {
  const other = 'Fatuma Hassan';
  await go(page, 'Consultations');
  const row = (name: string) => page.getByRole('link', { name: new RegExp(name) });
  await row(other).waitFor();
  await row(patientName).waitFor();
  await page.getByRole('button', { name: 'Filter' }).click();
  const choose = async (field: string, option: string | RegExp): Promise<void> => {
    await page.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option }).first().click();
  };
  await page.getByRole('combobox', { name: 'Patient' }).fill('Mwangi');
  await page.getByRole('option', { name: new RegExp(patientName) }).click();
  await row(other).waitFor({ state: 'detached' });
  await row(patientName).waitFor();
  await choose('State', 'Accepted');
  await row(patientName).waitFor({ state: 'detached' });
  await choose('State', 'Requested');
  await row(patientName).waitFor();
  await choose('Institution', /^Lakeside/);
  await row(patientName).waitFor({ state: 'detached' });
  await choose('Institution', /^Riverbend/);
  await row(patientName).waitFor();
  await world.look(page, 'cases');
  const today = new Date().toISOString().slice(0, 10);
  await page.goto(`${page.url()}&from=${today}`);
  await row(patientName).waitFor();
  await page.goto(page.url().replace(`from=${today}`, 'until=2020-01-01'));
  await page.getByText('No consultations here').waitFor();
}

/** Another application is refused, with a reason that the doctor who asked reads. */
export async function refuseAnother(world: World, a: Page, b: Page): Promise<void> {
  const { id } = await tellStory(world.server, 'applied', { patient: 'Patient/demo-patient-02', imaging: false });
  await go(b, 'Home');
  await b.getByRole('link', { name: /Fatuma Hassan/ }).first().waitFor();
  await world.look(b, 'home-expert');
  await filterCases(world, b);
  await b.goto(`${world.server.url}/cases/${id}`);
  await act(b, 'Refuse', { Reason: 'A question for nephrology rather than for the chest clinic' });
  await a.goto(`${world.server.url}/cases/${id}`);
  await stands(a, 'Refused');
  await a.getByText('A question for nephrology rather than for the chest clinic').first().waitFor();
}

/** Receipt, a question back, acceptance. Both screens stay open: each change appears by itself. */
export async function accept(world: World, a: Page, b: Page, caseId: string): Promise<void> {
  await a.goto(`${world.server.url}/cases/${caseId}`);
  await go(b, 'Consultations');
  await b.getByRole('link', { name: new RegExp(patientName) }).click();
  await b.getByText(finalQuestion).first().waitFor();
  await tab(b, 'Materials');
  await b.getByRole('button', { name: 'Acknowledge receipt' }).click();
  await b.getByText(/Received by .*Chen/).waitFor();
  await world.look(b, 'package');
  await tab(b, 'History');
  await b.getByText('“equal”').waitFor();
  await equalOnArrival(world, caseId);

  await act(b, 'Ask for more', { 'What do you need?': 'When was the last dose of apixaban?' });
  await stands(a, 'More wanted');
  await a.getByText('When was the last dose of apixaban?').first().waitFor();
  await act(a, 'Answer and send', { 'Your answer': 'This morning at seven.' });
  await stands(b, 'Requested');
  await b.getByText('This morning at seven.').waitFor();
  await act(b, 'Accept', { 'Message (optional)': 'Gladly. Let us look at the images together.' });
  await stands(a, 'Accepted');
}

/** The receipt says so; and whoever asks for the bytes finds the very hash that was sent. */
async function equalOnArrival(world: World, caseId: string): Promise<void> {
  const b = await world.server.as('dr-b');
  const task = await b.fhir<Task>('GET', `Task/${caseId}`);
  const sent = task.input!.find((one) => one.type.coding?.[0]?.code === 'package')!.valueReference!.reference!;
  const manifest = await b.fhir<DocumentManifest>('GET', sent);
  expect(manifest.related).toHaveLength(5);
  const receipt = firstOf<Provenance>(await b.fhir<Bundle>('GET', `Provenance?target=Task/${caseId}&_sort=-recorded&_count=1`));
  expect(receipt.activity?.coding?.[0]?.code).toBe('acknowledge-materials');
  expect(receipt.reason?.[0]?.text).toBe('equal');
  const hashes = manifest.related!.map((one) => one.identifier?.value);
  expect(hashes).toContain(createHash('sha256').update(uploadedText).digest('hex'));
  for (const { ref } of manifest.related!.filter((one) => one.ref?.reference?.startsWith('DocumentReference/'))) {
    const document = await b.fhir<DocumentReference>('GET', ref!.reference!);
    const bytes = await fetch(`${world.server.url}/fhir/${document.content[0]!.attachment.url}`, { headers: { authorization: `Bearer ${await b.token()}`, accept: '*/*' } });
    expect(hashes).toContain(createHash('sha256').update(new Uint8Array(await bytes.arrayBuffer())).digest('hex'));
  }
}

/** First a free time of the expert's schedule, then an earlier one by hand; each proposed by one side and agreed by the other. */
export async function agreeTime(world: World, a: Page, b: Page, caseId: string): Promise<void> {
  const reader = await world.server.as('dr-a');
  const appointment = async (): Promise<Appointment> => reader.fhir<Appointment>('GET', (await reader.fhir<Task>('GET', `Task/${caseId}`)).output!.find((one) => one.type.coding?.[0]?.code === 'appointment')!.valueReference!.reference!);
  await tab(a, 'Request');
  await tab(b, 'Request');
  await a.getByRole('button', { name: 'Propose a time' }).click();
  const dialog = a.getByRole('dialog', { name: 'Propose a time' });
  await dialog.getByText('in brackets: Shanghai').waitFor();
  const time = /^\d\d:\d\d/;
  const next = dialog.getByRole('button', { name: 'Week after' }).first();
  await dialog.getByRole('button', { name: time }).or(dialog.getByText('No free time in this week')).first().waitFor();
  if (await dialog.getByRole('button', { name: time }).count() === 0) await next.click();
  await dialog.getByRole('button', { name: time }).first().click();
  await dialog.getByText(/with .*Chen|for .*Chen|Chen/).first().waitFor();
  await world.look(a, 'time');
  await dialog.getByRole('button', { name: 'Propose a time' }).click();
  await dialog.waitFor({ state: 'detached' });
  await act(b, 'Agree to the time');
  await stands(a, 'Scheduled');
  await world.look(a, 'scheduled');
  const first = await appointment();
  expect(first.status).toBe('booked');
  expect(first.slot).toHaveLength(1);
  await saysWhen(a, first.start!, 'Africa/Nairobi', 'Asia/Shanghai');
  await saysWhen(b, first.start!, 'Asia/Shanghai', 'Africa/Nairobi');
  const both = ['amina-odhiambo@', 'chen-liwen@'];
  const mails = await invitations(world.server.data, first.id!, both);
  keepsQuiet(mails.map((mail) => mail.whole));
  for (const mail of mails) expect(mail.calendar).toMatch(/METHOD:REQUEST/);

  const soon = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 4 * 60_000);
  await proposeByHand(world, b, soon);
  await act(a, 'Agree to the time');
  await stands(b, 'Scheduled');
  const second = await appointment();
  expect(second).toMatchObject({ id: first.id, status: 'booked' });
  expect(Date.parse(second.start!)).toBe(soon.getTime());
  const changed = await invitations(world.server.data, first.id!, both, Number(/SEQUENCE:(\d+)/.exec(mails[0]!.calendar!)![1]));
  for (const mail of changed) expect(mail.calendar).toContain('METHOD:REQUEST');
}

/** Proposes another time than those of the schedule. */
async function proposeByHand(world: World, page: Page, at: Date): Promise<void> {
  await page.getByRole('button', { name: 'Propose a time' }).click();
  const dialog = page.getByRole('dialog', { name: 'Propose a time' });
  await dialog.getByRole('button', { name: 'Another time' }).click();
  await pickInstant(page, dialog.getByRole('button', { name: 'Start' }), at, 'Asia/Shanghai');
  await world.look(page);
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Minutes' }).fill('20');
  await dialog.getByRole('button', { name: 'Propose a time' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Both zones stand on the screen. */
async function saysWhen(page: Page, start: string, own: string, other: string): Promise<void> {
  const time = (timeZone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(new Date(start));
  await page.getByText(new RegExp(time(own))).first().waitFor();
  await page.getByText(new RegExp(time(other))).first().waitFor();
}

/** Nothing of the patient in what leaves the house. */
function keepsQuiet(texts: readonly string[]): void {
  for (const text of texts) expect(text).not.toMatch(/Mwangi|Joseph|nodule|apixaban|DEMO-01|1963/i);
}
