import type { Slot } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { dayIn, daysOf, isNight, weekFrom } from './slots.ts';

const slot = (start: string): Slot => ({ resourceType: 'Slot', status: 'free', schedule: { reference: 'Schedule/1' }, start, end: start });

it('puts a slot on the day it has in the zone of the viewer', () => {
  const slots = [slot('2026-03-02T01:00:00Z'), slot('2026-03-01T23:00:00Z')];
  expect(daysOf(slots, 'UTC').map((one) => one.day)).toEqual(['2026-03-01', '2026-03-02']);
  expect(daysOf(slots, 'Asia/Shanghai').map((one) => [one.day, one.slots.length])).toEqual([['2026-03-02', 2]]);
  expect(dayIn('2026-03-02T01:00:00Z', 'America/Lima')).toBe('2026-03-01');
});
it('counts seven days over the change of the clock', () => {
  expect(weekFrom('2026-03-27')).toEqual(['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31', '2026-04-01', '2026-04-02']);
});
it('knows whose night it is', () => {
  expect(isNight('2026-03-02T09:00:00Z', 'UTC')).toBe(false);
  expect(isNight('2026-03-02T14:00:00Z', 'Asia/Shanghai')).toBe(true);
});
