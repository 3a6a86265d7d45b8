import type { MeasureReport } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { readStatistics, sortRows } from './report.ts';

const report: MeasureReport = {
  resourceType: 'MeasureReport', status: 'complete', type: 'summary', measure: 'm', period: {}, group: [
    { code: { coding: [{ code: 'number' }] }, measureScore: { value: 5 }, stratifier: [{ stratum: [{ value: { text: '2026-02' }, measureScore: { value: 3 } }, { value: { text: '2026-01' }, measureScore: { value: 2 } }] }] },
    { code: { coding: [{ code: 'score' }] }, measureScore: { value: 4.5 }, stratifier: [{ stratum: [{ value: { text: '2026-02' }, measureScore: { value: 4.5 } }] }] },
    { code: { coding: [{ code: 'something-else' }] }, measureScore: { value: 1 } },
  ],
};
it('joins the numbers of one stratum into a row and leaves out what was not measured', () => {
  const { totals, rows } = readStatistics(report);
  expect(totals).toEqual({ number: 5, score: 4.5 });
  expect(sortRows(rows, 'month')).toEqual([{ key: '2026-01', label: '2026-01', values: { number: 2 } }, { key: '2026-02', label: '2026-02', values: { number: 3, score: 4.5 } }]);
  expect(sortRows(rows, 'expert').map((row) => row.label)).toEqual(['2026-02', '2026-01']);
});
