import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPassword, createPasswordHasher, readTotpSecret } from '../authorization/index.ts';
import { chooseLanguage, fillIn, html, languages, textOf } from './pages/index.ts';
import { readRecoveryCode } from './recovery.ts';
import { matchingStep, readCode, totpCode, totpSecretText, totpUri } from './totp.ts';

test('codes are those of RFC 6238, Appendix B', () => {
  const secret = new TextEncoder().encode('12345678901234567890');
  // The last six of the eight digits of the RFC's table for SHA-1.
  for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [1_111_111_111, '050471'], [1_234_567_890, '005924'], [2_000_000_000, '279037'], [20_000_000_000, '353130']] as const) {
    expect(totpCode(secret, new Date(seconds * 1_000))).toBe(code);
    expect(matchingStep(secret, code, new Date(seconds * 1_000))).toBe(Math.floor(seconds / 30));
  }
});

test('a seed survives the way through an authenticator\u2019s address', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 17, maxLength: 64 }), (secret) => {
    expect(Buffer.from(readTotpSecret(totpSecretText(secret)))).toEqual(Buffer.from(secret));
    expect(new URL(totpUri(secret, 'dr@north')).searchParams.get('secret')).toBe(totpSecretText(secret));
  }), { numRuns: 50 });
});

test('codes are read however they are typed, and nothing else is one', () => {
  expect(readCode(' 123 456 ')).toBe('123456');
  expect(readCode('\uff11\uff12\uff13\uff14\uff15\uff16')).toBe('123456');
  expect(readCode('\u0661\u0662\u0663\u0664\u0665\u0666')).toBe('123456');
  expect(readRecoveryCode('ABCD-efgh-2345-6789')).toBe('abcdefgh23456789');
  for (const wrong of ['', '12345', '1234567', 'abcdef', '1'.repeat(1_000)]) expect(readCode(wrong)).toBeUndefined();
  fc.assert(fc.property(fc.string({ maxLength: 100 }), (text) => {
    expect(readCode(text) ?? '000000').toMatch(/^\d{6}$/);
    expect(readRecoveryCode(text) ?? 'a'.repeat(16)).toMatch(/^[a-z0-9]{16}$/);
  }), { numRuns: 2_000 });
});

test('passwords that are guessed first are refused, long ones in any script are not', () => {
  for (const [password, rule] of [['short', 'short'], ['aaaaaaaaaaaa', 'repetitive'], ['adams-adams-1x', 'login'], ['password1234', 'common'], ['x'.repeat(300), 'long']] as const) {
    expect(() => checkPassword(password, 'adams')).toThrow(expect.objectContaining({ code: 'password-weak', details: { at: 'password', rule } }));
  }
  for (const good of ['correct horse battery', '天地玄黄宇宙洪荒日月', 'كلمة مرور طويلة']) checkPassword(good, 'adams');
});

test('hashes are argon2id with 19 MiB and two passes, and an account that does not exist is verified like one that does', async () => {
  const hasher = await createPasswordHasher({ concurrent: 1, waiting: 2 });
  const hash = await hasher.hash('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify('correct horse battery', hash)).toBe(true);
  expect(await hasher.verify('wrong', hash)).toBe(false);
  expect(await hasher.verify('the password of nobody', undefined)).toBe(false);
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.verify('wrong', hash)));
  expect(results.filter((r) => r.status === 'rejected')).toHaveLength(3);
});

test('a language is chosen by the strongest wish, whatever stands in the headers', () => {
  expect(chooseLanguage({ accept: 'de, fr;q=0.7, ar;q=0.9' })).toBe('ar');
  expect(chooseLanguage({ query: 'es', cookie: 'fr', uiLocales: 'ar', accept: 'zh' })).toBe('es');
  expect(chooseLanguage({ uiLocales: 'de zh-Hans-CN', accept: 'fr' })).toBe('zh');
  expect(chooseLanguage({ accept: 'de' })).toBe('en');
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (cookie, uiLocales, accept) => { expect(languages).toContain(chooseLanguage({ cookie, uiLocales, accept })); }));
});

test('every text has the same blanks to fill in, in every language, and none is empty', () => {
  const blanks = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();
  for (const language of languages) {
    for (const [key, text] of Object.entries(textOf[language])) {
      expect(text.trim(), `${language} ${key}`).not.toBe('');
      expect(blanks(text), `${language} ${key}`).toEqual(blanks(textOf.en[key as keyof typeof textOf.en]));
    }
  }
  expect(fillIn('a {n} {x}', { n: 2 })).toBe('a 2 {x}');
});

test('whatever is put into a page stays text', () => {
  expect(html`<p title="${'"><script>'}">${"<b>&'"}</p>`.markup).toBe('<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</p>');
  fc.assert(fc.property(fc.string(), (text) => { expect(html`${text}`.markup).not.toMatch(/[<>"']/); }));
});
