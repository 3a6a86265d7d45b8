/** Step 5: the record beside the conversation, and a board to draw on together. */
import type { Bundle, DocumentReference } from '@medplum/fhirtypes';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { firstOf } from '../case.ts';
import { until } from '../room-calls.ts';
import { risesFrom } from './media.ts';
import { control } from './meeting.ts';
import type { World } from './world.ts';

declare global {
  interface Window { boardChangedAt: number | undefined }
}

const board = (page: Page): Locator => page.getByRole('region', { name: 'Shared whiteboard' });

async function openSide(page: Page): Promise<void> {
  const button = control(page, 'Materials and whiteboard');
  if (await button.getAttribute('aria-pressed') !== 'true') await button.click();
}
async function openBoard(page: Page): Promise<void> {
  await openSide(page);
  await page.getByRole('tab', { name: 'Whiteboard' }).click();
  await board(page).getByText('Everything is saved').waitFor();
  await board(page).locator('canvas.interactive').waitFor();
}

/** Notes when the drawing changes next, by the page's own clock. */
const watchBoard = (page: Page): Promise<void> => page.evaluate(() => {
  window.boardChangedAt = undefined;
  const canvas = document.querySelector<HTMLCanvasElement>('canvas.static')!;
  const sum = (): number => canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.reduce((total, value, at) => (total + value * ((at % 251) + 1)) % 2_147_483_647, 0);
  const before = sum();
  const look = (): void => {
    if (sum() === before) setTimeout(look, 20);
    else window.boardChangedAt = Date.now();
  };
  look();
});

/** Draws by hand. @returns when the pen was lifted. */
async function stroke(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<number> {
  await board(page).locator('[data-testid="toolbar-freedraw"]').click({ force: true });
  const canvas = (await board(page).locator('canvas.interactive').boundingBox())!;
  const at = (part: number): [number, number] => [canvas.x + canvas.width * (from[0] + (to[0] - from[0]) * part), canvas.y + canvas.height * (from[1] + (to[1] - from[1]) * part)];
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let part = 1; part <= 8; part += 1) await page.mouse.move(...at(part / 8));
  await page.mouse.up();
  return page.evaluate(() => Date.now());
}

/** How many pixels of the drawing are as dark as the air in a CT: no stroke and no sign of a missing picture has so many. */
const darkPixels = (page: Page): Promise<number> => board(page).locator('canvas.static').evaluate((element) => {
  const canvas = element as HTMLCanvasElement;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at]! > 40 && data[at]! < 90 && Math.abs(data[at]! - data[at + 1]!) < 6) count += 1;
  return count;
});

export async function drawTogether(world: World, a: Page, b: Page, caseId: string): Promise<void> {
  await openSide(a);
  await a.getByRole('button', { name: /CT of the chest \(phantom\)/ }).click();
  const panel = a.getByRole('tabpanel', { name: 'Materials' });
  await panel.getByRole('application').and(a.locator('[data-rendered=true]')).waitFor();
  await panel.getByText('Image 1 of 60').first().waitFor();
  await risesFrom(a, 'the pictures go on beside the material', 2);
  await world.look(a, 'room-material');

  await Promise.all([openBoard(a), openBoard(b)]);
  await watchBoard(b);
  const liftedAt = await stroke(a, [0.35, 0.45], [0.6, 0.6]);
  await until('the stroke shows with the other', async () => await b.evaluate(() => window.boardChangedAt) !== undefined, 5_000);
  expect((await b.evaluate(() => window.boardChangedAt))! - liftedAt).toBeLessThan(1_000);
  await watchBoard(a);
  const answeredAt = await stroke(b, [0.4, 0.7], [0.7, 0.75]);
  await until('the answer shows with the first', async () => await a.evaluate(() => window.boardChangedAt) !== undefined, 5_000);
  expect((await a.evaluate(() => window.boardChangedAt))! - answeredAt).toBeLessThan(1_000);

  // An image of the record is put on the board, and drawn upon.
  await watchBoard(b);
  await a.getByRole('tab', { name: 'Materials' }).last().click();
  await panel.getByRole('button', { name: 'Put on the whiteboard' }).click();
  await board(a).getByText('Everything is saved').waitFor();
  await until('the image is on the board', async () => await darkPixels(a) > 2_000);
  await board(b).locator('canvas.interactive').click({ position: { x: 30, y: 200 } });
  await b.keyboard.press('Shift+1');
  await until('the image is with the other', async () => await darkPixels(b) > 2_000, 20_000);
  await stroke(a, [0.4, 0.5], [0.6, 0.5]);
  await board(a).locator('[data-testid="toolbar-text"]').click({ force: true });
  await board(a).locator('canvas.interactive').click({ position: { x: 120, y: 420 } });
  await a.keyboard.type('Biopsy from here');
  await a.keyboard.press('Escape');
  await board(a).getByText('Everything is saved').waitFor();
  await world.look(a, 'whiteboard');

  await board(a).getByRole('button', { name: 'Keep with the case' }).click();
  await board(a).getByText('A picture of the board is now with the case.').waitFor();
  const reader = await world.server.as('dr-b');
  const kept = firstOf<DocumentReference>(await reader.fhir<Bundle>('GET', `DocumentReference?_tag=urn:bedside:case|${caseId}&type=urn:bedside:document|whiteboard`));
  const [picture, scene] = kept.content.map((one) => one.attachment);
  expect(picture).toMatchObject({ contentType: 'image/png' });
  const drawn = await reader.ask('GET', `/fhir/${scene!.url}`, { headers: { accept: '*/*' } });
  expect(drawn.text).toContain('Biopsy from here');
  expect(drawn.text).toContain('freedraw');
}
