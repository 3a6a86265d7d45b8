import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkConformance } from './checks/conformance.ts';
import { root, runProgram, runSteps, reported, staticChecks, type Step } from './checks/index.ts';
import { readReport, tallyOf } from './test-reports.ts';

const reports = join(root, '.runtime/test-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const only = process.argv.slice(2);
const vitest = (heading: string, name: string, args: readonly string[]): Step => ({
  heading,
  run: () => runProgram('vitest', ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${name}.json`)}`, ...only]),
});
const hasEndToEnd = readdirSync(join(root, 'e2e'), { recursive: true, encoding: 'utf8' }).some((f) => f.endsWith('.e2e.test.ts') && !f.includes('node_modules'));

const runs = [
  { name: 'unit', step: vitest('Tests: units and parts on a real PostgreSQL', 'unit', only.length > 0 ? ['--passWithNoTests'] : []) },
  ...(hasEndToEnd ? [{ name: 'e2e', step: vitest('Tests: the product from outside', 'e2e', ['--config', 'e2e/vitest.config.ts', ...(only.length > 0 ? ['--passWithNoTests'] : [])]) }] : []),
];
function conformance(): boolean {
  const { faults, notes } = checkConformance(root, runs.map((r) => readReport(join(reports, `${r.name}.json`))).filter((r) => r !== undefined), process.env['BEDSIDE_PROVE'] === 'all');
  for (const note of notes) console.log(note);
  return reported(faults);
}

const failed = runSteps([
  ...(only.length > 0 ? [] : staticChecks()),
  ...runs.map((r) => r.step),
  ...(only.length > 0 ? [] : [{ heading: 'Conformance', run: conformance }]),
]);
const tally = tallyOf(runs.map((r) => readReport(join(reports, `${r.name}.json`))));
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exit(failed.length > 0 || tally.failed > 0 ? 1 : 0);
