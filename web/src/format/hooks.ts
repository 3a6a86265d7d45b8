import { useMemo } from 'react';
import type { HumanName, Observation, Quantity } from '@medplum/fhirtypes';
import { useTranslation } from 'react-i18next';
import { isLanguage, type Language } from './locale.ts';
import { formatName } from './person.ts';
import { formatBytes, formatNumber, formatObservationValue, formatQuantity } from './quantity.ts';
import { formatAge, formatDate, formatDateTime, formatMinutes, formatRelative, formatTime, formatWeekday, type When } from './time.ts';
import { useZone } from './zone.tsx';

/** All formatters, bound to the language and the time zone of the person. */
export function useFormat() {
  const { i18n } = useTranslation();
  const zone = useZone();
  const language: Language = isLanguage(i18n.language) ? i18n.language : 'en';
  return useMemo(() => ({
    language, zone,
    name: (name: HumanName | readonly HumanName[] | undefined) => formatName(name),
    age: (birthDate: string | undefined, until?: Date) => formatAge(birthDate, language, until),
    date: (when: When, style?: 'medium' | 'long') => formatDate(when, language, { zone, ...(style ? { style } : {}) }),
    dateTime: (when: When, options: { zone?: string; withZone?: boolean; weekday?: boolean } = {}) => formatDateTime(when, language, { zone, ...options }),
    time: (when: When, options: { zone?: string; withZone?: boolean } = {}) => formatTime(when, language, { zone, ...options }),
    weekday: (when: When) => formatWeekday(when, language, zone),
    relative: (when: When, now?: Date) => formatRelative(when, language, now),
    minutes: (minutes: number) => formatMinutes(minutes, language),
    number: (value: number, options?: Intl.NumberFormatOptions) => formatNumber(value, language, options),
    quantity: (quantity: Quantity | undefined) => formatQuantity(quantity, language),
    value: (observation: Observation) => formatObservationValue(observation, language),
    bytes: (bytes: number) => formatBytes(bytes, language),
  }), [language, zone]);
}
export type Format = ReturnType<typeof useFormat>;
