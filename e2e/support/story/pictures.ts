import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

const folder = join(import.meta.dirname, '../../../docs/pictures');

/** With STORY_PICTURES=1, keeps the screen as docs/pictures/NAME.png, small enough for README. Needs ImageMagick. */
export async function savePicture(page: Page, name: string): Promise<void> {
  if (process.env['STORY_PICTURES'] !== '1') return;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.png`);
  const raw = `${file}.raw.png`;
  await writeFile(raw, await page.screenshot({ animations: 'disabled' }));
  await promisify(execFile)('convert', [raw, '-resize', '1120x', '-dither', 'None', '-colors', '128', '-strip', `png8:${file}`]);
  await rm(raw);
}
