/** Every screen of every role, on a phone and on a desk, left to right and right to left: no axe violation, nothing wider than the window, no word missing. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { tellStory } from './support/case.ts';
import { startServer, type RunningServer } from './support/server.ts';
import { signIn } from './support/story/world.ts';

const sizes = [{ width: 360, height: 740 }, { width: 1280, height: 860 }] as const;
const languages = ['en', 'ar'] as const;

let server: RunningServer;
let browser: Browser;
let applied: string;
let published: string;
beforeAll(async () => {
  server = await startServer();
  browser = await startBrowser();
  published = (await tellStory(server, 'published')).id;
  applied = (await tellStory(server, 'applied')).id;
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

const record = (patient: string): string[] => ['summary', 'timeline', 'problems', 'medication', 'laboratory', 'vitals', 'documents', 'images', 'ecg'].map((part) => `${patient}?part=${part}`);
const consultation = (id: string): string[] => ['case', 'materials', 'messages', 'report', 'follow-up', 'history'].map((tab) => `/cases/${id}?tab=${tab}`);
const screens: Readonly<Record<string, () => string[]>> = {
  'dr-a': () => ['/', '/patients', ...record('/patients/demo-patient-01'), '/cases', '/cases/new', `/cases/${applied}/form`, ...consultation(published), `/cases/${published}/report`, '/experts', `/experts?case=${applied}`, '/experts/demo-chen-liwen', '/due', '/statistics', '/settings'],
  'dr-b': () => ['/', '/cases', ...consultation(applied), `/cases/${published}/report/write`],
  'coordinator-b': () => ['/', '/cases', `/cases/${applied}`, '/due', '/statistics'],
  'patient-p': () => ['/', '/cases', `/cases/${published}`, `/cases/${published}/report`, '/my-reports', ...record('/my-record').slice(0, 2), '/settings'],
  'admin-a': () => ['/', '/admin/accounts', '/admin/audit', '/admin/conformance', '/statistics'],
  'network': () => ['/', '/admin/accounts', '/admin/audit', '/admin/conformance', '/statistics'],
};

/** Goes to a screen as a link inside the application does, without a reload. */
async function visit(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }, path);
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('main [role="status"] .mantine-Skeleton-root, main .mantine-Skeleton-root') === null, undefined, { timeout: 15_000 });
}

/** Words that look like keys of a dictionary. */
const keysOnScreen = (page: Page): Promise<string[]> => page.evaluate(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    if (/^[a-z][a-zA-Z-]*(?:\.[a-z][a-zA-Z-]*)+$/.test(text)) found.push(text);
  }
  return found;
});

/** How much wider the page is than the window, once the layout has settled after the change of size. */
async function settledExcess(page: Page): Promise<number> {
  const end = Date.now() + 3_000;
  for (;;) {
    await page.waitForTimeout(250);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (excess <= 0 || Date.now() > end) return excess;
  }
}

async function faultsOf(page: Page, where: string): Promise<string[]> {
  const faults: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    const excess = await settledExcess(page);
    if (excess > 0) faults.push(`${where} at ${size.width}: ${excess} px too wide`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    faults.push(...violations.map((v) => `${where} at ${size.width}: ${v.id}: ${v.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`));
  }
  const headings = await page.locator('h1').count();
  if (headings !== 1) faults.push(`${where}: ${headings} first headings`);
  faults.push(...(await keysOnScreen(page)).map((key) => `${where}: no words for ${key}`));
  return faults;
}

describe.each(Object.keys(screens))('the screens of %s', (login) => {
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];
  beforeAll(async () => {
    context = await browser.newContext({ viewport: sizes[1], locale: 'en-GB', timezoneId: 'Africa/Nairobi' });
    page = await context.newPage();
    page.on('pageerror', (error) => { errors.push(error.message); });
    await signIn(page, server, login);
  });
  afterAll(() => context?.close());

  test.each(languages)('can be used by everybody, in %s', async (language) => {
    await page.evaluate((chosen) => localStorage.setItem('bedside.language', chosen), language);
    await page.reload();
    await page.locator(`html[lang="${language}"] main h1`).first().waitFor();
    const faults: string[] = [];
    for (const path of screens[login]?.() ?? []) {
      await visit(page, path);
      faults.push(...await faultsOf(page, path));
    }
    expect(faults).toEqual([]);
    expect(errors).toEqual([]);
  }, 900_000);
});

test('a stranger sees what this is and a way in, in both directions', async () => {
  const page = await (await browser.newContext({ viewport: sizes[0], locale: 'ar' })).newPage();
  await page.goto(server.url);
  await page.locator('html[dir="rtl"] main h1').waitFor();
  expect(await faultsOf(page, '/')).toEqual([]);
  await page.context().close();
});
