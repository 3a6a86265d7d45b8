/** Image viewer, ECG and documents in a real browser, on the real image repository. */
import { AxeBuilder } from '@axe-core/playwright';
import PDFDocument from 'pdfkit';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from './support/browser.ts';
import { startViewerServer, type ViewerServer } from './support/viewer-server.ts';

let browser: Browser;
let server: ViewerServer;
beforeAll(async () => {
  browser = await startBrowser();
  server = await startViewerServer();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const shots = process.env['BEDSIDE_SCREENSHOTS'];
const open = async (query: Record<string, string>, width = 1280, touch = false): Promise<Page & { faults: string[] }> => {
  const page = await (await browser.newContext({ viewport: { width, height: width < 500 ? 740 : 900 }, hasTouch: touch })).newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => { if (/Content Security Policy|missingKey/i.test(message.text())) faults.push(message.text()); });
  await page.goto(`${server.url}/?${new URLSearchParams(query)}`);
  return Object.assign(page, { faults });
};
const shoot = async (page: Page, name: string): Promise<void> => { if (shots) await page.screenshot({ path: join(shots, `${name}.png`) }); };
const violations = async (page: Page): Promise<string[]> => (await new AxeBuilder({ page }).analyze()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Mean grey of the image canvas and of a grid of its cells: what an eye would call another picture. */
const picture = (page: Page): Promise<number[]> => page.evaluate(() => {
  const source = document.querySelector<HTMLCanvasElement>('[role=application] canvas')!;
  const small = document.createElement('canvas');
  small.width = 32;
  small.height = 32;
  const context = small.getContext('2d')!;
  context.drawImage(source, 0, 0, 32, 32);
  return [...context.getImageData(0, 0, 32, 32).data].filter((_, at) => at % 4 === 0);
});
const difference = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
const mean = (a: readonly number[]): number => a.reduce((sum, value) => sum + value, 0) / a.length;
const stage = (page: Page) => page.getByRole('application');
const shown = async (page: Page, index: number): Promise<void> => {
  await page.locator(`[role=application][data-rendered=true][data-index="${index}"]`).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(400);
};
const images = async (width = 1280, more: Record<string, string> = {}, touch = false): ReturnType<typeof open> => {
  const page = await open({ view: 'images', study: server.study, series: `${server.study}.1`, ...more }, width, touch);
  await shown(page, 0);
  return page;
};

describe('image viewer', () => {
  test('scrolls by wheel, keys and slider, windows by presets and drag, and measures a length that is right', async () => {
    const page = await images();
    const first = await picture(page);
    expect(mean(first)).toBeGreaterThan(5);
    const box = (await stage(page).boundingBox())!;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    for (let n = 0; n < 3; n += 1) { await page.mouse.wheel(0, 100); await page.waitForTimeout(250); }
    expect(Number(await stage(page).getAttribute('data-index'))).toBeGreaterThan(0);
    await stage(page).focus();
    await page.keyboard.press('End');
    await shown(page, 19);
    const last = await picture(page);
    expect(difference(first, last)).toBeGreaterThan(0.3);
    await page.keyboard.press('Home');
    await shown(page, 0);
    await page.getByRole('slider', { name: 'Choose an image' }).fill('10');
    await shown(page, 9);

    await page.getByRole('button', { name: 'Window presets' }).click();
    await page.getByRole('menuitem', { name: /Lung/ }).click();
    await page.getByText('W 1,500 · L -600').waitFor();
    await page.waitForTimeout(300);
    const lung = await picture(page);
    expect(difference(first, lung)).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Brightness and contrast' }).click();
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 40, middle.y + 40, { steps: 6 });
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect(difference(lung, await picture(page))).toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Invert' }).click();
    await page.waitForTimeout(300);
    await page.getByRole('button', { name: 'Reset view' }).click();
    await page.waitForTimeout(300);

    await page.getByRole('button', { name: 'Measure length' }).click();
    await page.mouse.move(middle.x - 50, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 50, middle.y, { steps: 8 });
    await page.mouse.up();
    // The phantom's body is 84 % of 384 mm wide: that tells what a pixel of the screen is.
    const bodyPx = (): Promise<number> => page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[role=application] canvas')!;
      const copy = document.createElement('canvas');
      copy.width = canvas.width;
      copy.height = canvas.height;
      const context = copy.getContext('2d')!;
      context.drawImage(canvas, 0, 0);
      const row = context.getImageData(0, canvas.height / 2, canvas.width, 1).data;
      const bright = Array.from({ length: canvas.width }, (_, x) => row[x * 4]! > 60);
      return ((bright.lastIndexOf(true) - bright.indexOf(true) + 1) * canvas.clientWidth) / canvas.width;
    });
    const measured = async (): Promise<number> => Number(/([\d.]+) mm/.exec((await page.getByText(/Measured lengths/).allTextContents())[0] ?? '')?.[1] ?? 0);
    await expect.poll(async () => Math.abs(await measured() - (100 * 0.84 * 384) / await bodyPx()), { timeout: 20_000 }).toBeLessThan(2);
    await shoot(page, 'images-1280');
    const [type, size] = await page.evaluate(() => (window as unknown as { capture: () => Promise<[string, number]> }).capture());
    expect(type).toBe('image/png');
    expect(size).toBeGreaterThan(5_000);
    await page.getByRole('button', { name: 'Remove measurements' }).click();
    await expect.poll(() => page.getByText(/Measured lengths/).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    expect(server.withoutToken).toEqual([]);
    await page.context().close();
  });

  test('plays the stack and stops', async () => {
    const page = await images();
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => Number(await stage(page).getAttribute('data-index')), { timeout: 20_000 }).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.context().close();
  });

  test('fits a phone, by touch, and a side panel, right to left, without an axe violation', async () => {
    const phone = await images(360, { height: '660px' }, true);
    expect(await overflow(phone)).toBe(0);
    for (const button of await phone.getByRole('toolbar').getByRole('button').all()) expect((await button.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await phone.getByRole('button', { name: 'Window presets' }).tap();
    await phone.getByRole('menuitem', { name: /Bone/ }).tap();
    await phone.getByText('W 2,000 · L 500').waitFor();
    // The list of presets fades out: what is on its way out is nobody's screen.
    await phone.locator('[data-portal] [role="menu"]').waitFor({ state: 'hidden' });
    await shoot(phone, 'images-360');
    expect(await violations(phone)).toEqual([]);
    await phone.context().close();
    const arabic = await images(700, { language: 'ar' });
    await shoot(arabic, 'images-ar');
    expect(await violations(arabic)).toEqual([]);
    await arabic.context().close();
  });

  test('an image that cannot be decoded says so, and a series without pixels is shown as what it is', async () => {
    const page = await open({ view: 'images', study: server.study, series: `${server.study}.5` });
    await page.getByText('This image cannot be shown.').waitFor({ timeout: 60_000 });
    await shoot(page, 'images-damaged');
    await page.getByRole('button', { name: /ECG/ }).click();
    await page.getByText('Heart rate about 75/min').waitFor();
    await page.getByRole('button', { name: /Report/ }).click();
    await page.getByText('The document cannot be read').waitFor();
    await page.context().close();
    const missing = await open({ view: 'images', study: '9.9.9' });
    await missing.getByText('Study not found').waitFor();
    expect(await violations(missing)).toEqual([]);
    await missing.context().close();
  });
});

const imageData = process.env['BEDSIDE_TEST_DATA'];
describe.skipIf(!imageData)('real images (BEDSIDE_TEST_DATA)', () => {
  const pictureOf = async (name: string): Promise<number[]> => {
    const page = await open({ view: 'images', study: await server.store(readFileSync(join(imageData!, 'dicom', name))) });
    await shown(page, 0);
    const seen = await picture(page);
    expect(await page.getByText('This image cannot be shown.').count()).toBe(0);
    expect(page.faults).toEqual([]);
    const sides = await page.locator('[class*=_side]').allTextContents();
    expect(name.includes('palette') ? sides : []).toEqual([]);
    await shoot(page, `real-${name.replaceAll('/', '-')}`);
    await page.context().close();
    return seen;
  };

  test('one CT in seven encodings is one picture', async () => {
    const plain = await pictureOf('wg04/CT1_UNC');
    expect(mean(plain)).toBeGreaterThan(10);
    for (const name of ['CT1_RLE', 'CT1_JPLL', 'CT1_JLSL', 'CT1_J2KR']) expect([name, difference(plain, await pictureOf(`wg04/${name}`)) < 0.2]).toEqual([name, true]);
    for (const name of ['CT1_JLSN', 'CT1_J2KI']) expect([name, difference(plain, await pictureOf(`wg04/${name}`)) < 6]).toEqual([name, true]);
  });

  test.each(['basic/examples_ybr_color.dcm', 'basic/examples_palette.dcm', 'basic/US1_J2KR.dcm', 'basic/MR_small_bigendian.dcm', 'multiframe/IM00001.fragmented_no_bot_jpeg_baseline.50.dcm', 'basic/emri_small_RLE.dcm', 'basic/image_dfl.dcm'])(
    '%s is shown', async (name) => { expect(mean(await pictureOf(name))).toBeGreaterThan(2); });
});

describe('electrocardiogram', () => {
  test('is drawn on its paper, tells its rate, and is measured by mouse and keys', async () => {
    const page = await open({ view: 'images', study: server.study, series: `${server.study}.3` });
    await page.getByTestId('ecg-rate').getByText('Heart rate about 75/min').waitFor();
    await page.waitForTimeout(300);
    const dark = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('figure canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at]! < 90) count += 1;
      return count;
    });
    expect(dark).toBeGreaterThan(3_000);
    await page.getByRole('button', { name: 'Calipers' }).click();
    await page.getByTestId('ecg-caliper').getByText('1,000 ms · 1.00 mV · 60/min').waitFor();
    await page.getByRole('slider', { name: 'Second caliper point' }).focus();
    for (let n = 0; n < 5; n += 1) await page.keyboard.press('ArrowLeft');
    await page.getByTestId('ecg-caliper').getByText('800 ms · 1.00 mV · 75/min').waitFor();
    const leg = (await page.getByRole('slider', { name: 'Second caliper point' }).boundingBox())!;
    await page.mouse.move(leg.x + leg.width / 2, leg.y + leg.height / 2);
    await page.mouse.down();
    await page.mouse.move(leg.x + 60, leg.y + 10, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.getByTestId('ecg-caliper').textContent()).not.toContain('800 ms');
    await shoot(page, 'ecg-1280');
    expect(await violations(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test('is drawn from a FHIR observation, on a phone too', async () => {
    const beat = Array.from({ length: 2500 }, (_, n) => Math.round(1000 * Math.exp(-(((((n * 4) % 1000) - 300) / 14) ** 2))));
    server.pages.set('observation', { type: 'application/json', body: JSON.stringify({
      resourceType: 'Observation', status: 'final', code: { text: 'ECG' },
      component: [['131329', 0.6], ['131330', 1]].map(([code, factor]) => ({ code: { coding: [{ system: 'urn:iso:std:iso:11073:10101', code: String(code) }] }, valueSampledData: { origin: { value: 0, code: 'uV' }, period: 4, factor, dimensions: 1, data: beat.join(' ') } })),
    }) });
    const page = await open({ view: 'observation' }, 360);
    await page.getByText('Heart rate about 60/min').first().waitFor();
    await page.getByText('ECG with leads I, II, III, aVR, aVL, and aVF', { exact: false }).waitFor();
    expect(await overflow(page)).toBe(0);
    await shoot(page, 'ecg-360');
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

describe('documents', () => {
  const hostile = `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge summary</title><effectiveTime value="20260301"/>
    <recordTarget><patientRole><id extension="42"/><patient><name><given>Ada</given><family>Lovelace</family></name><administrativeGenderCode code="F"/><birthTime value="19601210"/></patient></patientRole></recordTarget>
    <author><time value="20260301"/><assignedAuthor><assignedPerson><name><given>Jo</given><family>March</family></name></assignedPerson></assignedAuthor></author>
    <component><structuredBody>
    <component><section><title>Medication</title><text><table><thead><tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td styleCode="Bold">Aspirin</td><td>100 mg<script>window.pwned=1</script></td></tr></tbody></table>
      <paragraph onclick="window.pwned=1">Take with water.<img src="x" onerror="window.pwned=1"/></paragraph><linkHtml href="javascript:window.pwned=1">Leaflet</linkHtml> <linkHtml href="https://example.org/">Guideline</linkHtml></text></section></component>
    <component><section><title>Plan</title><text><list listType="ordered"><item>Rest</item><item>Return in two weeks</item></list></text></section></component>
    </structuredBody></component></ClinicalDocument>`;
  const document = (name: string, type: string, width?: number, language = 'en'): ReturnType<typeof open> => open({ view: 'document', url: `/documents/${name}`, type, language }, width);

  test('a C-CDA document is readable, folds, and nothing active of it reaches the page', async () => {
    server.pages.set('cda.xml', { type: 'application/xml', body: hostile });
    const page = await document('cda.xml', 'application/hl7-cda+xml');
    await page.getByRole('heading', { name: 'Discharge summary' }).waitFor();
    await page.getByText('Ada Lovelace').waitFor();
    await page.getByRole('cell', { name: /100 mg/ }).waitFor();
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    const html = await page.locator('article').innerHTML();
    expect(html).not.toMatch(/javascript:|onerror|onclick|<script|<img/i);
    expect(await page.getByRole('link', { name: 'Guideline' }).getAttribute('rel')).toContain('noopener');
    expect(await page.getByRole('link', { name: 'Leaflet' }).count()).toBe(0);
    await shoot(page, 'cda-1280');
    await page.getByRole('button', { name: 'Close all' }).click();
    await page.getByText('Return in two weeks').waitFor({ state: 'hidden' });
    await page.getByRole('navigation', { name: 'Contents' }).getByRole('button', { name: 'Plan' }).click();
    await page.getByText('Return in two weeks').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test('a document with a DOCTYPE, and one of an unknown kind, are not opened', async () => {
    server.pages.set('bomb.xml', { type: 'application/xml', body: `<!DOCTYPE a [<!ENTITY b "c">]>${hostile}` });
    const bomb = await document('bomb.xml', 'text/xml', 360);
    await bomb.getByText('document type declaration', { exact: false }).waitFor();
    expect(await overflow(bomb)).toBe(0);
    await bomb.context().close();
    server.pages.set('page.html', { type: 'text/html', body: '<script>1</script>' });
    const page = await document('page.html', 'text/html');
    await page.getByText('This kind of document is not shown here').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  test('a PDF is drawn page by page with its text to select, at 360 px too', async () => {
    const pdf = new PDFDocument({ size: 'A4' });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.fontSize(20).text('Letter to the family doctor').addPage().text('Second page');
    const ended = new Promise((resolve) => { pdf.on('end', resolve); });
    pdf.end();
    await ended;
    server.pages.set('letter.pdf', { type: 'application/pdf', body: Buffer.concat(chunks) });
    const page = await document('letter.pdf', 'application/pdf', 360);
    await page.getByRole('region', { name: 'Page 1 of 2' }).getByText('Letter to the family doctor').waitFor();
    expect(await overflow(page)).toBe(0);
    await page.waitForTimeout(500);
    await shoot(page, 'pdf-360');
    const ink = await page.evaluate(() => {
      const canvas = globalThis.document.querySelector<HTMLCanvasElement>('[role=region] canvas')!;
      return [...canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data].filter((v, at) => at % 4 === 0 && v < 100).length;
    });
    expect(ink).toBeGreaterThan(100);
    expect(await violations(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  const data = process.env['BEDSIDE_TEST_DATA'];
  test.skipIf(!data)('every real C-CDA document is shown with its sections and nothing active (BEDSIDE_TEST_DATA)', async () => {
    const folder = join(data!, 'ccda', 'documents');
    for (const name of readdirSync(folder)) {
      server.pages.set(name, { type: 'application/xml', body: readFileSync(join(folder, name)) });
      const page = await document(encodeURIComponent(name), 'text/xml');
      await page.locator('article h2').waitFor();
      expect(await page.locator('article script, article iframe, article [onclick], article a[href^="javascript"]').count()).toBe(0);
      expect(await page.locator('article h3').count()).toBeGreaterThan(1);
      expect(page.faults).toEqual([]);
      if (name.startsWith('CCD_1')) await shoot(page, 'ccd-real');
      await page.context().close();
    }
  });
});
