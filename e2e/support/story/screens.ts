/** What people do on many screens. */
import type { Locator, Page } from 'playwright-core';
import { until } from '../room-calls.ts';

export const go = (page: Page, place: string): Promise<void> => page.getByRole('navigation', { name: 'Main navigation' }).first().getByRole('link', { name: place, exact: true }).click();
export const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name, exact: true }).click();
/** The state of a case as its screen names it. */
export const stands = (page: Page, state: string): Promise<void> => page.locator('main').getByText(state, { exact: true }).first().waitFor();

/** Takes a button of the action bar, or of its menu of more, as soon as it is offered. */
export async function take(page: Page, action: string): Promise<void> {
  const bar = page.getByRole('region', { name: /Your next step|Nothing to do now/ });
  const button = bar.getByRole('button', { name: action, exact: true });
  const more = bar.getByRole('button', { name: 'More', exact: true });
  const item = page.getByRole('menuitem', { name: action, exact: true });
  await until(`"${action}" is offered`, async () => {
    if (await button.count() > 0) return true;
    if (await more.count() === 0) return false;
    if (await page.getByRole('menu').count() === 0) await more.click();
    return item.isVisible();
  }, 30_000);
  await button.or(item).click();
}

/** Takes an action and answers the question that comes. */
export async function act(page: Page, action: string, answers: Readonly<Record<string, string>> = {}): Promise<void> {
  await take(page, action);
  const dialog = page.getByRole('dialog', { name: action });
  await dialog.waitFor();
  for (const [label, text] of Object.entries(answers)) await dialog.getByLabel(label).fill(text);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Chooses an instant in a field that opens a calendar and a clock. The wall clock is that of the page's zone. */
export async function pickInstant(page: Page, field: Locator, at: Date, timeZone: string): Promise<void> {
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at);
  await field.click();
  const next = page.getByRole('button', { name: 'Next month' });
  await next.waitFor();
  const day = page.getByRole('button', { name: part({ dateStyle: 'long' }), exact: true });
  if (await day.count() === 0) await next.click();
  await day.click();
  await page.getByLabel('Hours').fill(part({ hour: '2-digit', hourCycle: 'h23' }).padStart(2, '0'));
  await page.getByLabel('Minutes', { exact: true }).last().fill(part({ minute: '2-digit' }).padStart(2, '0'));
}
