import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

/** Typefaces by script; each in two weights. All are under the SIL Open Font License. */
export const typefaces = ['latin', 'arabic', 'han'] as const;
export type Typeface = (typeof typefaces)[number];
export type Weight = 'regular' | 'bold';

const files: Readonly<Record<Typeface, Readonly<Record<Weight, string>>>> = {
  latin: { regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf', bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf' },
  arabic: { regular: '@expo-google-fonts/noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf', bold: '@expo-google-fonts/noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf' },
  han: { regular: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf', bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf' },
};

/** Font files, read when a document first needs them and then kept (the Chinese ones have 10 MB each). */
export interface FontFiles { read(typeface: Typeface, weight: Weight): Promise<Buffer> }

export function openFontFiles(): FontFiles {
  const { resolve } = createRequire(import.meta.url);
  const kept = new Map<string, Promise<Buffer>>();
  return {
    read: (typeface, weight) => {
      const path = files[typeface][weight];
      const bytes = kept.get(path) ?? readFile(resolve(path));
      kept.set(path, bytes);
      return bytes;
    },
  };
}

const hanScript = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303F\uFF00-\uFFEF]/u;
const arabicScript = /\p{Script=Arabic}/u;
const latinScript = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}0-9·]/u;
const clinging = /\p{Mark}|\u200C|\u200D|\uFE0E|\uFE0F/u;

/** Which typefaces a document with this text needs. */
export const typefacesFor = (text: string): Typeface[] =>
  ['latin', ...(arabicScript.test(text) ? ['arabic' as const] : []), ...(hanScript.test(text) ? ['han' as const] : [])];

/**
 * The typeface of a character: its script's; what belongs to no script (spaces, punctuation) takes the Arabic one in a right-to-left stretch and
 * else stays with the character before it, where that typeface has it.
 * @returns undefined when no typeface of the document has it.
 */
export function typefaceOf(character: string, before: Typeface | undefined, rightToLeft: boolean, has: (typeface: Typeface, character: string) => boolean): Typeface | undefined {
  if (before !== undefined && clinging.test(character) && has(before, character)) return before;
  const own = hanScript.test(character) ? 'han' : arabicScript.test(character) ? 'arabic' : latinScript.test(character) ? 'latin' : rightToLeft ? 'arabic' : before ?? 'latin';
  return [own, ...typefaces].find((typeface) => has(typeface, character));
}
