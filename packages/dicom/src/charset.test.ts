import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from './charset.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

// The byte sequences are the worked examples of PS3.5 Annexes H to K.
test('the examples of the standard are read as it prints them', () => {
  const yamada = '59616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b24422464245e24401b28425e1b2442243f246d24261b2842';
  expect(decodeText(bytes(yamada), ['', 'ISO 2022 IR 87'])).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  const halfWidth = 'd4cfc0de5edbb33d1b24423b3345441b284a5e1b244242404f3a1b284a';
  expect(decodeText(bytes(halfWidth), ['ISO 2022 IR 13', 'ISO 2022 IR 87'])).toBe('ﾔﾏﾀﾞ^ﾛｳ=山田^太郎');
  const hong = '486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf';
  expect(decodeText(bytes(hong), ['', 'ISO 2022 IR 149'])).toBe('Hong^Gildong=洪^吉洞=홍^길동');
  expect(decodeText(bytes('57616e675e5869616f446f6e673de78e8b5ee5b08fe69db1'), ['ISO_IR 192'])).toBe('Wang^XiaoDong=王^小東');
  expect(decodeText(bytes('57616e675e5869616f446f6e673dcdf55ed0a1b6ab'), ['GB18030'])).toBe('Wang^XiaoDong=王^小东');
  expect(decodeText(bytes('5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab'), ['', 'ISO 2022 IR 58'])).toBe('Zhang^XiaoDong=张^小东');
});

test('a second byte that looks like a backslash does not break a Chinese character', () => {
  expect(decodeText(bytes('b35c'), ['GBK'])).toHaveLength(1);
  expect(decodeText(bytes('b35c'), ['GBK'])).not.toContain('\\');
});

test('an unknown or missing repertoire is read as UTF-8 when it is that, else as Latin 1', () => {
  expect(decodeText(new TextEncoder().encode('Müller'), ['NOT A SET'])).toBe('Müller');
  expect(decodeText(bytes('4d fc 6c6c6572'), [''])).toBe('Müller');
});

test('no bytes and no terms make the decoder throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.constantFrom('', 'ISO 2022 IR 87', 'ISO 2022 IR 149', 'ISO_IR 192', 'GB18030', 'ISO 2022 IR 6', 'x'), { maxLength: 3 }),
    (input, terms) => { expect(typeof decodeText(input, terms)).toBe('string'); }));
});
