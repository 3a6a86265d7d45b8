import { localeTag } from './locale.ts';

export type When = string | Date | undefined;
const instant = (when: When): Date | undefined => {
  if (when === undefined || when === '') return undefined;
  const date = when instanceof Date ? when : new Date(when);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** A FHIR date keeps its precision: `1962` stays a year, `1962-03` a month; a day is never shifted by a time zone. */
export function formatDate(value: When, language: string, options: { zone?: string; style?: 'medium' | 'long' } = {}): string {
  if (value === undefined || value === '') return '';
  const tag = localeTag(language);
  const month = options.style === 'long' ? 'long' : 'short';
  if (typeof value === 'string' && /^\d{4}$/.test(value)) return value;
  if (typeof value === 'string' && /^\d{4}-\d{2}$/.test(value)) return new Intl.DateTimeFormat(tag, { year: 'numeric', month, timeZone: 'UTC' }).format(new Date(`${value}-01T00:00:00Z`));
  const plainDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = instant(plainDay ? `${String(value)}T00:00:00Z` : value);
  if (!date) return typeof value === 'string' ? value : '';
  return new Intl.DateTimeFormat(tag, { year: 'numeric', month, day: 'numeric', ...(plainDay ? { timeZone: 'UTC' } : zoneOption(options.zone)) }).format(date);
}

const zoneOption = (zone: string | undefined): { timeZone?: string } => (zone ? { timeZone: zone } : {});

/** Day and time, with the zone's short name, so that nobody has to guess whose nine o'clock it is. */
export function formatDateTime(value: When, language: string, options: { zone?: string; withZone?: boolean; weekday?: boolean } = {}): string {
  if (typeof value === 'string' && value.length <= 10) return formatDate(value, language);
  const date = instant(value);
  if (!date) return '';
  return new Intl.DateTimeFormat(localeTag(language), {
    year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit',
    ...(options.weekday ? { weekday: 'short' } : {}), ...(options.withZone === false ? {} : { timeZoneName: 'short' }), ...zoneOption(options.zone),
  }).format(date);
}

export function formatTime(value: When, language: string, options: { zone?: string; withZone?: boolean } = {}): string {
  const date = instant(value);
  if (!date) return '';
  return new Intl.DateTimeFormat(localeTag(language), { hour: '2-digit', minute: '2-digit', ...(options.withZone ? { timeZoneName: 'short' } : {}), ...zoneOption(options.zone) }).format(date);
}

export function formatWeekday(value: When, language: string, zone?: string): string {
  const date = instant(value);
  return date ? new Intl.DateTimeFormat(localeTag(language), { weekday: 'short', day: 'numeric', month: 'short', ...zoneOption(zone) }).format(date) : '';
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [['year', 31_557_600], ['month', 2_629_800], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** `in 5 minutes`, `2 days ago`. */
export function formatRelative(value: When, language: string, now: Date = new Date()): string {
  const date = instant(value);
  if (!date) return '';
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60];
  return new Intl.RelativeTimeFormat(localeTag(language), { numeric: 'auto' }).format(Math.round(seconds / size), unit as Intl.RelativeTimeFormatUnit);
}

/** `1 h 05 min` from minutes, in the locale's own units. */
export function formatMinutes(minutes: number, language: string): string {
  const unit = (value: number, name: 'hour' | 'minute' | 'day'): string => new Intl.NumberFormat(localeTag(language), { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value);
  const rounded = Math.round(minutes);
  if (rounded < 60) return unit(rounded, 'minute');
  if (rounded < 48 * 60) return rounded % 60 === 0 ? unit(rounded / 60, 'hour') : `${unit(Math.floor(rounded / 60), 'hour')} ${unit(rounded % 60, 'minute')}`;
  return unit(Math.round(rounded / 1440), 'day');
}

/** Whole years and months between birth and death or now. */
export function ageOf(birthDate: string | undefined, until: Date): { years: number; months: number } | undefined {
  const birth = instant(birthDate);
  if (!birth || birth > until) return undefined;
  let months = (until.getUTCFullYear() - birth.getUTCFullYear()) * 12 + until.getUTCMonth() - birth.getUTCMonth();
  if (until.getUTCDate() < birth.getUTCDate()) months -= 1;
  return { years: Math.floor(months / 12), months: months % 12 };
}

/** Age as doctors say it: months below two years, years after. */
export function formatAge(birthDate: string | undefined, language: string, until: Date = new Date()): string {
  const age = ageOf(birthDate, until);
  if (!age) return '';
  const [value, unit] = age.years < 2 ? [age.years * 12 + age.months, 'month'] : [age.years, 'year'];
  return new Intl.NumberFormat(localeTag(language), { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(Number(value));
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** City of an IANA zone, readable: `America/Argentina/Buenos_Aires` -> `Buenos Aires`. */
export const zoneCity = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
    return true;
  } catch {
    return false;
  }
};
