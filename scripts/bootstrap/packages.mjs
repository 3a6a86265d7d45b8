import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Trouble, patiently, root, say } from './print.mjs';
import { provideTools } from './node.mjs';
import { runNpm } from './npm-run.mjs';

const lockFile = join(root, 'package-lock.json');
const marker = join(root, '.runtime', 'packages-installed');
const neededBytes = 2.5e9;

const fits = (entry, key, mine) => entry[key] === undefined || [entry[key]].flat().includes(mine);

/** True when node_modules holds what the lock file says, whoever put it there. */
function isInstalled() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  const there = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([at, entry]) => {
    if (!at.includes('node_modules/') || entry.link) return true;
    if (there[at]) return there[at].version === entry.version;
    const forUs = fits(entry, 'os', process.platform) && fits(entry, 'cpu', process.arch) && fits(entry, 'libc', 'glibc') && (entry.os ?? entry.cpu) !== undefined;
    return (entry.optional || entry.devOptional || entry.peer) && !forUs;
  });
}

/** Installs the packages when the lock file changed since the last time. Nothing is run by them (`ignore-scripts`). */
export async function providePackages() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash && existsSync(join(root, 'node_modules/.package-lock.json'))) return;
  mkdirSync(join(root, '.runtime'), { recursive: true });
  if (!isInstalled()) {
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < neededBytes) throw new Trouble(`Only ${Math.round((bavail * bsize) / 1e6)} MB are free where ${root} lies; the packages need about ${neededBytes / 1e6} MB. Free some and start again.`);
    const { node, npm } = await provideTools();
    await patiently('Installing packages (only at the first start and after updates; a minute or two)', () => runNpm(node, npm, ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], root));
    say('  packages are installed');
  }
  writeFileSync(marker, hash);
}
