import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BedsideError } from '../../../kernel/index.ts';
import { r4 } from '../model/model.ts';
import { plans } from '../params/plan.ts';
import { spanOf } from '../params/dates.ts';
import { limits, parseQuery, splitEscaped } from './query.ts';
import { dateCondition, numberCondition } from './ranges.ts';
import { parameters } from '../access.ts';

const plan = plans(r4);
const known = (type: string) => (r4.resources.includes(type) ? plan(type) : undefined);

/** `fine` for what holds, or is refused as invalid; anything else is told. */
function ending(work: () => boolean): string {
  try {
    return work() ? 'fine' : 'does not hold';
  } catch (error) {
    return error instanceof BedsideError && error.kind === 'invalid' ? 'fine' : String(error);
  }
}

test('any query gives a search or an error that names the parameter, never another failure', () => {
  const piece = fc.constantFrom('patient', 'code', '_has', 'Observation', 'subject', ':', '.', 'name', '_sort', '-', 'date', 'ge2024', '|', ',', '\\', '$', '_include', '*', '_count', '9', '__proto__', 'constructor', 'identifier', 'missing', 'true', '%', '\u0000', "'", '"', '(', '');
  const name = fc.array(piece, { maxLength: 6 }).map((p) => p.join(''));
  fc.assert(fc.property(fc.constantFrom('Patient', 'Observation', 'Task', '__proto__', 'nothing'), fc.array(fc.tuple(fc.oneof(name, fc.string({ maxLength: 20 })), fc.oneof(name, fc.string({ maxLength: 30 }))), { maxLength: 5 }), fc.boolean(), (type, pairs, lenient) => {
    expect(ending(() => {
      const query = parseQuery(known, type, new URLSearchParams(pairs).toString(), lenient);
      return query.count <= limits.count && query.filters.length <= pairs.length;
    })).toBe('fine');
  }), { numRuns: 3000 });
});

test('any date or number value gives a condition or an invalid error', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 30 }), fc.stringMatching(/^(ge|le|ap|eb|xx)?[0-9T:.+Z -]{0,25}$/)), (value) => {
    for (const make of [() => dateCondition('date', value, 'lo', 'hi', parameters(), () => new Date()), () => numberCondition('n', value, 'lo', 'hi', parameters())]) {
      expect(ending(() => /\b(lo|hi)\b/.test(make()))).toBe('fine');
    }
  }), { numRuns: 3000 });
});

test('a separator after a backslash does not separate', () => {
  expect(splitEscaped('a\\,b,c\\\\,d', ',')).toEqual(['a\\,b', 'c\\\\', 'd']);
});

test('a partial date stands for the whole time it names', () => {
  const hours = (text: string): number => { const s = spanOf(text)!; return (s.hi - s.lo) / 3_600_000; };
  expect([hours('2024'), hours('2024-02'), hours('2024-02-29'), hours('2024-02-29T10:00')]).toEqual([366 * 24, 29 * 24, 24, 1 / 60]);
  expect(spanOf('2024-01-01T01:00:00+01:00')!.lo).toBe(Date.UTC(2024, 0, 1));
  expect(spanOf('2024-13')).toBeUndefined();
});
