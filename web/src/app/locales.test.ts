import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { languages } from '../format/index.ts';

const source = join(import.meta.dirname, '..');
const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => { const path = join(folder, name); return statSync(path).isDirectory() ? walk(path) : [path]; });
const files = walk(source);
const features = [...new Set(files.filter((file) => basename(dirname(file)) === 'locales' && file.endsWith('.json')).map((file) => dirname(dirname(file))))];

type Words = Readonly<Record<string, unknown>>;
/** `{ a: { b: 'x' } }` and `{ 'a.b': 'x' }` are the same words. */
const flat = (words: Words, prefix = ''): [string, string][] => Object.entries(words).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value as Words, `${prefix}${key}.`)));
const plural = /_(?:zero|one|two|few|many|other)$/;
const read = (feature: string, language: string): Map<string, string> => new Map(flat(JSON.parse(readFileSync(join(feature, 'locales', `${language}.json`), 'utf8')) as Words));
const stems = (words: ReadonlyMap<string, string>): string[] => [...new Set([...words.keys()].map((key) => key.replace(plural, '')))].sort();
const placeholders = (text: string): string[] => [...new Set([...text.matchAll(/\{\{\s*([^},\s]+)[^}]*\}\}/gu)].map((match) => match[1] ?? ''))].filter((name) => name !== 'count').sort();

describe.each(features.map((feature) => [relative(source, feature), feature]))('the words of %s', (_name, feature) => {
  const english = read(feature, 'en');
  it.each(languages.filter((language) => language !== 'en'))('are all there in %s, and nothing else is', (language) => {
    expect(stems(read(feature, language))).toEqual(stems(english));
  });
  it.each(languages)('are not empty and have the same placeholders in %s', (language) => {
    const words = read(feature, language);
    const faults = [...words].flatMap(([key, text]) => {
      const model = english.get(key) ?? english.get(key.replace(plural, '_other')) ?? '';
      return text.trim() === '' || placeholders(text).join() !== placeholders(model).join() ? [`${key}: ${text}`] : [];
    });
    expect(faults).toEqual([]);
  });
  it('hold every key that the feature asks for by name', () => {
    const known = new Set(stems(english));
    const missing = files.filter((file) => file.startsWith(`${feature}/`) && /\.tsx?$/.test(file) && !file.includes('.test.')).flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const own = !text.includes('useTranslation(') || new RegExp(`useTranslation\\(\\[?['"]${basename(feature)}['"]`, 'u').test(text);
      return own ? [...text.matchAll(/(?<![\w.])t\(\s*'([^'$:]+)'(?!\s*\+)/gu)].map((match) => match[1] ?? '').filter((key) => !known.has(key)).map((key) => `${relative(source, file)}: ${key}`) : [];
    });
    expect(missing).toEqual([]);
  });
});

it('there are features with words', () => {
  expect(features.length).toBeGreaterThan(5);
});
