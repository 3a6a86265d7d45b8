import { Temporal } from 'temporal-polyfill';

/** Dates relative to the day that the network is made on, in the time zone of an institution. */
export interface Days {
  /** `YYYY-MM-DD`, so many days before today (negative: after). */
  date(daysAgo: number): string;
  /** An instant with the zone's offset of that day. @param time `HH:MM` */
  at(daysAgo: number, time: string): string;
  /** ISO day of the week, 1 = Monday. */
  weekday(daysAgo: number): number;
  /** Whole years from a date of birth to that day. */
  ageAt(birthDate: string, daysAgo: number): number;
  readonly zone: string;
}

export function daysFrom(today: string, zone: string): Days {
  const day = (daysAgo: number): Temporal.PlainDate => Temporal.PlainDate.from(today).subtract({ days: daysAgo });
  return {
    zone,
    date: (daysAgo) => day(daysAgo).toString(),
    at: (daysAgo, time) => day(daysAgo).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).toString({ timeZoneName: 'never', smallestUnit: 'second' }),
    weekday: (daysAgo) => day(daysAgo).dayOfWeek,
    ageAt: (birthDate, daysAgo) => Temporal.PlainDate.from(birthDate).until(day(daysAgo), { largestUnit: 'years' }).years,
  };
}

/** `YYYY-MM-DD` of an instant in a zone. */
export const dayIn = (now: Date, zone: string): string => Temporal.Instant.from(now.toISOString()).toZonedDateTimeISO(zone).toPlainDate().toString();
