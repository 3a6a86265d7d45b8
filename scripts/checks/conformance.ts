import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { checkProofs, checkTable, readTables, states, type FileResult } from '../../conformance/index.ts';
import type { TestReport } from '../test-reports.ts';

/** How each test file went, by its path in the project. */
export function resultsOf(root: string, reports: readonly TestReport[]): Map<string, FileResult> {
  const results = new Map<string, FileResult>();
  for (const file of reports.flatMap((report) => report.testResults)) {
    const count = (wanted: (status: string) => boolean): number => file.assertionResults.filter((t) => wanted(t.status)).length;
    const failed = count((s) => s === 'failed');
    results.set(relative(root, file.name), {
      passed: count((s) => s === 'passed'),
      failed: file.status === 'failed' ? Math.max(1, failed) : failed,
      skipped: count((s) => s !== 'passed' && s !== 'failed'),
    });
  }
  return results;
}

/** Checks the conformance table against this test run. */
export function checkConformance(root: string, reports: readonly TestReport[], proveAll: boolean): { faults: string[]; notes: string[] } {
  const { requirements, rows, faults } = readTables();
  const proofs = checkProofs({ rows, results: resultsOf(root, reports), read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : ''), proveAll });
  const counts = states.map((state) => `${rows.filter((r) => r.state === state).length} ${state}`).join(', ');
  return {
    faults: [...faults, ...checkTable(requirements, rows, (path) => existsSync(join(root, path))), ...proofs.faults],
    notes: [`${rows.length} requirements: ${counts}`, ...(proofs.notRunHere.length > 0 ? ['Proofs that did not run here:', ...proofs.notRunHere.map((p) => `  ${p}`)] : [])],
  };
}
