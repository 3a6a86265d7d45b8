/** Step 1: the record of the patient, as a doctor reads it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../room-calls.ts';
import type { World } from './world.ts';

/** A picture as the page draws it now, as a number that changes with any pixel. */
export const fingerprint = async (place: Locator): Promise<string> => {
  const bytes = await place.screenshot({ animations: 'disabled' });
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
};

/** How many clearly different colours a canvas holds; nothing drawn is one. */
export const coloursOf = (canvas: Locator): Promise<number> => canvas.evaluate((element) => {
  const given = element as HTMLCanvasElement;
  const copy = document.createElement('canvas');
  copy.width = given.width;
  copy.height = given.height;
  const context = copy.getContext('2d')!;
  context.drawImage(given, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  const seen = new Set<number>();
  for (let at = 0; at < data.length; at += 16) seen.add(((data[at]! >> 4) << 8) | ((data[at + 1]! >> 4) << 4) | (data[at + 2]! >> 4) | ((data[at + 3]! >> 7) << 12));
  return seen.size;
});

export const patientName = 'Joseph Mwangi';

export async function readRecord(world: World, page: Page): Promise<void> {
  const part = (name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
  const panel = page.getByRole('tabpanel');
  const item = (name: string | RegExp): Locator => panel.getByRole('button', { name });

  await page.getByRole('navigation', { name: 'Main navigation' }).first().getByRole('link', { name: 'Patients' }).click();
  await page.getByRole('link', { name: /Wanjiku Kamau/ }).first().waitFor();
  await world.look(page, 'patients');
  await page.getByLabel('Find a patient').fill('Mwangi');
  await page.getByRole('link', { name: /Wanjiku Kamau/ }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: new RegExp(patientName) }).first().click();
  await page.getByRole('heading', { level: 1, name: patientName }).waitFor();
  await panel.getByText('Solitary pulmonary nodule, right upper lobe').waitFor();
  await panel.getByText('Apixaban 5 mg tablet').waitFor();
  await panel.getByText('C-reactive protein').waitFor();
  await page.getByRole('alert', { name: 'Allergies' }).getByText('Allergy to penicillin').waitFor();
  await world.look(page, 'record');

  await part('Timeline');
  await panel.getByText('Cough for ten weeks', { exact: false }).waitFor();
  await world.look(page);
  await part('Problems');
  await panel.getByText('Type 2 diabetes mellitus').waitFor();
  await world.look(page);
  await part('Medication');
  await panel.getByText('Metformin 850 mg tablet').first().waitFor();
  await world.look(page);

  await part('Laboratory');
  const glucose = page.getByRole('article', { name: 'Fasting glucose' });
  await glucose.locator('canvas').waitFor();
  await expect.poll(() => coloursOf(glucose.locator('canvas'))).toBeGreaterThan(3);
  await glucose.getByRole('button', { name: /Table \(\d+ values\)/ }).click();
  await expect.poll(() => glucose.getByRole('table').getByRole('row').count()).toBeGreaterThan(5);
  await world.look(page, 'laboratory');

  await part('Documents');
  await item(/Report of the CT of the chest/).click();
  await panel.getByRole('document').getByText(/nodule/i).first().waitFor();
  await world.look(page);
  await item(/Summary of the record \(C-CDA\)/).click();
  await panel.getByRole('article').getByText(/penicillin/i).first().waitFor();
  await world.look(page, 'document');

  await part('Images');
  await item(/CT of the chest/).click();
  await readSeries(panel, 60);
  await world.look(page, 'images');

  await part('ECG');
  await readEcg(panel, /ECG with leads I, II, III, aVR, aVL, aVF, V1, V2, V3, V4, V5, and V6, 10 s at 250 Hz/);
  await item(/Electrocardiogram, 12 leads/).click();
  await readEcg(panel, /ECG with leads I, II, III, aVR, aVL, aVF, V1, V2, V3, V4, V5, and V6, 10 s at 500 Hz/);
  await world.look(page, 'ecg');
}

/** The strip is drawn: paper, grid and curve. */
export async function readEcg(place: Locator, about: RegExp): Promise<void> {
  const paper = place.getByRole('img', { name: about });
  await paper.waitFor();
  await until('the strip is drawn', async () => await coloursOf(paper) > 4);
}

/** The images go by and take another window: pixels change. */
export async function readSeries(place: Locator, count: number): Promise<void> {
  const stage = place.getByRole('application');
  const picture = stage.locator('canvas').first();
  await stage.and(place.page().locator('[data-rendered=true]')).waitFor();
  await place.getByText(`Image 1 of ${count}`).first().waitFor();
  const first = await fingerprint(picture);
  await stage.focus();
  await stage.press('Shift+ArrowDown');
  await place.getByText(`Image 11 of ${count}`).first().waitFor();
  await until('another image is drawn', async () => await fingerprint(picture) !== first);
  await stage.hover();
  await place.page().mouse.wheel(0, 400);
  await until('the wheel scrolls', async () => await stage.getByText(`Image 11 of ${count}`).count() === 0);
  const before = await fingerprint(picture);
  await place.getByRole('button', { name: 'Window presets' }).click();
  await place.page().getByRole('menuitem', { name: /Soft tissue/ }).click();
  await stage.getByText('W 400 · L 40').waitFor();
  await until('the window is another', async () => await fingerprint(picture) !== before);
}
