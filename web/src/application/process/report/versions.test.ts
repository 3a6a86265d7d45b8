import type { Composition, DiagnosticReport } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { publishedReports } from './versions.ts';

const report = (id: string, status: DiagnosticReport['status']): DiagnosticReport => ({ resourceType: 'DiagnosticReport', id, status, code: {} });
const text = (id: string, status: Composition['status']): Composition => ({ resourceType: 'Composition', id, status, type: {}, date: '2026-01-01', author: [], title: '' });

it('gives each published report with its text, the newest first', () => {
  const found = publishedReports({ reports: [report('r1', 'final'), report('r2', 'corrected')], compositions: [text('c1', 'final'), text('c2', 'amended')] });
  expect(found.map((one) => [one.number, one.report.id, one.composition.id])).toEqual([[2, 'r2', 'c2'], [1, 'r1', 'c1']]);
});
it('leaves out a correction that is being written, also when it is signed', () => {
  const reports = [report('r1', 'final'), report('r2', 'preliminary')];
  const compositions = [text('c1', 'final'), text('c2', 'preliminary')];
  expect(publishedReports({ reports, compositions }).map((one) => one.report.id)).toEqual(['r1']);
  expect(publishedReports({ reports: reports.slice(0, 1), compositions }).map((one) => one.report.id)).toEqual(['r1']);
});
