import { invalid } from '../../../kernel/index.ts';
import { spanOf } from '../params/dates.ts';
import type { Parameters } from '../access.ts';

export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof prefixes)[number];

/** `ge2024` -> ['ge', '2024']; without a prefix it is `eq`. */
export function splitPrefix(value: string): [Prefix, string] {
  const prefix = value.slice(0, 2) as Prefix;
  return prefixes.includes(prefix) ? [prefix, value.slice(2)] : ['eq', value];
}

/** Date criterion over a half-open span in the columns `lo`, `hi` (epoch milliseconds). @see http://hl7.org/fhir/R4/search.html#prefix */
export function dateCondition(name: string, value: string, lo: string, hi: string, p: Parameters, now: () => Date): string {
  const [prefix, text] = splitPrefix(value);
  // A plus sign in a URL reads as a space: forgive it in a time zone.
  const span = spanOf(text.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (!span) throw invalid('search-date', 'Not a date: use YYYY, YYYY-MM, YYYY-MM-DD or a full date and time.', { details: { at: name } });
  // Only what the statement uses may be added: the database refuses a value whose type nothing tells.
  const a = (): string => `${p.add(span.lo)}::float8`;
  const b = (): string => `${p.add(span.hi)}::float8`;
  switch (prefix) {
    case 'eq': return `(${lo} >= ${a()} and ${lo} < ${b()} and ${hi} <= ${b()})`;
    case 'ne': return `not (${lo} >= ${a()} and ${hi} <= ${b()})`;
    case 'gt': return `${hi} > ${b()}`;
    case 'lt': return `${lo} < ${a()}`;
    case 'ge': return `(${lo} >= ${a()} or ${hi} > ${b()})`;
    case 'le': return `(${hi} <= ${b()} or ${lo} < ${a()})`;
    case 'sa': return `${lo} >= ${b()}`;
    case 'eb': return `${hi} <= ${a()}`;
    case 'ap': {
      const slack = Math.max(Math.abs(now().getTime() - span.lo) * 0.1, 86_400_000 / 2);
      return `(${lo} < ${p.add(span.hi + slack)}::float8 and ${hi} > ${p.add(span.lo - slack)}::float8)`;
    }
  }
}

/** Number criterion over a closed range: `eq` means within the precision the number is written with. */
export function numberCondition(name: string, value: string, lo: string, hi: string, p: Parameters): string {
  const [prefix, text] = splitPrefix(value);
  const m = /^[-+]?\d{1,30}(?:\.(\d{1,30}))?(?:[eE]([-+]?\d{1,3}))?$/.exec(text);
  if (!m) throw invalid('search-number', 'Not a number.', { details: { at: name } });
  const n = Number(text);
  const half = 0.5 * 10 ** (Number(m[2] ?? 0) - (m[1]?.length ?? 0));
  const at = (x: number): string => `${p.add(x)}::float8`;
  switch (prefix) {
    case 'eq': return `(${lo} >= ${at(n - half)} and ${hi} < ${at(n + half)})`;
    case 'ne': return `not (${lo} >= ${at(n - half)} and ${hi} < ${at(n + half)})`;
    case 'gt': return `${hi} > ${at(n)}`;
    case 'lt': return `${lo} < ${at(n)}`;
    case 'ge': return `${hi} >= ${at(n)}`;
    case 'le': return `${lo} <= ${at(n)}`;
    case 'sa': return `${lo} > ${at(n)}`;
    case 'eb': return `${hi} < ${at(n)}`;
    case 'ap': { const slack = Math.abs(n) * 0.1; return `(${hi} >= ${at(n - slack)} and ${lo} <= ${at(n + slack)})`; }
  }
}
