export { fontName, writeExactText } from './exact-text.ts';
export type { ExactFont } from './exact-text.ts';
export { openFontFiles, typefacesFor } from './fonts.ts';
export type { FontFiles, Typeface, Weight } from './fonts.ts';
export { mirroredCharacter, setParagraph } from './paragraph.ts';
export type { Line, Measure, Paragraph, Piece } from './paragraph.ts';
