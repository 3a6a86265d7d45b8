/** The languages in which every text of the product exists. */
export const languages = ['en', 'zh', 'fr', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Each language in its own words. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文', fr: 'Français', es: 'Español', ar: 'العربية' };

export const isLanguage = (text: unknown): text is Language => languages.includes(text as Language);
export const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** Most language ranges that are looked at in a header. */
const rangeLimit = 20;

/**
 * The language to answer in: `wanted` (a query parameter) when it is one of ours, else the best of an Accept-Language header, else English.
 * @see RFC 9110 12.5.4
 */
export function chooseLanguage(wanted: unknown, acceptLanguage: string | undefined): Language {
  if (isLanguage(wanted)) return wanted;
  const ranges = (acceptLanguage ?? '').slice(0, 1_000).split(',').slice(0, rangeLimit).map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = Number(parameters.find((p) => p.startsWith('q='))?.slice(2) ?? '1');
    return { language: tag.split('-')[0], quality: Number.isFinite(quality) ? quality : 0 };
  });
  return ranges.filter((r) => r.quality > 0).sort((a, b) => b.quality - a.quality).map((r) => r.language).find(isLanguage) ?? 'en';
}
