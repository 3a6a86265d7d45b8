/** Step 4: the three meet by video. */
import type { Bundle, Communication, Consent, Encounter, Task } from '@medplum/fhirtypes';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../room-calls.ts';
import { risesFrom } from './media.ts';
import { patientName } from './record.ts';
import { stands, take } from './screens.ts';
import type { World } from './world.ts';

export const control = (page: Page, name: string): Locator => page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name, exact: true });
const tile = (page: Page, name: string | RegExp): Locator => page.getByRole('figure', { name });
export const inside = (page: Page): Locator => page.locator('main.room[data-connected=true]');
const join = async (page: Page): Promise<void> => {
  // Which grade it gets depends on how busy the machine is.
  await page.getByRole('row', { name: /Packet loss/ }).waitFor();
  await page.getByRole('button', { name: 'Join the meeting' }).click();
};

/** Device check, then both doctors are in the room and see and hear each other. */
export async function doctorsMeet(world: World, a: Page, b: Page, caseId: string): Promise<string> {
  for (const page of [a, b]) await page.goto(`${world.server.url}/cases/${caseId}`);
  const bar = a.getByRole('region', { name: 'Your next step' });
  await bar.getByRole('button', { name: 'Join' }).waitFor();
  const link = await patientLink(world, a);
  for (const page of [a, b]) await take(page, 'Join');
  await a.getByRole('progressbar', { name: 'Loudness of your microphone' }).waitFor();
  await until('the meter moves', async () => Number(await a.getByRole('progressbar', { name: 'Loudness of your microphone' }).getAttribute('aria-valuenow')) > 3);
  await until('the own picture moves', async () => await a.getByLabel('Your own picture').evaluate((video) => (video as HTMLVideoElement).videoWidth) > 0);
  await a.getByRole('row', { name: /Packet loss/ }).waitFor();
  const row = (name: string): Locator => a.getByRole('row', { name: new RegExp(name) });
  for (const [quantity, limit] of [['Delay', '50'], ['Jitter', '20'], ['Packet loss', '5']] as const) expect(await row(quantity).innerText()).toContain(limit);
  await world.look(a, 'device-check');
  await Promise.all([join(a), join(b)]);
  await Promise.all([inside(a).waitFor(), inside(b).waitFor()]);
  await Promise.all([risesFrom(a, 'the specialist at the doctor', 1), risesFrom(b, 'the doctor at the specialist', 1)]);
  return link;
}

async function patientLink(world: World, page: Page): Promise<string> {
  await take(page, 'Link for the patient');
  const dialog = page.getByRole('dialog', { name: 'Link for the patient' });
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await world.look(page);
  await dialog.getByRole('button', { name: 'Close' }).click();
  return link;
}

/** Link, device check, waiting room, consent: only then is the patient seen. */
export async function patientComes(world: World, a: Page, b: Page, patient: Page, link: string, caseId: string): Promise<void> {
  const reader = await world.server.as('dr-a');
  const consents = async (): Promise<Consent[]> => ((await reader.fhir<Bundle>('GET', `Consent?patient=demo-patient-01&_tag=urn:bedside:case|${caseId}`)).entry ?? []).map((entry) => entry.resource as Consent);
  await patient.goto(link);
  await world.look(patient);
  await patient.getByRole('button', { name: 'Enter the waiting room' }).click();
  await patient.getByRole('heading', { name: 'Check your equipment' }).waitFor();
  await world.look(patient);
  await join(patient);
  await patient.getByRole('heading', { name: 'Please wait' }).waitFor();
  await world.look(patient, 'waiting-room');
  await a.getByText(`${patientName} would like to come in.`).waitFor();
  await a.getByRole('button', { name: 'Let in' }).first().click();
  const agree = patient.getByRole('dialog').getByRole('button', { name: 'I agree' });
  await agree.waitFor();
  await world.look(patient, 'consent');
  await tile(a, patientName).getByText('Waiting for consent').waitFor();
  await risesFrom(a, 'nobody but the specialist before consent', 1);
  expect(await consents()).toEqual([]);
  await agree.click();
  await Promise.all([risesFrom(a, 'specialist and patient at the doctor', 2), risesFrom(b, 'doctor and patient at the specialist', 2), risesFrom(patient, 'both doctors at the patient', 2)]);
  const [given, ...more] = await consents();
  expect(more).toEqual([]);
  expect(given).toMatchObject({ status: 'active', category: [{ coding: [{ code: 'picture' }] }] });
  await world.look(a, 'room');
  await world.look(patient, 'room-patient');
  // The link worked once: another browser is turned away.
  const stranger = await world.open('stranger');
  await stranger.goto(link);
  await stranger.getByRole('heading', { name: 'This link was used already' }).waitFor();
  await world.look(stranger);
  await stranger.close();
}

