import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Trouble, patiently, root } from './print.mjs';
import { runNpm } from './npm-run.mjs';

const wantedMajor = 24;
const tools = join(root, '.runtime', 'tools');
const platformPackage = `node-${process.platform}-${process.arch}`;
const isNewEnough = Number(process.versions.node.split('.')[0]) >= wantedMajor;

/** The Node that runs Bedside: this one if it is new enough, else the one among the installed packages. */
export const nodeOfProject = () => (isNewEnough ? process.execPath : join(root, 'node_modules', platformPackage, 'bin', 'node'));

/** npm as the user has it: the one that runs us, or the first on the path. */
function npmOfUser() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.c?js$/.test(running) && existsSync(running)) return running;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'npm');
    if (folder && existsSync(file)) {
      const real = realpathSync(file);
      if (real.endsWith('.js')) return real;
      const beside = join(folder, '../lib/node_modules/npm/bin/npm-cli.js');
      if (existsSync(beside)) return beside;
    }
  }
  throw new Trouble('npm is not installed. It comes with Node.js; Debian has it as a package of its own: apt-get install npm');
}

const versionOf = (npm) => spawnSync(process.execPath, [npm, '--version'], { encoding: 'utf8' }).stdout.trim();

/** A lock file with nothing but these packages of ours (and what they bundle): what we fetch with an unknown npm is checked by hash. */
function lockOf(names) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const dependencies = Object.fromEntries(names.map((name) => [name, packages[`node_modules/${name}`].version]));
  const chosen = Object.entries(packages).filter(([at]) => names.some((name) => at === `node_modules/${name}` || at.startsWith(`node_modules/${name}/`)));
  const own = { name: 'bedside-tools', version: '0.0.0', dependencies };
  const plain = ([at, { optional: _optional, dev: _dev, ...entry }]) => [at, entry];
  return { own, lock: { name: own.name, version: own.version, lockfileVersion: 3, requires: true, packages: { '': own, ...Object.fromEntries(chosen.map(plain)) } } };
}

/**
 * Node 24 and npm 11, from this machine or fetched into .runtime/tools: an older npm trips over the lock file and
 * installs other versions than it says.
 * @returns the files of both, for installing; they do not lie in node_modules, which `npm ci` removes.
 */
export async function provideTools() {
  const usersNpm = npmOfUser();
  if (isNewEnough && Number(versionOf(usersNpm).split('.')[0]) >= 11) return { node: process.execPath, npm: usersNpm };
  const names = ['npm', ...(isNewEnough ? [] : [platformPackage])];
  const known = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies;
  if (!isNewEnough && !known[platformPackage]) throw new Trouble(`Bedside needs Node ${wantedMajor} or later; this is ${process.version}, and for ${process.platform}-${process.arch} there is none to fetch. Install it and start again.`);
  const { own, lock } = lockOf(names);
  const found = { node: isNewEnough ? process.execPath : join(tools, 'node_modules', platformPackage, 'bin', 'node'), npm: join(tools, 'node_modules/npm/bin/npm-cli.js') };
  const marker = join(tools, 'installed.json');
  const wanted = JSON.stringify(own);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted && existsSync(found.node) && existsSync(found.npm)) return found;
  await patiently(`Fetching Node ${wantedMajor} and npm 11 for this folder (this is Node ${process.version})`, async () => {
    rmSync(tools, { recursive: true, force: true });
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, 'package.json'), JSON.stringify(own, null, 2));
    writeFileSync(join(tools, 'package-lock.json'), JSON.stringify(lock, null, 2));
    await runNpm(process.execPath, usersNpm, ['ci', '--prefer-offline', '--prefix', tools, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], tools);
  });
  if (spawnSync(found.node, ['--version']).status !== 0) throw new Trouble(`Node ${wantedMajor} was fetched but does not run on this machine (it needs glibc 2.28 or later). Install Node ${wantedMajor} yourself and start again.`);
  writeFileSync(marker, wanted);
  return found;
}
