import type { Typeface, Weight } from './fonts.ts';

/** The parts of pdfkit's embedded font that are used or replaced here; they are private to it, so a test guards them. */
interface Glyph { readonly id: number; readonly codePoints: readonly number[]; readonly advanceWidth: number; readonly path: { toSVG(): string } }
interface GlyphRun { readonly glyphs: readonly Glyph[]; readonly positions: readonly Position[]; readonly direction: 'ltr' | 'rtl'; readonly advanceWidth: number }
interface Position { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }
interface Font { getGlyph(id: number, codePoints?: readonly number[]): Glyph; hasGlyphForCodePoint(codePoint: number): boolean }
interface EmbeddedFont {
  readonly font: Font;
  readonly subset: { readonly glyphs: number[] };
  readonly widths: number[];
  readonly unicode: (readonly number[])[];
  readonly scale: number;
  layoutRun(text: string, features?: readonly string[]): GlyphRun; // replaced: always called with the same features
  encode(text: string, features?: readonly string[]): [string[], readonly Position[]];
}
interface Document { font(name: string): unknown; readonly _font: EmbeddedFont }

export const fontName = (typeface: Typeface, weight: Weight): string => `${typeface}-${weight}`;

/** Shaped stretches that are kept while a document is written. */
const mostRuns = 20_000;
const mark = /^\p{Mark}*$/u;

/** A font of a document whose text can be extracted exactly. */
export interface ExactFont {
  has(character: string): boolean;
  /** Whether what is written next stands in a right-to-left stretch: its brackets are drawn mirrored, and mean what they were before. */
  rightToLeft: boolean;
  /** Outlines of a text as SVG paths, each with its place in thousandths of the size, for what is a picture and not text. */
  outlines(text: string): { readonly d: string; readonly x: number; readonly y: number }[];
  /** Thousandths of the size to a unit of the outlines. */
  readonly scale: number;
}

/**
 * Makes the text of what is written with a font extractable exactly. Arabic letters share glyphs (a dotless base and dots apart), while pdfkit gives
 * one Unicode text to a glyph for the whole document; here each glyph gets a code for each text that it stands for, and marks belong to the code of
 * their base, so that raised marks are not read as lines of their own.
 * Several characters of one glyph in a right-to-left run are listed in visual order: readers turn such a run around as a whole.
 * @param mirrored the counterpart of a bracket, or null.
 */
export function writeExactText(document: object, name: string, mirrored: (character: string) => string | null): ExactFont {
  const target = document as Document;
  target.font(name);
  const embedded = target._font;
  const { font } = embedded;
  // The font keeps one object a glyph, with the text it stood for first; a run needs the text of each occurrence.
  const glyphOnce = font.getGlyph.bind(font);
  font.getGlyph = (id, codePoints = []) => Object.create(glyphOnce(id, codePoints), { codePoints: { value: codePoints } }) as Glyph;
  // The same words are measured several times before they are drawn; shaping is what costs.
  const shape = embedded.layoutRun.bind(embedded);
  const runs = new Map<string, GlyphRun>();
  embedded.layoutRun = (text, features) => {
    const run = runs.get(text) ?? shape(text, features);
    if (runs.size < mostRuns) runs.set(text, run);
    return run;
  };
  const codes = new Map<string, number>();
  embedded.encode = (text, features) => {
    const run = embedded.layoutRun(text, features);
    const texts = textsOf(run, exact.rightToLeft).map((text) => (exact.rightToLeft ? text.map((c) => mirrored(String.fromCodePoint(c))?.codePointAt(0) ?? c) : text));
    const encoded = run.glyphs.map((glyph, at) => {
      const key = `${glyph.id}:${texts[at]!.join(',')}`;
      let code = codes.get(key);
      if (code === undefined) {
        code = embedded.subset.glyphs.push(glyph.id) - 1;
        codes.set(key, code);
        embedded.widths[code] = glyph.advanceWidth * embedded.scale;
        embedded.unicode[code] = texts[at]!;
      }
      return code.toString(16).padStart(4, '0');
    });
    return [encoded, run.positions];
  };
  const exact: ExactFont = {
    has: (character) => font.hasGlyphForCodePoint(character.codePointAt(0)!),
    rightToLeft: false,
    scale: embedded.scale,
    outlines: (text) => {
      const run = embedded.layoutRun(text, []);
      let x = 0;
      return run.glyphs.map((glyph, at) => {
        const position = run.positions[at]!;
        const outline = { d: glyph.path.toSVG(), x: x + position.xOffset, y: position.yOffset };
        x += position.xAdvance;
        return outline;
      });
    },
  };
  return exact;
}

function textsOf(run: GlyphRun, rightToLeft: boolean): number[][] {
  const texts: number[][] = run.glyphs.map(() => []);
  const order = [...run.glyphs.keys()];
  if (run.direction === 'rtl') order.reverse();
  let base: number | undefined;
  for (const at of order) {
    const codePoints = [...run.glyphs[at]!.codePoints];
    if (base !== undefined && mark.test(String.fromCodePoint(...codePoints))) {
      texts[base] = rightToLeft ? [...codePoints.toReversed(), ...texts[base]!] : [...texts[base]!, ...codePoints];
    } else {
      texts[at] = rightToLeft ? codePoints.toReversed() : codePoints;
      base = at;
    }
  }
  return texts;
}
