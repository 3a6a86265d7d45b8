import type { Slot } from '@medplum/fhirtypes';

export interface SlotDay { readonly day: string; readonly slots: readonly Slot[] }

/** The day of an instant in a zone, as YYYY-MM-DD. */
export const dayIn = (instant: string | Date, zone: string): string => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(new Date(instant));

/** Free times by day of the viewer's zone; a slot of the expert's morning may be the viewer's yesterday evening. */
export function daysOf(slots: readonly Slot[], zone: string): SlotDay[] {
  const byDay = new Map<string, Slot[]>();
  for (const slot of [...slots].sort((a, b) => (Date.parse(a.start ?? '') || 0) - (Date.parse(b.start ?? '') || 0))) {
    if (!slot.start) continue;
    const day = dayIn(slot.start, zone);
    byDay.set(day, [...byDay.get(day) ?? [], slot]);
  }
  return [...byDay].map(([day, list]) => ({ day, slots: list }));
}

/** The seven days from a day on. */
export function weekFrom(day: string): string[] {
  const start = Date.parse(`${day}T12:00:00Z`);
  return Array.from({ length: 7 }, (_, index) => new Date(start + index * 86_400_000).toISOString().slice(0, 10));
}
export const shiftDay = (day: string, days: number): string => new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The hour of day of an instant as night shows: before seven or after nine in the evening somebody should sleep. */
export function isNight(instant: string, zone: string): boolean {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(new Date(instant)));
  return hour < 7 || hour >= 21;
}
