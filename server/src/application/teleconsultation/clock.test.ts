import type { Appointment, Parameters } from '@medplum/fhirtypes';
import { expect, test } from 'vitest';
import { BedsideError } from '../../kernel/index.ts';
import { offers, type RegionStates } from '../process/index.ts';
import { attempt, clinician, exampleCase, invited } from '../process/testing.ts';
import { teleconsultation } from './definition.ts';

const dra = clinician('a', 'district');
const drb = clinician('b', 'university');
const at = (states: Partial<RegionStates>): RegionStates => ({ ...teleconsultation.initial, request: 'accepted', ...states });
const accepted = exampleCase(at({}), { invitations: [{ ...invited('b', 'university'), task: { ...invited('b', 'university').task, status: 'accepted' } }] });
const startAt = (valueDateTime: string): Parameters => ({ resourceType: 'Parameters', parameter: [{ name: 'start', valueDateTime }, { name: 'minutes', valueInteger: 90 }] });
const propose = (start: string, now: string) => attempt(teleconsultation, accepted, 'propose-time', drb, { input: startAt(start), now: new Date(now) }).effects.create![0] as Appointment;
const agree = (appointment: Appointment, now: string) => attempt(teleconsultation, { ...accepted, states: at({ time: 'proposed' }), appointment }, 'agree-time', dra, { now: new Date(now) }).effects;
const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof BedsideError) return error.code;
    throw error;
  }
  return 'done';
};

test('on the night when the clocks go forward an appointment lasts as long as it says, and its reminders come as long before', () => {
  // In Madrid 02:00 becomes 03:00 at 01:00 UTC.
  const appointment = propose('2026-03-29T01:30:00+01:00', '2026-03-28T08:00:00Z');
  expect([appointment.start, appointment.end]).toEqual(['2026-03-29T00:30:00.000Z', '2026-03-29T02:00:00.000Z']);
  const minutesBefore = (agree(appointment, '2026-03-28T08:00:00Z').jobs ?? []).map((job) => (Date.parse(appointment.start!) - job.at.getTime()) / 60_000);
  expect(minutesBefore).toEqual([...teleconsultation.scheduling.remindersMinutesBefore].filter((minutes) => minutes < 16.5 * 60));
});

test('the hour that comes twice when the clocks go back is two hours, told apart by their offset; a time without one is refused', () => {
  const now = '2026-10-24T08:00:00Z';
  const [summer, winter] = [propose('2026-10-25T02:30:00+02:00', now), propose('2026-10-25T02:30:00+01:00', now)];
  expect(Date.parse(winter.start!) - Date.parse(summer.start!)).toBe(3_600_000);
  const [first, second] = [agree(summer, now).jobs!, agree(winter, now).jobs!];
  expect(second.map((job, i) => job.at.getTime() - first[i]!.at.getTime())).toEqual(first.map(() => 3_600_000));
  expect(refusalOf(() => propose('2026-10-25T02:30:00', now))).toBe('wrong-input');
});

test('a clock that jumps ahead refuses what is over, and one that jumps back closes the door again, without harm', () => {
  const appointment = propose('2026-03-03T09:00:00Z', '2026-03-02T08:00:00Z');
  expect(refusalOf(() => agree(appointment, '2026-03-04T00:00:00Z'))).toBe('time-past');
  expect(agree(appointment, '2026-03-03T08:59:00Z').jobs).toEqual([]); // reminders that would be late are not made
  const agreed = { ...accepted, states: at({ time: 'agreed' }), appointment: { ...appointment, status: 'booked' as const } };
  const blocked = (now: string) => offers(teleconsultation, agreed, dra, new Date(now)).find((o) => o.action.code === 'join-session')?.blocked;
  expect([blocked('2026-03-03T08:45:00Z'), blocked('2026-03-02T08:45:00Z'), blocked('2026-03-03T08:46:00Z')]).toEqual([undefined, 'too-early', undefined]);
});
