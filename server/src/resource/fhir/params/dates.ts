/** A span of time in epoch milliseconds: `lo` belongs to it, `hi` does not. Open ends are infinite. */
export interface Span { readonly lo: number; readonly hi: number }

const pattern = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The span that a FHIR date, dateTime or instant of any precision stands for; without a zone it is taken as UTC. Undefined when it is none. */
export function spanOf(text: string): Span | undefined {
  const m = pattern.exec(text);
  if (!m) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = m;
  const y = Number(year);
  const mo = month === undefined ? 0 : Number(month) - 1;
  const d = day === undefined ? 1 : Number(day);
  if (mo > 11 || mo < 0 || d < 1 || d > 31) return undefined;
  const base = utc(y, mo, d);
  if (hour === undefined) {
    const until = day !== undefined ? utc(y, mo, d + 1) : month !== undefined ? utc(y, mo + 1, 1) : utc(y + 1, 0, 1);
    return Number.isNaN(base) ? undefined : { lo: base, hi: until };
  }
  const [h, mi, s] = [Number(hour), Number(minute), Number(second ?? 0)];
  if (h > 24 || mi > 59 || s > 60) return undefined;
  const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const offset = zone === undefined || zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const lo = base + ((h * 60 + mi - offset) * 60 + s) * 1000 + ms;
  const width = second === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
  return { lo, hi: lo + width };
}

function utc(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getTime();
}