/** Screen, microphone, hand and chat. */
export async function talk(world: World, a: Page, b: Page, patient: Page, caseId: string): Promise<void> {
  await control(a, 'Share screen').click();
  await b.getByText(/^Screen of .*Odhiambo/).first().waitFor();
  await risesFrom(b, 'the shared screen is a stream beside the cameras', 2, 1);
  await risesFrom(patient, 'the shared screen at the patient', 2, 1);
  await control(a, 'Stop sharing').click();
  await b.getByText(/^Screen of .*Odhiambo/).first().waitFor({ state: 'detached' });

  await control(b, 'Mute').click();
  await tile(a, /Chen/).getByText('Microphone off').waitFor();
  await control(b, 'Unmute').click();
  await tile(a, /Chen/).getByText('Microphone off').waitFor({ state: 'detached' });
  await control(a, 'People').click();
  await world.look(a);
  await a.getByRole('button', { name: `Mute ${patientName}` }).click();
  await control(patient, 'Unmute').waitFor();
  await patient.getByText('The host muted you.').waitFor();
  await control(patient, 'Unmute').click();
  await control(patient, 'Raise hand').click();
  await tile(b, patientName).getByText('Hand raised').waitFor();
  await control(patient, 'Lower hand').click();
  await tile(b, patientName).getByText('Hand raised').waitFor({ state: 'detached' });

  await b.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name: /Chat/ }).click();
  await b.getByLabel('Your message').fill('Good morning. I see the nodule.');
  await b.getByLabel('Your message').press('Enter');
  for (const page of [a, patient]) {
    await page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name: /Chat/ }).click();
    await page.getByRole('log', { name: 'Chat' }).getByText('Good morning. I see the nodule.').waitFor();
  }
  await world.look(patient);
  await patient.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name: /Chat/ }).click();
  const reader = await world.server.as('dr-a');
  const lines = (await reader.fhir<Bundle>('GET', `Communication?category=urn:bedside:communication|chat&_tag=urn:bedside:case|${caseId}`)).entry ?? [];
  expect(lines.map((entry) => (entry.resource as Communication).payload?.[0]?.contentString)).toEqual(['Good morning. I see the nodule.']);
}

/** The network of one goes away for some seconds and comes back. */
export async function networkFails(a: Page, b: Page): Promise<void> {
  await b.context().setOffline(true);
  await b.evaluate(() => { for (const socket of window.sockets) if (socket.url.includes('/room')) socket.close(); });
  await b.getByText('The connection was lost. Reconnecting; your place is kept.').waitFor();
  await tile(a, /Chen/).getByText('Connection lost').waitFor();
  await b.context().setOffline(false);
  await b.getByText('The connection was lost. Reconnecting; your place is kept.').waitFor({ state: 'detached' });
  await inside(b).waitFor();
  await tile(a, /Chen/).getByText('Connection lost').waitFor({ state: 'detached' });
  await Promise.all([risesFrom(a, 'everybody at the doctor again', 2), risesFrom(b, 'everybody at the specialist again', 2)]);
}

/** The host ends it for all; who was there, and how long, stands in the Encounter. */
export async function endMeeting(world: World, a: Page, b: Page, patient: Page, caseId: string): Promise<void> {
  await control(b, 'Leave').click();
  await world.look(b);
  await b.getByRole('button', { name: 'End for everyone' }).click();
  await a.getByRole('heading', { name: 'The meeting has ended' }).waitFor();
  await patient.getByRole('heading', { name: 'Thank you' }).waitFor();
  await world.look(patient);
  await b.waitForURL(new RegExp(`/cases/${caseId}$`));
  await stands(b, 'Held');
  const reader = await world.server.as('dr-a');
  const task = await reader.fhir<Task>('GET', `Task/${caseId}`);
  const encounter = await reader.fhir<Encounter>('GET', task.output!.find((one) => one.type.coding?.[0]?.code === 'session')!.valueReference!.reference!);
  expect(encounter).toMatchObject({ status: 'finished', class: { code: 'VR' } });
  expect(new Set(encounter.participant!.map((one) => one.individual?.display))).toEqual(new Set(['Dr. Amina Odhiambo', 'Prof. Liwen Chen', patientName]));
  await until('everybody has a time of leaving', async () => (await reader.fhir<Encounter>('GET', `Encounter/${encounter.id}`)).participant!.every((one) => one.period?.start !== undefined && one.period.end !== undefined && one.period.end >= one.period.start));
}
