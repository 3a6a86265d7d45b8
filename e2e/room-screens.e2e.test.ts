/** Device check and room on the screen: with axe, at 360 px, right to left, by keyboard, with and without devices. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Admission } from '../server/src/media/index.ts';
import { startBrowser } from './support/browser.ts';
import { until } from './support/room-calls.ts';
import { buildPages, startRoomServer, type RoomServer } from './support/room-server.ts';

let browser: Browser;
let server: RoomServer;

beforeAll(async () => {
  browser = await startBrowser(['--auto-select-desktop-capture-source=Entire screen']);
  server = await startRoomServer({ pagesFolder: await buildPages() });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const open = async (admission: Partial<Admission> & { participantId: string }, options: BrowserContextOptions & { language?: string } = {}): Promise<Page> => {
  const { language = 'en', ...context } = options;
  const page = await (await browser.newContext({ permissions: ['camera', 'microphone'], ...context })).newPage();
  await page.goto(`${server.url}/screens.html?language=${language}&ticket=${server.issue(admission)}`);
  return page;
};
const violations = async (page: Page): Promise<string[]> => {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
};
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const join = async (page: Page): Promise<void> => {
  await page.getByTestId('link-report').waitFor({ timeout: 20_000 });
  await page.getByTestId('join').click();
};
const playing = (page: Page, count: number) => until(`${count} pictures play`, async () => await page.locator('.room-tile video:not([hidden])').evaluateAll((all) => all.filter((one) => (one as HTMLVideoElement).videoWidth > 0).length) >= count, 20_000);

describe('the device check', () => {
  test('shows the camera, moves with the microphone, and grades the link over datagrams', async () => {
    const page = await open({ roomId: 'check', participantId: 'a' });
    const report = page.getByTestId('link-report');
    await report.waitFor({ timeout: 20_000 });
    expect(await report.getAttribute('data-grade')).toBe('within');
    expect(await report.innerText()).not.toContain('not measurable');
    expect(await page.locator('.room-preview video').evaluate((video) => (video as HTMLVideoElement).videoWidth)).toBeGreaterThan(0);
    await until('the meter moves', async () => Number(await page.getByTestId('level').locator('[role=progressbar]').getAttribute('aria-valuenow')) > 5);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  test('says what to do when camera and microphone are refused, and lets in all the same', async () => {
    const page = await (await browser.newContext({ permissions: [] })).newPage();
    await page.addInitScript(() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError')); });
    await page.goto(`${server.url}/screens.html?ticket=${server.issue({ roomId: 'refused', participantId: 'a' })}`);
    await page.getByText('The camera cannot be used').waitFor();
    await page.getByText('The microphone cannot be used').waitFor();
    expect(await violations(page)).toEqual([]);
    await join(page);
    await page.locator('main.room').waitFor();
    expect(await page.locator('main.room').getAttribute('data-phase')).toBe('inside');
    await page.context().close();
  });

  test('joins with sound only where there is no camera', async () => {
    const page = await (await browser.newContext({ permissions: ['microphone'] })).newPage();
    await page.addInitScript(() => {
      const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = (wanted) => (wanted?.video === undefined ? real(wanted) : Promise.reject(new DOMException('none', 'NotFoundError')));
    });
    await page.goto(`${server.url}/screens.html?ticket=${server.issue({ roomId: 'sound', participantId: 'a' })}`);
    const button = page.getByTestId('join');
    await until('the button says so', async () => (await button.innerText()).includes('sound only'));
    await page.context().close();
    expect(server.told).not.toContain('fault');
  });
});

describe('the room', () => {
  test('a host admits a patient, who consents; both are seen; chat and panels work without a mouse; no axe violation', async () => {
    const host = await open({ roomId: 'main', participantId: 'host', displayName: 'Dr Ada Braun', role: 'host' }, { viewport: { width: 1280, height: 800 } });
    await join(host);
    await host.locator('main.room').waitFor();
    const patient = await open({ roomId: 'main', participantId: 'patient', displayName: 'Maria Soto', role: 'patient' }, { viewport: { width: 360, height: 740 }, language: 'ar' });
    await join(patient);
    await patient.locator('main.room-message h1').waitFor();
    expect(await violations(patient)).toEqual([]);
    await host.getByText('Maria Soto would like to come in.').waitFor();
    expect(await violations(host)).toEqual([]);
    await host.getByRole('button', { name: 'Let in' }).first().click();
    await patient.getByTestId('consent-grant').waitFor();
    expect(await violations(patient)).toEqual([]);
    await patient.getByTestId('consent-grant').click();
    await Promise.all([playing(host, 2), playing(patient, 2)]);
    expect(server.told).toContain('consent patient true');

    expect(await overflow(patient)).toBe(0);
    expect(await violations(patient)).toEqual([]);
    expect(await violations(host)).toEqual([]);

    await host.locator('body').press('c');
    await host.getByLabel('Your message').fill('Good morning');
    await host.getByLabel('Your message').press('Enter');
    await host.locator('.room-text', { hasText: 'Good morning' }).waitFor();
    await host.locator('.room-panel:not([hidden])').press('Escape');
    await patient.locator('[data-control=chat] .room-count').waitFor();
    await patient.locator('[data-control=chat]').click();
    await patient.locator('.room-text', { hasText: 'Good morning' }).waitFor();
    expect(await overflow(patient)).toBe(0);
    expect(await violations(patient)).toEqual([]);
    await patient.locator('[data-control=side]').click();
    await patient.getByText('CT of the chest').waitFor();

    await patient.locator('[data-control=hand]').click();
    await host.locator('[data-participant=patient] .room-hand').waitFor();
    await host.locator('main.room').press('m');
    await until('the host is shown muted', async () => (await patient.locator('[data-participant=host] figcaption svg').count()) > 0);
    await host.locator('[data-control=people]').click();
    await host.getByRole('button', { name: 'Mute Maria Soto' }).click();
    await until('the patient is muted', async () => await patient.locator('[data-control=microphone]').getAttribute('data-tone') === 'off');
    expect(await violations(host)).toEqual([]);

    await host.locator('[data-control=share]').click();
    await patient.locator('[data-control=side]').click();
    await until('the screen is large at the patient', async () => await patient.getByTestId('screen').locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth > 0).catch(() => false), 20_000);
    expect(await violations(patient)).toEqual([]);

    await host.locator('[data-control=leave]').click();
    expect(await violations(host)).toEqual([]);
    await host.getByRole('button', { name: 'End for everyone' }).click();
    await patient.locator('main.room-message h1').waitFor();
    expect(server.told).toContain('ended main ended-by-host');
    await Promise.all([host, patient].map((page) => page.context().close()));
  });

  test('tells of a lost connection and recovers', async () => {
    const a = await open({ roomId: 'lost', participantId: 'a', role: 'host' });
    await join(a);
    await a.locator('main.room[data-connected=true]').waitFor({ timeout: 20_000 });
    // The banner may be gone again before one can look: the page itself keeps what it showed.
    await a.evaluate(() => {
      new MutationObserver(() => {
        const shown = document.querySelector('[data-testid=reconnecting]');
        if (shown !== null) document.documentElement.dataset['told'] = shown.textContent;
      }).observe(document.body, { childList: true, subtree: true });
    });
    process.kill(server.media.processIds[0]!, 'SIGKILL');
    await until('the loss is told', async () => (await a.evaluate(() => document.documentElement.dataset['told'] ?? '')).includes('Connecting picture and sound'), 20_000);
    await a.locator('main.room[data-connected=true]').waitFor({ timeout: 20_000 });
    expect(await a.getByTestId('reconnecting').count()).toBe(0);
    await a.context().close();
  });
});
