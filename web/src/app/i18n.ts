import i18next, { type BackendModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { bestLanguage, directionOf, isLanguage, languages } from '../format/index.ts';

type Words = Readonly<Record<string, unknown>>;
const files = import.meta.glob<Words>('/src/**/locales/*.json', { import: 'default' });
const byName = new Map(Object.entries(files).flatMap(([path, load]) => {
  // The glob names this folder's own files `./locales/...`.
  const found = /([^/]+)\/locales\/([a-z]+)\.json$/.exec(path.replace(/^\.\//, '../app/'));
  return found ? [[`${found[2]}/${found[1]}`, load] as const] : [];
}));

/** Each feature folder is a namespace; its words come with the first screen that needs them. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  // With two parameters i18next takes the promise instead of calling back.
  read: async (language: string, namespace: string) => {
    const load = byName.get(`${language}/${namespace}`);
    if (!load) throw new Error(`no words for ${namespace} in ${language}`);
    return load();
  },
};

export const LANGUAGE_KEY = 'bedside.language';

export async function createI18n(storage: Storage, preferred: readonly string[]): Promise<i18n> {
  const kept = storage.getItem(LANGUAGE_KEY);
  const instance = i18next.createInstance();
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
    void loadDates(language);
  });
  await instance.use(backend).use(initReactI18next).init({
    lng: isLanguage(kept) ? kept : bestLanguage(preferred),
    supportedLngs: languages, fallbackLng: 'en', load: 'languageOnly', ns: ['app', 'primitives'], defaultNS: 'app', fallbackNS: 'primitives',
    interpolation: { escapeValue: false }, react: { useSuspense: true }, partialBundledLanguages: true,
  });
  return instance;
}

/** Names of months and days for the date pickers. */
const dateWords: Readonly<Record<string, () => Promise<unknown>>> = {
  zh: () => import('dayjs/locale/zh-cn'), fr: () => import('dayjs/locale/fr'), es: () => import('dayjs/locale/es'), ar: () => import('dayjs/locale/ar'),
};
const loadDates = async (language: string): Promise<void> => { await dateWords[language]?.(); };
/** The dayjs name of a language, for the date pickers. */
export const datesLocale = (language: string): string => (language === 'zh' ? 'zh-cn' : language);
