import type { Language } from '../../../kernel/index.ts';

/** Western digits and the Gregorian calendar in every language: figures of a medical report must not be misread. */
const tags: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', fr: 'fr', es: 'es', ar: 'ar-u-nu-latn-ca-gregory' };

/** An instant in words of the language, in a time zone, with its name. */
export const instantText = (at: Date, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(tags[language], { year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone, timeZoneName: 'short' }).format(at);

export const dayText = (at: Date, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(tags[language], { year: 'numeric', month: 'long', day: 'numeric', timeZone }).format(at);

/** A FHIR date with the precision it has; text that is no date is given back as it is. */
export function birthDateText(date: string, language: Language): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', ...(month ? { month: 'long' } : {}), ...(day ? { day: 'numeric' } : {}), timeZone: 'UTC' };
  const at = new Date(Date.UTC(Number(year), Number(month ?? '1') - 1, Number(day ?? '1')));
  return new Intl.DateTimeFormat(tags[language], options).format(at);
}
