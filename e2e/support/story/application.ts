/** Step 2: the application form with its materials and experts. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { patientName } from './record.ts';
import { act, go, stands, tab } from './screens.ts';
import type { World } from './world.ts';

export const caseOf = (page: Page): string => /\/cases\/([^/?]+)/.exec(page.url())![1]!;
export const uploadedText = 'Blood pressure at home, mean of seven days: 128/76 mmHg. Oxygen saturation at rest 93 %.';
export const reason = 'Nodule of 14 mm in a heavy smoker';
const firstQuestion = 'Is this nodule malignant?';
export const finalQuestion = 'Is this nodule malignant, and may apixaban be paused for a biopsy?';

const desk = (page: Page, title: string) => page.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Actions for ${title}` }) });

/** From the patient's record to a submitted application. @returns the case's id. */
export async function apply(world: World, page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Ask a specialist' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  const why = page.getByLabel('Reason');
  await why.fill(reason);
  const id = caseOf(page);
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByText('Everything is saved').waitFor();
  await page.reload();
  await why.waitFor();
  expect(await why.inputValue()).toBe(reason);

  await invite(world, page);

  // Half filled in, it is refused and each missing field says so.
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByText('Still missing: 3 fields').waitFor();
  await expect.poll(() => page.getByText('Please fill this in').count()).toBe(3);
  await expect.poll(() => page.getByRole('radiogroup', { name: 'Urgency' }).evaluate((group) => group.contains(document.activeElement))).toBe(true);
  await world.look(page, 'application');
  const refused = await (await world.server.as('dr-a')).ask('POST', `/fhir/Task/${id}/$submit`, { body: { resourceType: 'Parameters' } });
  expect(refused.status).toBe(409);

  await page.getByRole('radiogroup', { name: 'Urgency' }).getByText('Urgent (today)').click();
  await page.getByLabel('Question to the expert').fill(firstQuestion);
  await page.getByRole('combobox', { name: 'Specialty wished' }).click();
  await page.getByRole('option', { name: 'Pulmonology' }).click();
  await page.getByLabel('Course of the illness').fill('Cough for ten weeks, blood-streaked sputum twice, 4 kg of weight lost.');
  await materials(world, page);
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.waitForURL(new RegExp(`/cases/${id}$`));
  await stands(page, 'Requested');
  return id;
}

async function invite(world: World, page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Find an expert' }).click();
  await page.getByRole('heading', { name: 'Experts', level: 1 }).waitFor();
  await page.getByRole('combobox', { name: 'Specialty' }).click();
  await page.getByRole('option', { name: 'Pulmonology' }).click();
  await page.getByRole('searchbox', { name: 'Name' }).fill('Chen');
  await page.getByRole('link', { name: /Liwen Chen/ }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Invite / }).count()).toBe(1);
  await world.look(page, 'experts');
  await page.getByRole('link', { name: /Liwen Chen/ }).click();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  await page.getByText('Head of respiratory medicine.').waitFor();
  await page.getByRole('heading', { name: 'Free times' }).waitFor();
  await page.getByText('Times of Nairobi').waitFor();
  await world.look(page, 'expert');
  await page.getByRole('button', { name: /^Invite .*Chen/ }).click();
  await page.getByRole('button', { name: 'Invited' }).waitFor();
  await page.getByRole('link', { name: 'Experts', exact: true }).last().click();
  await page.getByRole('searchbox', { name: 'Name' }).fill('Haddad');
  await page.getByRole('button', { name: /^Invite .*Haddad/ }).click();
  await page.getByRole('button', { name: 'Invited' }).waitFor();
  await page.getByRole('link', { name: 'Back to the application' }).click();
  await page.getByRole('button', { name: /Take back the invitation of .*Haddad/ }).click();
  await page.getByRole('button', { name: /Take back the invitation of .*Haddad/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /Take back the invitation of .*Chen/ }).waitFor();
}

async function materials(world: World, page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Pick from the record' }).click();
  const picker = page.getByRole('dialog', { name: 'Pick from the record' });
  for (const title of ['Letter of referral', 'Summary of the record (C-CDA)', 'Report of the CT of the chest']) await picker.getByLabel(title).check();
  await picker.getByRole('tab', { name: 'Images' }).click();
  await picker.getByLabel('CT of the chest (phantom)').check();
  await picker.getByLabel('Electrocardiogram, 12 leads').check();
  await world.look(page);
  await picker.getByRole('button', { name: 'Add 5' }).click();
  await picker.waitFor({ state: 'detached' });

  await page.getByLabel('Class of Letter of referral').selectOption({ label: 'Summary' });
  await expect.poll(() => page.getByLabel('Class of Letter of referral').inputValue()).toBe('summary');

  await page.getByRole('button', { name: 'Actions for Letter of referral' }).click();
  await page.getByRole('menuitem', { name: 'Replace' }).click();
  const replacing = page.getByRole('dialog', { name: 'Replace' });
  await replacing.getByLabel('Nursing note').check();
  await replacing.getByRole('button', { name: 'Replace' }).click();
  await desk(page, 'Nursing note').waitFor();
  await desk(page, 'Letter of referral').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Actions for Nursing note' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const removing = page.getByRole('dialog', { name: 'Remove' });
  await removing.getByLabel('Reason').fill('Nothing new in it');
  await removing.getByRole('button', { name: 'Remove' }).click();
  await desk(page, 'Nursing note').waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Upload a file' }).click();
  const upload = page.getByRole('dialog', { name: 'Upload a file' });
  await upload.locator('input[type=file]').first().setInputFiles({ name: 'Measurements at home.txt', mimeType: 'text/plain', buffer: Buffer.from(uploadedText) });
  await upload.getByText('Stored in the record').waitFor();
  await world.look(page);
  await upload.getByRole('button', { name: 'Close' }).click();
  await desk(page, 'Measurements at home.txt').waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Actions for / }).count()).toBe(5);
  await world.look(page, 'materials');
}

/** Changes what is asked before anybody accepted; both versions stand in the history. */
export async function change(world: World, page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  await page.getByLabel('Question to the expert').fill(finalQuestion);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('heading', { name: 'Changes' }).waitFor();
  await page.locator('del', { hasText: firstQuestion }).waitFor();
  await page.locator('ins', { hasText: finalQuestion }).waitFor();
  await world.look(page, 'case');
  await tab(page, 'History');
  await page.getByText('Application submitted').waitFor();
  await page.getByText('Application changed').first().waitFor();
  await world.look(page);
}

/** A second application that is taken back. */
export async function withdrawAnother(page: Page): Promise<void> {
  await go(page, 'Consultations');
  await page.getByRole('link', { name: 'Ask a specialist' }).click();
  await page.getByRole('combobox', { name: 'Patient' }).fill('Mwangi');
  await page.getByRole('option', { name: new RegExp(patientName) }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: 'Back to the consultation' }).click();
  await act(page, 'Withdraw', { Reason: 'Asked for twice' });
  await stands(page, 'Withdrawn');
}
