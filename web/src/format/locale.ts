/** The five languages of the product, each with the tag that Intl formats by. Arabic keeps Western digits: a decimal point read wrongly is a wrong dose. */
export const languages = ['en', 'zh', 'fr', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文', fr: 'Français', es: 'Español', ar: 'العربية' };
const tags: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', fr: 'fr-FR', es: 'es-ES', ar: 'ar-EG-u-nu-latn' };
export const isLanguage = (value: unknown): value is Language => languages.some((language) => language === value);
export const localeTag = (language: string): string => tags[isLanguage(language) ? language : 'en'];
export const directionOf = (language: string): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** The best of ours for what the browser prefers. */
export const bestLanguage = (preferred: readonly string[]): Language =>
  preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
