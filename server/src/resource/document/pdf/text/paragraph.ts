import * as bidiModule from 'bidi-js';
import type { Bidi, EmbeddingLevels } from 'bidi-js';
import LineBreaker from 'linebreak';
import type { Typeface } from './fonts.ts';
import { typefaceOf } from './fonts.ts';

/** A stretch of one typeface and direction, in the order in which it is to be drawn from left to right. */
export interface Piece { readonly text: string; readonly typeface: Typeface; readonly width: number; readonly rightToLeft: boolean }
export interface Line { readonly pieces: readonly Piece[]; readonly width: number }
export interface Paragraph { readonly lines: readonly Line[]; readonly direction: 'ltr' | 'rtl' }

/** What setting text needs to know of the fonts of a document. */
export interface Measure {
  has(typeface: Typeface, character: string): boolean;
  width(text: string, typeface: Typeface): number;
}

/** Replacement character, which the Latin typeface has: for what no typeface has. */
const unknownCharacter = '\uFFFD';
const rightToLeftLetter = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const hanBefore = /\p{Script=Han}$/u;
const hanAfter = /^\p{Script=Han}/u;

/**
 * Sets one paragraph (no line feeds) in lines of at most `width` points.
 * @param direction of the paragraph; `auto` takes that of its first strong character, else `fallback`.
 * @see UAX 9 (bidirectional algorithm), UAX 14 (line breaking), UAX 29 (words and grapheme clusters)
 */
export function setParagraph(source: string, width: number, measure: Measure, language: string, direction: 'ltr' | 'rtl' | 'auto', fallback: 'ltr' | 'rtl'): Paragraph {
  const plain = plainText(source);
  const base = direction !== 'auto' ? direction : (firstStrong(plain) ?? fallback);
  const text = base === 'rtl' ? isolateQuantities(plain) : plain;
  const levels = bidi.getEmbeddingLevels(text, base);
  const typefaces = typefacesOf(text, levels.levels, measure);
  const shown: Shown = { text: shownText(text, typefaces, levels), typefaces, levels: levels.levels };
  const lines = breakLines(text, shown, width, measure, language)
    .map(([start, end]) => lineOf(shown, start, trimmedEnd(text, start, end), levels, measure));
  return { lines, direction: base };
}

// The package's types call its default export a module; at run time it is the factory itself.
const bidi = (bidiModule.default as unknown as () => Bidi)();

/** The other one of a pair of brackets, or null. */
export const mirroredCharacter = (character: string): string | null => bidi.getMirroredCharacter(character);

interface Shown { readonly text: string; readonly typefaces: readonly Typeface[]; readonly levels: Uint8Array }

/** Control characters are not printable; tabs and other spaces become plain ones. Bidirectional controls stay, they are obeyed and not drawn. */
const plainText = (source: string): string => source.normalize('NFC').replace(/[\t\v\f\r\n\u2028\u2029]/g, ' ').replace(/[\p{Cc}\p{Cs}\uFEFF]/gu, '');

