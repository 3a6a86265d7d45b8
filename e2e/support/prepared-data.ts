import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { emptyData, endMain, runMain } from './main-process.ts';

const prefix = 'bedside-e2e-prepared-';
const keptMs = 20 * 60_000;

/** What the written network depends on: the sources of the server and its packages, and the day (free times begin with it). */
async function stateOf(root: string): Promise<string> {
  const hash = createHash('sha256').update(new Date().toISOString().slice(0, 10));
  for (const folder of ['server/src', 'packages']) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('node_modules')).toSorted();
    for (const name of files) hash.update(name).update(await readFile(join(root, folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Removes what older sources left behind; a copy that is being taken is younger. */
async function tidy(keep: string): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix) || name === basename(keep)) continue;
    const folder = join(tmpdir(), name);
    const age = await stat(folder).then((s) => Date.now() - s.mtimeMs, () => 0);
    if (age > keptMs) await rm(folder, { recursive: true, force: true });
  }
}

/** A data folder with the demonstration network in it, of a server that was ended in order. Made by running the server once (about half a minute). */
export async function preparedData(root: string): Promise<string> {
  const folder = join(tmpdir(), prefix + await stateOf(root));
  if (existsSync(folder)) return folder;
  await tidy(folder);
  const making = await emptyData();
  try {
    let said = '';
    const running = await runMain({ BEDSIDE_DATA: making, BEDSIDE_DEMO: '1', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn' }, (text) => { said = (said + text).slice(-4_000); });
    const code = await endMain(running, 'SIGTERM');
    if (code !== 0) throw new Error(`The server ended with ${String(code)} after preparing:\n${said}`);
    await chmod(making, 0o711);
    await rename(making, folder);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another run was faster
  }
  return folder;
}
