import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const states = ['works', 'partly', 'missing', 'not-software'] as const;
export type State = (typeof states)[number];

/** One requirement, in our words. `kind`: software; configuration of an existing component; hardware that we can only list and check. */
export interface Requirement {
  readonly id: string;
  readonly clause: string;
  readonly area: string;
  readonly level: string;
  readonly kind: string;
  readonly requirement: string;
  readonly evidence: string;
}

/** Our answer to one requirement; paths are relative to the project's root. */
export interface Row {
  readonly id: string;
  readonly state: State;
  readonly where: readonly string[];
  readonly proofs: readonly string[];
}

const header = 'id\tstate\twhere\tproofs';

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const paths = (cell: string): string[] => cell.split(' ').filter((path) => path !== '');

/** Reads requirements.tsv. */
export function parseRequirements(text: string): Requirement[] {
  return lines(text).slice(1).map((line) => {
    const [id = '', clause = '', area = '', level = '', kind = '', requirement = '', evidence = ''] = line.split('\t');
    return { id, clause, area, level, kind, requirement, evidence };
  });
}

/** Reads conformance.tsv; what cannot be read is a fault with its line. */
export function parseRows(text: string): { rows: Row[]; faults: string[] } {
  const [first, ...rest] = lines(text);
  const faults = first === header ? [] : [`conformance.tsv:1: the columns must be ${header.replaceAll('\t', ', ')}`];
  const rows: Row[] = [];
  for (const [i, line] of rest.entries()) {
    const [id = '', state = '', where = '', proofs = '', ...more] = line.split('\t');
    if (more.length > 0) faults.push(`conformance.tsv:${i + 2}: too many columns`);
    const known = states.find((s) => s === state);
    if (known) rows.push({ id, state: known, where: paths(where), proofs: paths(proofs) });
    else faults.push(`conformance.tsv:${i + 2}: ${id} has the unknown state "${state}"; known: ${states.join(', ')}`);
  }
  return { rows, faults };
}

/** Writes conformance.tsv. */
export const formatRows = (rows: readonly Row[]): string => `${[header, ...rows.map((r) => [r.id, r.state, r.where.join(' '), r.proofs.join(' ')].join('\t'))].join('\n')}\n`;

export const tableFile = join(import.meta.dirname, 'conformance.tsv');

/** Both tables as they are in this folder. */
export function readTables(): { requirements: Requirement[]; rows: Row[]; faults: string[] } {
  const requirements = parseRequirements(readFileSync(join(import.meta.dirname, 'requirements.tsv'), 'utf8'));
  return { requirements, ...parseRows(readFileSync(tableFile, 'utf8')) };
}
