import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Step {
  readonly heading: string;
  /** True when the step succeeded. */
  run(): boolean;
}

const bin = (name: string): string => join(root, 'node_modules/.bin', name);

/** Runs a program of the project in the root folder with this Node first on the path; its output goes to the terminal. */
export function runProgram(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(process.execPath, [bin(name), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  return status === 0;
}

const hasSources = (folder: string): boolean => readdirSync(folder, { withFileTypes: true })
  .some((entry) => (entry.isDirectory() ? !['node_modules', 'dist'].includes(entry.name) && hasSources(join(folder, entry.name)) : /\.tsx?$/.test(entry.name) && entry.name !== 'vite.config.ts'));

/** One type check for each part that has sources. */
export function typeChecks(): Step[] {
  return ['server', 'web', 'e2e', 'bench', 'scripts'].filter((part) => hasSources(join(root, part))).map((part) => ({
    heading: `Types: ${part}`,
    run: () => runProgram('tsc', ['-p', part, '--noEmit']),
  }));
}

/** Reports the faults that a check of ours found. */
export function reported(faults: readonly string[]): boolean {
  for (const fault of faults) console.error(fault);
  return faults.length === 0;
}

/** Runs steps under their headings. @returns the headings of those that failed. */
export function runSteps(steps: readonly Step[]): string[] {
  const failed: string[] = [];
  for (const step of steps) {
    console.log(`\n## ${step.heading}`);
    const beganMs = performance.now();
    const ok = step.run();
    console.log(`${ok ? 'ok' : 'FAILED'} (${((performance.now() - beganMs) / 1000).toFixed(1)} s)`);
    if (!ok) failed.push(step.heading);
  }
  return failed;
}
