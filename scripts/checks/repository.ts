import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What would tie the repository to one machine or one network: folders of somebody's own, hosts of package registries, download addresses in the lock file. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[\s"'`=(:])\/(?:work|root|home\/[a-z][\w-]*|Users\/[A-Za-z][\w-]*)\/[\w.-]/m, 'an absolute path of one particular machine'],
  [/\bregistry\.(?:npmjs|yarnpkg)\.(?:org|com)\b|\bnpm\.pkg\.github\.com\b|\bdeb\.debian\.org\b|\bpypi\.org\b/, 'the host of a package registry'],
  [/^\s*"resolved": "https?:/m, 'a download address in a lock file'],
];

const selfContained = new Set(['scripts/checks/repository.ts', 'scripts/checks/repository.test.ts']);

/** The faults of one file's text. */
export function faultsOf(path: string, text: string): string[] {
  return forbidden.flatMap(([pattern, what]) => {
    const hit = pattern.exec(text);
    if (!hit) return [];
    const line = text.slice(0, hit.index + hit[0].length).split('\n').length;
    return [`${path}:${line}: ${what}: ${hit[0].trim().slice(0, 60)}`];
  });
}

/** Reads every file that git knows or would add, and names what does not belong there. */
export function checkRepository(root: string): string[] {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 }).split('\0').filter(Boolean);
  return files.filter((file) => !selfContained.has(file)).flatMap((file) => {
    const at = join(root, file);
    const stat = statSync(at, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > 8 << 20) return [];
    const bytes = readFileSync(at);
    return bytes.subarray(0, 8_192).includes(0) ? [] : faultsOf(file, bytes.toString('utf8'));
  });
}