const quantity = /[<>≤≥±~]?\s?\d+(?:[.,:]\d+)*(?:\s?[–/-]\s?\d+(?:[.,]\d+)*)*(?:\s?[×x]\s?10[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:\s?\/?[A-Za-zµμ%‰°][A-Za-z0-9µμ%°²³]*(?:\/[A-Za-z0-9µμ.²³⁰¹⁴-⁹]*[A-Za-z0-9µμ²³])*)?/gu;

/** In right-to-left text the parts of "84 mg/L" or "120/80 mmHg" would be put in another order; a quantity stays as it was written. */
const isolateQuantities = (text: string): string =>
  text.replace(quantity, (found) => (/^\s?[\d.,]+$/.test(found) ? found : `${/^\s/.exec(found)?.[0] ?? ''}\u2066${found.trimStart()}\u2069`));

function firstStrong(text: string): 'ltr' | 'rtl' | undefined {
  const letter = /\p{L}/u.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return rightToLeftLetter.test(letter) ? 'rtl' : 'ltr';
}

/** Typeface of each UTF-16 unit. */
function typefacesOf(text: string, levels: Uint8Array, measure: Measure): Typeface[] {
  const found: Typeface[] = [];
  let before: Typeface | undefined;
  for (const character of text) {
    const typeface = typefaceOf(character, before, levels[found.length]! % 2 === 1, measure.has);
    for (let unit = 0; unit < character.length; unit += 1) found.push(typeface ?? 'latin');
    before = typeface ?? before;
  }
  return found;
}

/** The text with mirrored brackets, and the replacement character where no typeface has one; unit by unit as long as the text. */
function shownText(text: string, typefaces: readonly Typeface[], levels: EmbeddingLevels): string {
  const mirrored = bidi.getMirroredCharactersMap(text, levels.levels);
  const units = Array.from({ length: text.length }, (_, at) => mirrored.get(at) ?? text[at]!);
  return typefaces.length === 0 ? '' : units.join('');
}

const trimmedEnd = (text: string, start: number, end: number): number => {
  let last = end;
  while (last > start && text[last - 1] === ' ') last -= 1;
  return last;
};

function breakLines(text: string, shown: Shown, width: number, measure: Measure, language: string): [number, number][] {
  const lines: [number, number][] = [];
  let start = 0;
  let filled = 0;
  let from = 0;
  for (const to of opportunities(text, language)) {
    const whole = widthOf(shown, from, to, measure);
    const visible = widthOf(shown, from, trimmedEnd(text, from, to), measure);
    if (filled > 0 && filled + visible > width) {
      lines.push([start, from]);
      start = from;
      filled = 0;
    }
    if (filled === 0 && visible > width) {
      for (const cut of cuts(text, from, to, shown, width, measure, language)) {
        lines.push([start, cut]);
        start = cut;
      }
      filled = widthOf(shown, start, to, measure);
    } else filled += whole;
    from = to;
  }
  if (start < text.length || lines.length === 0) lines.push([start, text.length]);
  return lines;
}

/** Where a line may end: UAX 14, but not inside a Chinese word. */
function opportunities(text: string, language: string): number[] {
  const breaker = new LineBreaker(text);
  const found: number[] = [];
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) found.push(next.position);
  if (!/\p{Script=Han}/u.test(text)) return found;
  const words = new Set(Array.from(new Intl.Segmenter(language, { granularity: 'word' }).segment(text), (word) => word.index));
  return found.filter((at) => words.has(at) || !(hanBefore.test(text.slice(Math.max(0, at - 2), at)) && hanAfter.test(text.slice(at, at + 2))));
}

/** Ends of lines within something longer than a line (an address, a word without spaces), never inside a grapheme cluster. */
function cuts(text: string, from: number, to: number, shown: Shown, width: number, measure: Measure, language: string): number[] {
  const found: number[] = [];
  let start = from;
  let filled = 0;
  for (const { index, segment } of new Intl.Segmenter(language, { granularity: 'grapheme' }).segment(text.slice(from, to))) {
    const at = from + index;
    const step = widthOf(shown, at, at + segment.length, measure);
    if (at > start && filled + step > width && segment !== ' ') {
      found.push(at);
      start = at;
      filled = 0;
    }
    filled += step;
  }
  return found;
}

/** Sum of the widths of the stretches between `start` and `end`, whatever order they are drawn in. */
function widthOf(shown: Shown, start: number, end: number, measure: Measure): number {
  let sum = 0;
  for (let at = start; at < end;) {
    let next = at + 1;
    while (next < end && shown.typefaces[next] === shown.typefaces[at] && shown.levels[next] === shown.levels[at]) next += 1;
    sum += measure.width(drawable(shown.text.slice(at, next), shown.typefaces[at]!, measure), shown.typefaces[at]!);
    at = next;
  }
  return sum;
}

function lineOf(shown: Shown, start: number, end: number, levels: EmbeddingLevels, measure: Measure): Line {
  if (end <= start) return { pieces: [], width: 0 };
  const order = Array.from({ length: end - start }, (_, at) => start + at);
  for (const [first = 0, last = 0] of bidi.getReorderSegments(shown.text, levels, start, end - 1)) {
    order.splice(first - start, last - first + 1, ...order.slice(first - start, last - start + 1).reverse());
  }
  const pieces: Piece[] = [];
  for (let i = 0; i < order.length;) {
    const first = order[i]!;
    let j = i + 1;
    while (j < order.length && Math.abs(order[j]! - order[j - 1]!) === 1
      && shown.typefaces[order[j]!] === shown.typefaces[first] && shown.levels[order[j]!] === shown.levels[first]) j += 1;
    const from = Math.min(first, order[j - 1]!);
    const typeface = shown.typefaces[first]!;
    const logical = drawable(shown.text.slice(from, from + (j - i)), typeface, measure);
    // Shaping turns Arabic around by itself; what has no letter of it has to be turned here.
    const rightToLeft = shown.levels[first]! % 2 === 1;
    const turned = rightToLeft && !rightToLeftLetter.test(logical) ? [...logical].reverse().join('') : logical;
    if (turned !== '') pieces.push({ text: turned, typeface, width: measure.width(turned, typeface), rightToLeft });
    i = j;
  }
  return { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0) };
}

const drawable = (text: string, typeface: Typeface, measure: Measure): string => Array.from(text.replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, ''),
  (character) => (measure.has(typeface, character) ? character : unknownCharacter)).join('');
