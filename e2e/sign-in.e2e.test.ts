import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { authorizeUrl, startSignIn, type RunningSignIn } from './support/sign-in-server.ts';

let running: RunningSignIn;
let browser: Browser;
beforeAll(async () => {
  running = await startSignIn();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await running?.close();
});

const languages = ['en', 'zh', 'fr', 'es', 'ar'] as const;
const widths = [360, 1280] as const;

async function withPage(options: { width?: number; language?: string }, use: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 800 }, locale: options.language ?? 'en' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text()); });
  page.on('pageerror', (error) => { faults.push(error.message); });
  try {
    await use(page, context);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
}

/** No axe violation, nothing wider than the screen, nothing too small to touch. */
async function isUsable(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${name}: ${v.id} ${v.nodes.map((n) => n.html).join(' | ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} is too wide`).toBeLessThanOrEqual(0);
  const small = await page.locator('button:visible, a:visible, input:visible').evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).filter((box) => box.height < 32 || box.width < 24).length);
  expect(small, `${name} has targets that are too small`).toBe(0);
}

for (const language of languages) {
  for (const width of widths) {
    test(`every page of sign-in is usable in ${language} at ${width} px`, async () => {
      await withPage({ width, language }, async (page) => {
        const { server } = running;
        const name = (what: string): string => `${what} ${language} ${width}`;
        await page.goto(authorizeUrl(server));
        expect(await page.locator('html').getAttribute('dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        await isUsable(page, name('password'));
        await page.fill('#login', `nobody-${language}-${width}`);
        await page.fill('#password', 'wrong password');
        await page.locator('form[method=post] button').first().click();
        await page.locator('[role=alert]').waitFor();
        await isUsable(page, name('wrong password'));
        await page.locator('button[value="a.district"]').click();
        await page.locator('form[method=post] button').first().click();
        await page.locator('#code').waitFor();
        await isUsable(page, name('code'));
        await page.locator('button[name=use]').click();
        await page.locator('button[value=code]').waitFor();
        await isUsable(page, name('recovery'));
        await page.goto(authorizeUrl(server));
        await page.locator('button[value="b.university"]').click();
        await page.locator('form[method=post] button').first().click();
        await page.locator('button[name=membership]').first().waitFor();
        await isUsable(page, name('role'));
        await page.locator('button[name=membership]').first().click();
        await page.waitForURL(/\/callback\?code=/);
        await page.goto(`${server.url}/oauth/account`);
        await isUsable(page, name('account'));
        await page.fill('#enrol-password', 'demo-university');
        await page.locator('form:has(#enrol-password) button').click();
        await page.locator('.qr svg').waitFor();
        await isUsable(page, name('enrolment'));
        await page.goto(`${server.url}/oauth/session/end`);
        await isUsable(page, name('sign out'));
        await page.locator('button[name=logout]').click();
        await isUsable(page, name('signed out'));
        await page.goto(`${server.url}/oauth/auth?client_id=unknown`);
        await isUsable(page, name('error'));
        const { url } = await server.db.transaction((tx) => server.auth.links.issue(tx, { caseId: 'c', participant: 'Patient/p', displayName: 'Pat Smith', expiresAt: new Date(Date.now() + 60_000), issuedBy: 'x' }));
        await page.goto(url);
        await isUsable(page, name('link'));
        await page.locator('form[method=post] button').click();
        await page.waitForURL(/\/join#code=/);
        await page.goto(`${server.url}/oauth/link/cut-off`);
        await isUsable(page, name('bad link'));
      });
    });
  }
}

test('a person signs in by keyboard alone, with the code of the demonstration filled in', async () => {
  await withPage({}, async (page) => {
    await page.goto(authorizeUrl(running.server));
    expect(await page.locator('.banner').textContent()).toBe('Demonstration');
    await page.keyboard.type('a.district');
    await page.keyboard.press('Tab');
    await page.keyboard.type('demo-district');
    await page.keyboard.press('Enter');
    await page.locator('#code').waitFor();
    expect(await page.locator('#code').inputValue()).toMatch(/^\d{6}$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/callback\?code=/);
  });
});

test('the language is chosen by a link, remembered, and the client may wish for one', async () => {
  await withPage({ language: 'fr' }, async (page) => {
    await page.goto(authorizeUrl(running.server));
    await page.locator('h1', { hasText: 'Se connecter' }).waitFor();
    await page.locator('footer a[lang=ar]').click();
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    await page.goto(authorizeUrl(running.server, { ui_locales: 'es' }));
    expect(await page.locator('html').getAttribute('lang')).toBe('ar');
  });
  await withPage({ language: 'fr' }, async (page) => {
    await page.goto(authorizeUrl(running.server, { ui_locales: 'zh-CN en' }));
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
  });
});

test('signing out from the front end needs no second question', async () => {
  await withPage({}, async (page) => {
    const { server } = running;
    await page.goto(authorizeUrl(server));
    await page.locator('button[value="p.patient"]').click();
    await page.locator('form[method=post] button').first().click();
    await page.waitForURL(/\/callback\?code=/);
    const code = new URL(page.url()).searchParams.get('code') ?? '';
    const answer = await fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'bedside-web', code, redirect_uri: `${server.url}/callback`, code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' }) });
    const tokens = await answer.json() as { id_token: string; access_token: string };
    await page.goto(`${server.url}/oauth/session/end?${new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${server.url}/` })}`);
    await page.waitForURL(`${server.url}/`);
    await expect.poll(async () => (await fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status, { timeout: 1_000 }).toBe(401);
  });
});

test('somebody else signs in where one was signed in already', async () => {
  await withPage({}, async (page) => {
    const { server } = running;
    for (const login of ['p.patient', 'a.district']) {
      await page.goto(authorizeUrl(server, { prompt: 'login' }));
      await page.locator(`button[value="${login}"]`).click();
      await page.locator('form[method=post] button').first().click();
      if (login === 'a.district') await page.locator('form[method=post] button').first().click();
      await page.waitForURL(/\/callback\?code=/);
    }
    await page.goto(`${server.url}/oauth/account`);
    expect(await page.locator('h1 + p').textContent()).toBe('Dr Ada Adams');
  });
});
