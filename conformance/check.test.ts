import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkProofs, checkTable, parseRows, readTables, type Requirement, type Row } from './index.ts';

const requirement = (id: string): Requirement => ({ id, clause: '8', area: 'a', level: 'required', kind: 'software', requirement: 'r', evidence: 'e' });
const row = (id: string, more: Partial<Row> = {}): Row => ({ id, state: 'missing', where: [], proofs: [], ...more });
const proven = row('8-01', { state: 'works', where: ['server/src/x'], proofs: ['x.test.ts'] });
const ran = { passed: 1, failed: 0, skipped: 0 };
const prove = (rows: Row[], results: [string, typeof ran][], text = '', proveAll = false) => checkProofs({ rows, results: new Map(results), read: () => text, proveAll });

test('the table in this folder answers each of the 563 requirements once, with paths that exist', () => {
  const { requirements, rows, faults } = readTables();
  expect(requirements).toHaveLength(563);
  expect([...faults, ...checkTable(requirements, rows, (path) => existsSync(join(import.meta.dirname, '..', path)))]).toEqual([]);
});

test('an id that is unknown, doubled or left out is a fault', () => {
  expect(checkTable([requirement('8-01'), requirement('8-02')], [row('8-01'), row('8-01'), row('9-99')], () => true)).toEqual([
    '8-01: stands twice', '9-99: there is no such requirement', '8-02: is missing from conformance.tsv',
  ]);
});

test('a row that works says where, and has a proof that is an existing test file', () => {
  const check = (more: Partial<Row>, exists = true) => checkTable([requirement('8-01')], [row('8-01', { state: 'works', ...more })], () => exists);
  expect(check({})).toHaveLength(2);
  expect(check({ where: ['a'], proofs: ['a.ts'] })).toEqual(['8-01: the proof a.ts is not a test file']);
  expect(check({ where: [], proofs: ['a.test.ts'] }, false)).toContain('8-01: the proof a.test.ts does not exist');
  expect(check({ where: ['a'], proofs: ['a.test.ts'] })).toEqual([]);
});

test('an unknown state and a surplus column are faults with their line', () => {
  expect(parseRows('id\tstate\twhere\tproofs\n8-01\tdone\t\t\n8-02\tmissing\t\t\tx\n').faults).toEqual([
    expect.stringContaining(':2: 8-01 has the unknown state "done"'), expect.stringContaining(':3: too many columns'),
  ]);
});

test('a proof must have run and passed in this run', () => {
  expect(prove([proven], [['x.test.ts', ran]]).faults).toEqual([]);
  expect(prove([proven], []).faults).toEqual(['8-01: the proof x.test.ts was not part of this test run']);
  expect(prove([proven], [['x.test.ts', { ...ran, failed: 1 }]]).faults).toEqual(['8-01: the proof x.test.ts failed']);
});

test('a proof that was skipped for a declared reason is listed, and is a fault when everything must be proven', () => {
  const skipped: [string, typeof ran][] = [['x.test.ts', { passed: 0, failed: 0, skipped: 2 }]];
  expect(prove([proven], skipped, 'test.skipIf(!program)')).toEqual({ faults: [], notRunHere: ['x.test.ts (8-01)'] });
  expect(prove([proven], skipped, 'test.skipIf(!program)', true).faults).toHaveLength(1);
  expect(prove([proven], skipped, 'test.skip(')).toEqual({ faults: ['8-01: the proof x.test.ts is switched off'], notRunHere: [] });
});

test('a row whose every proof needs outside data is a fault, even when they ran', () => {
  expect(prove([proven], [['x.test.ts', ran]], 'process.env.BEDSIDE_TEST_DATA').faults).toEqual(['8-01: every proof needs outside data; at least one must do without']);
});
