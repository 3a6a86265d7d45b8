import { existsSync, readFileSync } from 'node:fs';

export const testStatuses = ['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled'] as const;
type TestStatus = (typeof testStatuses)[number];

/** The part of Vitest's JSON report that we read. */
export interface TestReport {
  readonly testResults: readonly {
    /** Absolute path of the test file. */
    readonly name: string;
    readonly status: 'passed' | 'failed';
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: TestStatus }[];
  }[];
}

export interface Tally { readonly passed: number; readonly failed: number; readonly skipped: number }

/** Reads a report; undefined when the run ended before it wrote one. */
export function readReport(file: string): TestReport | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestReport) : undefined;
}

/** Counts tests; a run without a report, and a file that could not be loaded, count as one failure each. */
export function tallyOf(reports: readonly (TestReport | undefined)[]): Tally {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const report of reports) {
    if (!report) { failed += 1; continue; }
    for (const file of report.testResults) {
      if (file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed')) failed += 1;
      for (const { status } of file.assertionResults) {
        if (status === 'passed') passed += 1;
        else if (status === 'failed') failed += 1;
        else skipped += 1;
      }
    }
  }
  return { passed, failed, skipped };
}
