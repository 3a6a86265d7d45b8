import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseLanguage, isLanguage } from './languages.ts';

test('what is asked for by name wins over the header, and an unknown name does not', () => {
  expect(chooseLanguage('ar', 'fr')).toBe('ar');
  expect(chooseLanguage('tlh', 'fr')).toBe('fr');
});

test('the header decides by quality, by primary subtag, and falls back to English', () => {
  expect(chooseLanguage(undefined, 'de, es-MX;q=0.7, zh-Hans-CN;q=0.9')).toBe('zh');
  expect(chooseLanguage(undefined, 'fr;q=0, de')).toBe('en');
  expect(chooseLanguage(undefined, undefined)).toBe('en');
});

test('any header gives one of our languages', () => {
  fc.assert(fc.property(fc.string(), (header) => { expect(isLanguage(chooseLanguage(undefined, header))).toBe(true); }));
});
