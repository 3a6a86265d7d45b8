import { ar, en, es, fr, zh, type PageText } from './text/index.ts';

export const languages = ['en', 'zh', 'fr', 'es', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Each language by its own name. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', zh: '中文', fr: 'Français', es: 'Español', ar: 'العربية' };
export const textOf: Readonly<Record<Language, PageText>> = { en, zh, fr, es, ar };
export type { PageText };

const supported = (tag: string): Language | undefined => languages.find((language) => language === tag.trim().toLowerCase().split('-')[0]);

/** The first known language of what was asked for, strongest wish first: this page's link, the person's earlier choice, the client's `ui_locales`, the browser's. */
export function chooseLanguage(wishes: { query?: unknown; cookie?: string | undefined; uiLocales?: unknown; accept?: string | undefined }): Language {
  for (const wish of [wishes.query, wishes.cookie]) {
    const known = typeof wish === 'string' ? supported(wish.slice(0, 20)) : undefined;
    if (known) return known;
  }
  const locales = typeof wishes.uiLocales === 'string' ? wishes.uiLocales.slice(0, 200).split(' ') : [];
  for (const tag of locales) {
    const known = supported(tag);
    if (known) return known;
  }
  const ranked = (wishes.accept ?? '').slice(0, 500).split(',').map((part, order) => {
    const [tag = '', ...parameters] = part.split(';');
    const quality = Number(parameters.find((parameter) => parameter.trim().startsWith('q='))?.trim().slice(2) ?? '1');
    return { language: supported(tag), quality: Number.isFinite(quality) ? quality : 0, order };
  }).filter((entry) => entry.language !== undefined && entry.quality > 0).sort((a, b) => b.quality - a.quality || a.order - b.order);
  return ranked[0]?.language ?? 'en';
}

/** Puts values into a text: `{name}`. */
export const fillIn = (text: string, values: Readonly<Record<string, string | number>>): string => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
