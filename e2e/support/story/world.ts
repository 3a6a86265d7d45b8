/** The people of the story, each in a browser of their own, and what every screen must keep to. */
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { demoAccounts } from '../../../server/src/demo/index.ts';
import { startBrowser } from '../browser.ts';
import { startServer, type RunningServer } from '../server.ts';
import { savePicture } from './pictures.ts';
import { countConnections } from './media.ts';

export interface World extends AsyncDisposable {
  readonly server: RunningServer;
  /** Opens a page of somebody's own; signed in when a login is given. */
  open(who: Who, login?: string): Promise<Page>;
  /** Asserts what holds for every screen, and keeps a picture of it when a name is given and pictures are wanted. */
  look(page: Page, picture?: string): Promise<void>;
  /** What stands on each open screen, printed for whoever looks for a fault; pictures of them in STORY_FAULTS when that is a folder. */
  show(): Promise<void>;
  /** What the pages complained of since the last call. */
  complaints(): string[];
}

/** Whose device it is: three browsers; the coordinator sits beside the expert. */
export type Who = 'a' | 'b' | 'coordinator' | 'patient' | 'stranger';
const browserOf: Readonly<Record<Who, number>> = { a: 0, b: 1, coordinator: 1, patient: 2, stranger: 2 };
const zoneOf: Readonly<Record<Who, string>> = { a: 'Africa/Nairobi', b: 'Asia/Shanghai', coordinator: 'Asia/Shanghai', patient: 'Africa/Nairobi', stranger: 'UTC' };
const desktop = { width: 1280, height: 860 };
const phone = { width: 360, height: 740 };

/** Answers that a screen must be able to get without complaint: asked for something that is refused or not there. */
const expectedAnswer = /Failed to load resource: the server responded with a status of 4\d\d/;

export async function openWorld(): Promise<World> {
  // Another build of the front end than web/dist, for whoever works on it.
  const web = process.env['BEDSIDE_WEB'];
  const server = await startServer({ env: web ? { BEDSIDE_WEB: web } : {}, ...(process.env['STORY_DATA'] ? { data: process.env['STORY_DATA'] } : {}) });
  const browsers = await Promise.all([0, 1, 2].map(() => startBrowser(['--auto-select-desktop-capture-source=Entire screen'])));
  const contexts = new Map<Who, BrowserContext>();
  let complaints: string[] = [];
  const refusals: string[] = [];
  const contextOf = async (who: Who): Promise<BrowserContext> => {
    const before = contexts.get(who);
    if (before) return before;
    const context = await (browsers[browserOf[who]] as Browser).newContext({ viewport: desktop, locale: 'en-GB', timezoneId: zoneOf[who], permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'], acceptDownloads: true });
    await context.addInitScript(countConnections);
    context.setDefaultTimeout(30_000);
    contexts.set(who, context);
    return context;
  };
  return {
    server,
    async open(who, login) {
      const page = await (await contextOf(who)).newPage();
      page.on('pageerror', (error) => { complaints.push(`${who}: ${error.stack ?? error.message}`); });
      page.on('console', (message) => { if (message.type() === 'error' && !expectedAnswer.test(message.text())) complaints.push(`${who}: ${message.text().slice(0, 500)} at ${page.url()}`); });
      page.on('response', (answer) => { if (answer.status() >= 400) refusals.push(`${who}: ${answer.status()} ${answer.request().method()} ${answer.url().slice(0, 200)}`); });
      if (login !== undefined) await signIn(page, server, login);
      return page;
    },
    async look(page, picture) {
      const where = `${picture ?? ''} ${new URL(page.url()).pathname}${new URL(page.url()).search}`;
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await stillness(page);
      if (picture !== undefined) await savePicture(page, picture);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.map((v) => `${where}: ${v.id}: ${v.nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join(' | ')}`)).toEqual([]);
      await page.setViewportSize(phone);
      const wide = async (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(await settled(wide), `${where} is too wide for 360 px`).toBeLessThanOrEqual(0);
      await page.setViewportSize(desktop);
    },
    async show() {
      const folder = process.env['STORY_FAULTS'];
      for (const [who, context] of contexts) {
        for (const [at, page] of context.pages().entries()) {
          const text = await page.locator('body').ariaSnapshot({ timeout: 5_000 }).catch(() => 'no answer');
          process.stderr.write(`\n--- ${who} ${page.url()}\n${text.slice(0, 6_000)}\n`);
          if (folder) await page.screenshot({ path: join(folder, `${who}-${at}.png`), timeout: 5_000 }).catch(() => undefined);
        }
      }
      process.stderr.write(`\n--- server\n${server.log().slice(-3_000)}\n--- complaints\n${complaints.join('\n')}\n--- refused\n${refusals.slice(-40).join('\n')}\n`);
    },
    complaints() {
      const now = complaints;
      complaints = [];
      return now;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Waits until whatever comes or goes has come or gone: what fades has no contrast. */
const stillness = (page: Page): Promise<void> => page.evaluate(async () => {
  const moving = (): Animation[] => document.getAnimations().filter((one) => one.playState === 'running' && Number.isFinite(Number(one.effect?.getComputedTiming().endTime)));
  for (const end = Date.now() + 3_000; moving().length > 0 && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 30); });
});

/** A layout needs a moment after the window changed: waits up to two seconds for zero. */
async function settled(measure: () => Promise<number>): Promise<number> {
  const end = Date.now() + 2_000;
  let value = await measure();
  while (value > 0 && Date.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    value = await measure();
  }
  return value;
}

/** Through the front door: button, password, code of the authenticator. */
export async function signIn(page: Page, server: RunningServer, login: string): Promise<void> {
  const account = demoAccounts.find((one) => one.login === login)!;
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Sign-in name').fill(login);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Code').fill(await server.totp(login));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('navigation', { name: 'Main navigation' }).first().waitFor();
}
