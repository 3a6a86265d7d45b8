import type { Requirement, Row } from './table.ts';

const isTestFile = (path: string): boolean => /\.test\.tsx?$/.test(path);

/** What is wrong with the table by itself. `exists` tells whether a path of the project is there. */
export function checkTable(requirements: readonly Requirement[], rows: readonly Row[], exists: (path: string) => boolean): string[] {
  const wanted = new Set(requirements.map((r) => r.id));
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const row of rows) {
    if (!wanted.has(row.id)) faults.push(`${row.id}: there is no such requirement`);
    if (seen.has(row.id)) faults.push(`${row.id}: stands twice`);
    seen.add(row.id);
    if ((row.state === 'works' || row.state === 'partly') && row.where.length === 0) faults.push(`${row.id}: ${row.state}, but where is empty`);
    if (row.state === 'works' && row.proofs.length === 0) faults.push(`${row.id}: works, but has no proof`);
    for (const path of row.where) if (!exists(path)) faults.push(`${row.id}: ${path} does not exist`);
    for (const path of row.proofs) {
      if (!isTestFile(path)) faults.push(`${row.id}: the proof ${path} is not a test file`);
      else if (!exists(path)) faults.push(`${row.id}: the proof ${path} does not exist`);
    }
  }
  for (const id of wanted) if (!seen.has(id)) faults.push(`${id}: is missing from conformance.tsv`);
  return faults;
}

/** How the tests of one file went. */
export interface FileResult { readonly passed: number; readonly failed: number; readonly skipped: number }

export interface ProofInput {
  readonly rows: readonly Row[];
  /** Results of this test run by path; a file that was not part of it is absent. */
  readonly results: ReadonlyMap<string, FileResult>;
  /** Text of a test file. */
  readonly read: (path: string) => string;
  /** BEDSIDE_PROVE=all: a proof that was skipped is a fault. */
  readonly proveAll: boolean;
}

const needsOutsideData = (text: string): boolean => text.includes('BEDSIDE_TEST_DATA');
/** A skip is declared when the test says on what it depends, instead of being switched off. */
const declaresItsSkips = (text: string): boolean => needsOutsideData(text) || /\.(?:skipIf|runIf)\(|\bcontext\.skip\(|\bctx\.skip\(|[({]\s*skip\s*[,}]/.test(text);

/** What the proofs of `works` rows came to in this run: faults, and proofs that did not run here for a declared reason. */
export function checkProofs({ rows, results, read, proveAll }: ProofInput): { faults: string[]; notRunHere: string[] } {
  const faults: string[] = [];
  const notRun = new Map<string, string[]>();
  for (const { id, state, proofs } of rows) {
    if (state !== 'works') continue;
    if (proofs.length > 0 && proofs.every((path) => needsOutsideData(read(path)))) faults.push(`${id}: every proof needs outside data; at least one must do without`);
    for (const path of proofs) {
      const result = results.get(path);
      if (!result) faults.push(`${id}: the proof ${path} was not part of this test run`);
      else if (result.failed > 0) faults.push(`${id}: the proof ${path} failed`);
      else if (result.passed > 0) continue;
      else if (proveAll) faults.push(`${id}: the proof ${path} was skipped, and BEDSIDE_PROVE=all wants it run`);
      else if (!declaresItsSkips(read(path))) faults.push(`${id}: the proof ${path} is switched off`);
      else notRun.set(path, [...(notRun.get(path) ?? []), id]);
    }
  }
  return { faults, notRunHere: [...notRun].map(([path, ids]) => `${path} (${ids.join(', ')})`) };
}
