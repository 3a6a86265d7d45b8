import type { Observation } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/index.ts';

/** One measured quantity over time: the values of one code in one unit. */
export interface Trend {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly times: readonly number[];
  /** One array a line; blood pressure has two. */
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly band: { readonly low?: number | undefined; readonly high?: number | undefined } | undefined;
  /** Oldest first. */
  readonly observations: readonly Observation[];
  readonly latest: Observation;
}

const timeOf = (observation: Observation): string => observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.effectiveInstant ?? observation.issued ?? '';
export const observedAt = timeOf;

export type Flag = 'low' | 'high' | 'critical' | 'abnormal' | undefined;
const flags: Readonly<Record<string, Flag>> = { L: 'low', LL: 'critical', H: 'high', HH: 'critical', A: 'abnormal', AA: 'critical', '<': 'low', '>': 'high' };

/** Whether a value lies outside of what is normal: the laboratory's own flag first, else its reference range. */
export function flagOf(observation: Observation): Flag {
  const code = observation.interpretation?.[0]?.coding?.[0]?.code;
  if (code !== undefined && code !== 'N') return flags[code];
  const value = observation.valueQuantity?.value;
  const range = observation.referenceRange?.find((one) => one.low ?? one.high);
  if (code === 'N' || value === undefined || !range) return undefined;
  if (range.low?.value !== undefined && value < range.low.value) return 'low';
  return range.high?.value !== undefined && value > range.high.value ? 'high' : undefined;
}

const codeKey = (observation: Observation): string => {
  const coding = observation.code?.coding?.[0];
  return coding?.code ? `${coding.system ?? ''}|${coding.code}` : observation.code?.text ?? '';
};

/** Groups numeric observations by code and unit; values in another unit never share a line. Trends with the newest value first. */
export function trendsOf(observations: readonly Observation[]): Trend[] {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const numeric = observation.valueQuantity?.value !== undefined || (observation.component ?? []).some((part) => part.valueQuantity?.value !== undefined);
    if (!numeric || timeOf(observation) === '' || observation.status === 'entered-in-error' || observation.status === 'cancelled') continue;
    const unit = observation.valueQuantity?.unit ?? observation.valueQuantity?.code ?? observation.component?.[0]?.valueQuantity?.unit ?? '';
    const key = `${codeKey(observation)}|${unit}`;
    groups.set(key, [...groups.get(key) ?? [], observation]);
  }
  return [...groups].flatMap(([key, members]) => trendOf(key, members) ?? []).sort((a, b) => timeOf(b.latest).localeCompare(timeOf(a.latest)));
}

function trendOf(key: string, members: readonly Observation[]): Trend | undefined {
  const sorted = [...members].sort((a, b) => Date.parse(timeOf(a)) - Date.parse(timeOf(b)));
  const latest = sorted.at(-1);
  if (!latest) return undefined;
  const range = [...sorted].reverse().flatMap((one) => one.referenceRange ?? []).find((one) => one.low ?? one.high);
  const parts = [...new Set(sorted.flatMap((one) => (one.valueQuantity ? [] : (one.component ?? []).filter((part) => part.valueQuantity).map((part) => conceptText(part.code) ?? ''))))].slice(0, 3);
  const name = conceptText(latest.code) ?? '';
  return {
    key, name, latest, observations: sorted,
    unit: latest.valueQuantity?.unit ?? latest.valueQuantity?.code ?? latest.component?.[0]?.valueQuantity?.unit ?? '',
    times: sorted.map((one) => Date.parse(timeOf(one)) / 1000),
    series: parts.length === 0 ? [{ label: name, values: sorted.map((one) => one.valueQuantity?.value ?? null) }]
      : parts.map((label) => ({ label, values: sorted.map((one) => one.component?.find((part) => conceptText(part.code) === label)?.valueQuantity?.value ?? null) })),
    band: range ? { low: range.low?.value, high: range.high?.value } : undefined,
  };
}
