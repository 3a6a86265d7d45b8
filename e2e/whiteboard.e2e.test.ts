import { AxeBuilder } from '@axe-core/playwright';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../server/src/kernel/embedded-postgres/index.ts';
import { openDatabase } from '../server/src/kernel/index.ts';
import { startBrowser } from './support/browser.ts';

interface Handle { addImage(picture: Blob, caption: string): Promise<void>; exportPng(): Promise<Blob> }
declare global {
  interface Window { board: { current: Handle | null }; uploaded: string[] }
}
const support = join(import.meta.dirname, 'support');
let folder = '';
let postgres: EmbeddedPostgres;
let child: ChildProcess;
let browser: Browser;
let url = '';
let port = 0;

const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const found = (server.address() as AddressInfo).port;
    server.close(() => resolve(found));
  });
});
const startServer = async (): Promise<void> => {
  child = spawn(process.execPath, [join(support, 'whiteboard-server.ts'), postgres.connectionStringOf('postgres'), join(folder, 'data'), join(folder, 'pages'), String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  url = (await new Promise<Buffer>((resolve) => child.stdout!.once('data', resolve))).toString().trim();
};
const killServer = (): Promise<unknown> => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return ended;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-whiteboard-'));
  await chmod(folder, 0o711);
  await mkdir(join(folder, 'data'));
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../node_modules/vite/bin/vite.js'), 'build', '--config', join(support, 'whiteboard-page/vite.config.ts'), '--outDir', join(folder, 'pages')], { env: { ...process.env, NODE_ENV: 'production' } });
  postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres'), binariesFolder: join(tmpdir(), 'bedside-test-binaries') });
  port = await freePort();
  await startServer();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  if (child) await killServer();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

const foreign: string[] = [];
const open = async (query: string, width = 1_280, height = 800): Promise<Page> => {
  const page = await (await browser.newContext({ viewport: { width, height } })).newPage();
  page.on('request', (request) => { if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url()); });
  await page.goto(`${url}/?${query}`);
  return page;
};
const board = async (ticket: string, more = '', width?: number, height?: number): Promise<Page> => {
  const page = await open(`ticket=${ticket}${more}`, width, height);
  await page.locator('.bedside-whiteboard[data-synced="true"] canvas.interactive').waitFor();
  return page;
};
const draw = async (page: Page, tool: string, from: [number, number], to: [number, number]): Promise<void> => {
  const canvas = (await page.locator('canvas.interactive').boundingBox())!;
  await page.locator(`[data-testid="toolbar-${tool}"]`).click({ force: true });
  await page.mouse.move(canvas.x + from[0], canvas.y + from[1]);
  await page.mouse.down();
  for (let n = 1; n <= 8; n += 1) await page.mouse.move(canvas.x + from[0] + ((to[0] - from[0]) * n) / 8, canvas.y + from[1] + ((to[1] - from[1]) * n) / 8);
  await page.mouse.up();
};
/** Pixels of a region of the drawing that are not the background. */
const inked = (page: Page, at: { x: number; y: number; width: number; height: number }): Promise<number> => page.evaluate(({ x, y, width, height }) => {
  const canvas = document.querySelector<HTMLCanvasElement>('canvas.static')!;
  const scale = canvas.width / canvas.getBoundingClientRect().width;
  const { data } = canvas.getContext('2d')!.getImageData(x * scale, y * scale, width * scale, height * scale);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i]! - data[0]!) + Math.abs(data[i + 1]! - data[1]!) + Math.abs(data[i + 2]! - data[2]!) > 60) count += 1;
  return count;
}, at);
const shown = async (page: Page, at: { x: number; y: number; width: number; height: number }, least: number, withinMs = 1_000): Promise<number> => {
  const began = Date.now();
  while (await inked(page, at) < least) {
    if (Date.now() - began > withinMs) throw new Error(`nothing was drawn there within ${withinMs} ms`);
    await page.waitForTimeout(20);
  }
  return Date.now() - began;
};
const addPicture = (page: Page): Promise<void> => page.evaluate(async () => {
  const canvas = document.createElement('canvas');
  canvas.width = 400;
  canvas.height = 300;
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#204060';
  context.fillRect(0, 0, 400, 300);
  context.fillStyle = '#ffd060';
  context.beginPath();
  context.arc(200, 150, 80, 0, 7);
  context.fill();
  const blob = await new Promise<Blob>((resolve) => { canvas.toBlob((b) => resolve(b!), 'image/png'); });
  await window.board.current!.addImage(blob, 'CT of the chest, slice 12');
});
const pictures = async (name: string, page: Page): Promise<void> => {
  const target = process.env['BEDSIDE_SCREENSHOTS'];
  if (target) await page.screenshot({ path: join(target, `${name}.png`) });
};
const axe = async (page: Page): Promise<string[]> => (await new AxeBuilder({ page }).analyze()).violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 200)}`));

/** The board as it would be printed: how much of it is the yellow of the test picture. */
const printed = (page: Page) => page.evaluate(async () => {
  const bitmap = await createImageBitmap(await window.board.current!.exportPng());
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let yellow = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i]! > 230 && data[i + 1]! > 180 && data[i + 1]! < 230 && data[i + 2]! < 130) yellow += 1;
  return { width: bitmap.width, height: bitmap.height, yellow };
});

test('a stroke and a picture of one show with the other within a second, and are still there after kill -9 of the server', async () => {
  const [a, b] = [await board('b1:a'), await board('b1:b')];
  const where = { x: 380, y: 280, width: 240, height: 160 };
  await draw(a, 'rectangle', [400, 300], [600, 420]);
  const strokeMs = await shown(b, where, 200);
  expect(strokeMs).toBeLessThan(1_000);
  await draw(b, 'freedraw', [650, 200], [760, 330]);
  await shown(a, { x: 640, y: 190, width: 130, height: 150 }, 100);
  const sentAt = Date.now();
  await addPicture(a);
  while ((await printed(b)).yellow < 10_000) if (Date.now() - sentAt > 5_000) throw new Error('the picture did not come');
  const pictureMs = Date.now() - sentAt;
  await a.locator('.bedside-whiteboard[data-unsaved="0"]').waitFor();
  const db = openDatabase({ connectionString: postgres.connectionStringOf('postgres') });
  const { rowCount } = await db.query("select 1 from blob.object where owner = 'Binary/b1'");
  await db.close();
  expect(rowCount).toBe(1);
  const before = await printed(b);
  expect(before.yellow).toBeGreaterThan(10_000);
  expect(pictureMs).toBeLessThan(2_000);
  await pictures('whiteboard-1280', a);

  await killServer();
  await a.getByText('Connection lost').waitFor();
  await draw(a, 'ellipse', [100, 120], [180, 180]);
  await startServer();
  const c = await board('b1:c');
  await a.locator('.bedside-whiteboard[data-unsaved="0"]').waitFor({ timeout: 20_000 });
  await c.waitForTimeout(1_500);
  const after = await printed(c);
  expect(after.yellow).toBe(before.yellow);
  expect(after.height).toBeGreaterThanOrEqual(before.height);
  await a.getByRole('button', { name: 'Keep with the case' }).click();
  await a.getByText('A picture of the board is now with the case.').waitFor();
  expect(await axe(a)).toEqual([]);
  expect(foreign).toEqual([]);
});

test.each(['en', 'zh', 'fr', 'es', 'ar'])('on a phone 360 px wide it is usable, read aloud and without a violation in %s', async (language) => {
  const page = await board(`b-${language}:a`, `&language=${language}`, 360, 720);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await draw(page, 'rectangle', [80, 150], [250, 260]);
  await shown(page, { x: 60, y: 130, width: 210, height: 150 }, 100);
  await page.locator('.bedside-whiteboard[data-unsaved="0"]').waitFor();
  expect(await axe(page)).toEqual([]);
  await pictures(`whiteboard-360-${language}`, page);
  await page.context().close();
});

test('who may only look sees the board and has no tools', async () => {
  const a = await board('b3:a');
  await draw(a, 'rectangle', [300, 200], [500, 320]);
  const b = await board('b3:b:look');
  await shown(b, { x: 280, y: 180, width: 240, height: 160 }, 200);
  expect(await b.locator('[data-testid="toolbar-rectangle"]').count()).toBe(0);
  expect(await b.getByRole('button', { name: 'Keep with the case' }).count()).toBe(0);
  await b.getByText('You are looking on').waitFor();
});

const files = (page: Page) => page.locator('input[type="file"]').first();
const pdf = Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n');

test('files are sent side by side, one that is not what it says is refused in words that help, and the others arrive', async () => {
  const page = await open('upload=1');
  await files(page).setInputFiles([
    { name: 'letter.pdf', mimeType: 'application/pdf', buffer: pdf },
    { name: 'photo.png', mimeType: 'image/png', buffer: pdf },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x'.repeat(30_000_000)) },
  ]);
  await page.locator('li[data-state="done"]').nth(1).waitFor({ timeout: 30_000 });
  await page.getByText('This file is not accepted: its content is application/pdf.').waitFor();
  expect(await page.evaluate(() => window.uploaded.length)).toBe(2);
  expect(await axe(page)).toEqual([]);
  await pictures('upload-1280', page);
});

test('an upload goes on by itself after the server was killed', async () => {
  const page = await open('upload=1', 360, 720);
  await page.route('**/upload/**', async (route) => { await new Promise((resolve) => { setTimeout(resolve, 300); }); await route.continue(); });
  await files(page).setInputFiles([{ name: 'long.txt', mimeType: 'text/plain', buffer: Buffer.from('y'.repeat(40_000_000)) }]);
  await page.getByText(/^(8|16)[.\d]* MB of 40 MB sent/).first().waitFor({ timeout: 20_000 });
  await killServer();
  await page.getByText('Connection lost').waitFor({ timeout: 20_000 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await axe(page)).toEqual([]);
  await pictures('upload-360', page);
  await startServer();
  await page.locator('li[data-state="done"], li[data-state="failed"]').waitFor({ timeout: 60_000 });
  // The record of this test's server is kept in its memory; after the restart it knows no patient, but the upload was not begun anew.
  expect(await page.evaluate(() => window.uploaded.length)).toBe(1);
});
