import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setParagraph, type Measure } from './paragraph.ts';

/** Every character is 10 wide and every typeface has its own script. */
const measure: Measure = {
  has: (typeface, character) => (typeface === 'arabic' ? /[\p{Script=Arabic} ().:]/u : typeface === 'han' ? /[\p{Script=Han}，。（）]/u : /[\p{ASCII}\uFFFD]/u).test(character),
  width: (text) => [...text].length * 10,
};
const lines = (text: string, width: number, direction: 'ltr' | 'rtl' | 'auto' = 'auto') =>
  setParagraph(text, width, measure, 'zh', direction, 'ltr').lines.map((line) => line.pieces.map((piece) => piece.text).join('|'));

test('lines end at spaces, and a word that is longer than a line is parted', () => {
  expect(lines('one two three', 80)).toEqual(['one two', 'three']);
  expect(lines('x abcdefghijkl yz', 50)).toEqual(['x', 'abcde', 'fghij', 'kl yz']);
});

test('Chinese words stay whole, and no line begins with a full stop or comma', () => {
  const set = lines('患者持续咳嗽，发热三周。', 50);
  expect(set.join('')).toBe('患者持续咳嗽，发热三周。');
  expect(set.every((line) => !/^[，。]/u.test(line) && [...line].length <= 5)).toBe(true);
  expect(set.some((line) => line.endsWith('咳') || line.endsWith('患'))).toBe(false);
});

test('Arabic is drawn from right to left, with Latin words and numbers in their own order and brackets mirrored', () => {
  expect(lines('دواء Amoxicillin (حاد)', 1000)).toEqual([[' )حاد(', 'Amoxicillin', 'دواء '].join('|')]);
});

test('a quantity in Arabic text keeps its order, a plain number stays where the algorithm puts it', () => {
  expect(lines('يساوي 84 mg/L الآن', 1000)[0]).toContain('84 mg/L');
  expect(lines('الضغط 120/80 mmHg', 1000)[0]).toContain('120/80 mmHg');
  expect(lines('عدد 13.2 × 10⁹/L', 1000)[0]!.replaceAll('\uFFFD', '?')).toContain('13.2 ? 10?/L');
});

test('a paragraph takes the direction of its first letter, and ours when it has none', () => {
  const direction = (text: string) => setParagraph(text, 100, measure, 'ar', 'auto', 'rtl').direction;
  expect([direction('12 abc'), direction('12 حاد'), direction('12')]).toEqual(['ltr', 'rtl', 'rtl']);
});

test('no visible character of any text is lost or doubled, whatever the width', () => {
  const character = fc.constantFrom('a', 'b', ' ', '(', ')', '.', '1', '你', '好', '，', 'ح', 'ا', 'د', '\u200F', '\t', '\u0000', '😀');
  const count = (text: string) => [...text].filter((c) => !/[\s\p{C}|]/u.test(c)).length;
  fc.assert(fc.property(fc.array(character, { maxLength: 80 }), fc.integer({ min: 5, max: 300 }), (characters, width) => {
    expect(count(lines(characters.join(''), width).join(''))).toBe(count(characters.join('')));
  }), { numRuns: 500 });
});
