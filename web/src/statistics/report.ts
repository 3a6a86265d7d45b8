import type { MeasureReport, MeasureReportGroup } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/index.ts';

export const measures = ['number', 'waiting-time', 'duration', 'score'] as const;
export type MeasureName = (typeof measures)[number];
export const groupings = ['month', 'institution', 'department', 'expert'] as const;
export type Grouping = (typeof groupings)[number];

/** One stratum with its numbers; what was not measured is undefined, never 0. */
export interface StatisticsRow { readonly key: string; readonly label: string; readonly values: Readonly<Partial<Record<MeasureName, number>>> }
export interface Statistics { readonly totals: Readonly<Partial<Record<MeasureName, number>>>; readonly rows: readonly StatisticsRow[] }

const nameOf = (group: MeasureReportGroup): MeasureName | undefined => measures.find((name) => group.code?.coding?.some((coding) => coding.code === name) || group.code?.text === name);

/** Reads a MeasureReport whose groups are numbers and whose strata are the values of the grouping. */
export function readStatistics(report: MeasureReport): Statistics {
  const totals: Partial<Record<MeasureName, number>> = {};
  const rows = new Map<string, { label: string; values: Partial<Record<MeasureName, number>> }>();
  for (const group of report.group ?? []) {
    const name = nameOf(group);
    if (!name) continue;
    const total = group.measureScore?.value ?? group.population?.[0]?.count;
    if (total !== undefined) totals[name] = total;
    for (const stratum of group.stratifier?.[0]?.stratum ?? []) {
      const key = stratum.value?.coding?.[0]?.code ?? conceptText(stratum.value) ?? '';
      const value = stratum.measureScore?.value ?? stratum.population?.[0]?.count;
      const row = rows.get(key) ?? { label: conceptText(stratum.value) ?? key, values: {} };
      if (value !== undefined) row.values[name] = value;
      rows.set(key, row);
    }
  }
  return { totals, rows: [...rows].map(([key, row]) => ({ key, ...row })) };
}
/** Months by time, everything else by number. */
export const sortRows = (rows: readonly StatisticsRow[], grouping: Grouping): StatisticsRow[] =>
  [...rows].sort((a, b) => (grouping === 'month' ? a.key.localeCompare(b.key) : (b.values.number ?? 0) - (a.values.number ?? 0) || a.label.localeCompare(b.label)));
