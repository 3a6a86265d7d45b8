import type { HumanName } from '@medplum/fhirtypes';
import type { Language } from '../../../kernel/index.ts';

const scripts: Readonly<Partial<Record<Language, RegExp>>> = { zh: /\p{Script=Han}/u, ar: /\p{Script=Arabic}/u };
const latin = /\p{Script=Latin}/u;

const textOf = (name: HumanName): string => {
  if (name.text) return name.text;
  const given = name.given ?? [];
  // Chinese and Japanese names begin with the family and have no space.
  if (/\p{Script=Han}/u.test(name.family ?? '')) return [...(name.prefix ?? []), [name.family, ...given].join('')].join(' ');
  return [...(name.prefix ?? []), ...given, name.family].filter(Boolean).join(' ');
};

/** A person's name as readers of a language can read it: in their script, else in Latin letters, else as it stands first. */
export function nameFor(person: { readonly name?: readonly HumanName[] } | undefined, language: Language): string {
  const names = (person?.name ?? []).map((name) => ({ text: textOf(name), own: `${name.text ?? ''}${name.family ?? ''}${(name.given ?? []).join('')}` }));
  const script = scripts[language] ?? latin;
  return (names.find((name) => script.test(name.own)) ?? names.find((name) => latin.test(name.own)) ?? names[0])?.text ?? '';
}
