import type { HumanName } from '@medplum/fhirtypes';

const han = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u;

const arabic = /\p{Script=Arabic}/u;
const words = (name: HumanName): string => name.text ?? `${name.family ?? ''}${(name.given ?? []).join('')}`;
/** How hard a name is to read for readers of a language: most people of this world read Latin letters and their own, few read a third script. */
function strangeness(name: HumanName, language: string): number {
  const text = words(name);
  const script = han.test(text) ? 'zh' : arabic.test(text) ? 'ar' : 'latin';
  if (script === 'latin') return language === 'zh' || language === 'ar' ? 4 : 0;
  return script === language ? 0 : 8;
}
/** The language that the page is shown in. */
const pageLanguage = (): string => globalThis.document?.documentElement.lang ?? 'en';

/** The name to call somebody by: in a script of the language when there is one, official before usual before anything; old names last. */
export function preferredName(names: readonly HumanName[] | undefined, language: string = pageLanguage()): HumanName | undefined {
  const rank = (name: HumanName): number => (({ official: 0, usual: 1 })[String(name.use)] ?? 3) + strangeness(name, language) + (name.use === 'old' || name.use === 'maiden' ? 20 : 0);
  return [...(names ?? [])].sort((a, b) => rank(a) - rank(b))[0];
}

/** Family name first and without a space where the name is written in Han, kana or Hangul; given name first elsewhere. A `text` of the source is kept. */
export function formatName(name: HumanName | readonly HumanName[] | undefined, options: { prefix?: boolean } = {}): string {
  const one = Array.isArray(name) ? preferredName(name as readonly HumanName[]) : name as HumanName | undefined;
  if (!one) return '';
  if (one.text) return one.text;
  const given = one.given ?? [];
  const family = one.family ?? '';
  if (han.test(family + given.join(''))) return `${family}${given.join('')}`;
  return [...(options.prefix === false ? [] : one.prefix ?? []), ...given, family, ...(one.suffix ?? [])].filter(Boolean).join(' ');
}

/** Up to two letters for an avatar. */
export function initials(name: string): string {
  const words = name.replace(/\b(?:Dr|Prof|Mr|Mrs|Ms|Mme|M)\.?\s/giu, '').trim().split(/\s+/u);
  if (han.test(name)) return [...name.replaceAll(/\s/gu, '')].slice(0, 1).join('');
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '').join('').toUpperCase();
}
