import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Trouble, patiently, root, say } from './print.mjs';
import { runToEnd } from './child.mjs';
import { nodeOfProject } from './node.mjs';

const web = join(root, 'web');
const dist = join(web, 'dist');
const left = new Set(['dist', 'node_modules', 'coverage']);

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (left.has(entry.name) || entry.name.startsWith('dist.')) continue;
    const at = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(at);
    else if (!/\.test\.tsx?$/.test(entry.name)) yield at;
  }
}

/** Changes when anything changes that the built front end is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of [web, join(root, 'packages')].filter((f) => existsSync(f))) {
    for (const file of filesUnder(folder)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** Builds the front end when its sources changed; the one that is served is replaced only by a whole one. */
export async function provideWeb() {
  if (!existsSync(join(web, 'index.html'))) return;
  const stamp = join(dist, '.stamp');
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  const fresh = join(web, `dist.${process.pid}`);
  await patiently('Building the front end', async () => {
    const { code, output } = await runToEnd(nodeOfProject(), [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'], { quiet: true, cwd: web });
    if (code !== 0) {
      rmSync(fresh, { recursive: true, force: true });
      throw new Trouble(`The front end could not be built:\n\n${output.slice(-4_000)}`);
    }
  });
  writeFileSync(join(fresh, '.stamp'), now);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  say('  the front end is built');
}
