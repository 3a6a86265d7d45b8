import PdfKit from 'pdfkit';
import { directionOf, type Language } from '../../../kernel/index.ts';
import { fontName, mirroredCharacter, setParagraph, typefacesFor, writeExactText, type ExactFont, type FontFiles, type Measure, type Paragraph, type Weight } from './text/index.ts';
import { page, type Colour, type Style } from './theme.ts';

type Structure = PDFKit.PDFStructureElement;
export type { Structure };

/** Where text stands: `start` is measured from the side where reading begins, so a layout is mirrored for Arabic by itself. */
export interface Area { readonly start: number; readonly width: number }

export interface TextOptions {
  readonly area?: Area;
  /**
   * `auto` (paragraphs of people): by the first letter. `document` (text of ours): that of the language. `isolated` (names, numbers, short
   * entries): stands at the side where the language begins, and is ordered within by its first letter.
   */
  readonly direction?: 'auto' | 'document' | 'isolated';
  readonly align?: 'start' | 'centre' | 'end';
}

/**
 * A document being written: pages, a cursor, and text set by our own rules. Every text belongs to a structure element or is an artifact,
 * so that screen readers read it in order.
 */
export interface Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly language: Language;
  readonly content: Area;
  /** Distance of the cursor from the top of the page. */
  y: number;
  /** Begins a new page unless `height` is left on this one. */
  need(height: number): void;
  /** Left edge of something at `start` from the reading side. */
  left(area: Area): number;
  set(text: string, style: Style, width: number, direction?: TextOptions['direction']): Paragraph;
  /** Height of text with its line feeds, without drawing it. */
  height(text: string, style: Style, width: number): number;
  /** Writes text below the cursor, over page ends, as one element of `parent` with this tag. */
  write(text: string, style: Style, parent: Structure, tag: string, options?: TextOptions): void;
  /** Writes lines at a place without moving the cursor, as an artifact. */
  stamp(text: string, style: Style, y: number, options?: TextOptions): void;
  artifact(draw: () => void): void;
  /** Draws a line of text as shapes, centred on a point: it is seen but is not part of the text. */
  outline(text: string, style: Style, x: number, y: number): void;
  element(parent: Structure, tag: string, options?: { alt?: string }): Structure;
  /** Draws something that is content but no text, e.g. a picture, as one element. */
  figure(parent: Structure, alt: string, draw: () => void): void;
  readonly root: Structure;
  pageNumber(): number;
}

export interface SheetOptions {
  readonly language: Language;
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly createdAt: Date;
  /** All text that will be written: decides which fonts are embedded. */
  readonly text: string;
}

/** Opens a document on A4 with the fonts that its text needs, tagged, with XMP metadata and output intent of PDF/A-2b. */
export async function openSheet(options: SheetOptions, files: FontFiles): Promise<Sheet> {
  const doc = new PdfKit({
    size: 'A4', margin: 0, autoFirstPage: false, bufferPages: true, pdfVersion: '1.7', tagged: true, displayTitle: true, subset: 'PDF/A-2b', lang: options.language,
    info: { Title: options.title, Author: options.author, Subject: options.subject, Creator: 'Bedside', Producer: 'Bedside (PDFKit)', CreationDate: options.createdAt, ModDate: options.createdAt },
  } as PDFKit.PDFDocumentOptions);
  const fonts = await embedFonts(doc, options.text, files);
  const root = doc.struct('Document');
  doc.addStructure(root);
  const direction = directionOf(options.language);
  const content: Area = { start: page.side, width: page.width - 2 * page.side };
  const bottom = page.height - page.bottom;

  const measureFor = (style: Style): Measure => ({
    has: (typeface, character) => fonts.get(fontName(typeface, 'regular'))?.has(character) ?? false,
    width: (text, typeface) => doc.font(fontName(typeface, style.weight)).fontSize(style.size).widthOfString(text, shaping),
  });
  const left = (area: Area): number => (direction === 'ltr' ? area.start : page.width - area.start - area.width);

  const sheet: Sheet = {
    doc, root, content, left, y: page.top, language: options.language,
    need: (height) => {
      if (sheet.y + height <= bottom) return;
      doc.addPage();
      sheet.y = page.continuedTop;
    },
    set: (text, style, width, kind = 'auto') => setParagraph(kind === 'isolated' ? `\u2068${text}\u2069` : text, width, measureFor(style), options.language, kind === 'auto' ? 'auto' : direction, direction),
    height: (text, style, width) => hardLines(text).reduce((sum, line) => sum + sheet.set(line, style, width).lines.length * style.size * style.leading, 0),
    write: (text, style, parent, tag, textOptions = {}) => {
      const area = textOptions.area ?? content;
      const element = sheet.element(parent, tag);
      for (const hard of hardLines(text)) {
        const paragraph = sheet.set(hard, style, area.width, textOptions.direction);
        for (const line of paragraph.lines) {
          sheet.need(style.size * style.leading);
          const marked = doc.markStructureContent(tag);
          drawLine(line, paragraph.direction, style, sheet.y, area, textOptions.align ?? 'start');
          doc.endMarkedContent();
          element.add(marked);
          sheet.y += style.size * style.leading;
        }
      }
      element.end();
    },
    stamp: (text, style, y, textOptions = {}) => {
      const area = textOptions.area ?? content;
      const paragraph = sheet.set(text, style, area.width, textOptions.direction);
      const line = paragraph.lines[0];
      if (line) sheet.artifact(() => drawLine(line, paragraph.direction, style, y, area, textOptions.align ?? 'start'));
    },
    artifact: (draw) => {
      doc.markContent('Artifact', { type: 'Layout' });
      draw();
      doc.endMarkedContent();
    },
    outline: (text, style, x, y) => {
      const paragraph = sheet.set(text, style, Number.MAX_SAFE_INTEGER, 'document');
      const unit = style.size / 1000;
      sheet.artifact(() => {
        let at = x - (paragraph.lines[0]?.width ?? 0) / 2;
        for (const piece of paragraph.lines[0]?.pieces ?? []) {
          const font = fonts.get(fontName(piece.typeface, style.weight));
          for (const glyph of font?.outlines(piece.text) ?? []) {
            doc.save().translate(at + glyph.x * unit, y + style.size * 0.36 - glyph.y * unit).scale(unit * font!.scale, -unit * font!.scale).path(glyph.d).fill(style.colour).restore();
          }
          at += piece.width;
        }
      });
    },
    element: (parent, tag, elementOptions) => {
      const element = doc.struct(tag, elementOptions ?? {});
      parent.add(element);
      return element;
    },
    figure: (parent, alt, draw) => {
      const element = sheet.element(parent, 'Figure', { alt });
      const marked = doc.markStructureContent('Figure');
      draw();
      doc.endMarkedContent();
      element.add(marked);
      element.end();
    },
    pageNumber: () => doc.bufferedPageRange().count,
  };

  const drawLine = (line: Paragraph['lines'][number], of: 'ltr' | 'rtl', style: Style, y: number, area: Area, align: 'start' | 'centre' | 'end'): void => {
    const rest = area.width - line.width;
    const toRight = align === 'centre' ? rest / 2 : (of === 'rtl') === (align === 'start') ? rest : 0;
    let x = left(area) + toRight;
    // All typefaces of a line stand on one baseline.
    const baseline = y + (style.leading * style.size) / 2 + style.size * 0.36;
    for (const piece of line.pieces) {
      const name = fontName(piece.typeface, style.weight);
      const font = fonts.get(name);
      if (font) font.rightToLeft = piece.rightToLeft;
      doc.font(name).fontSize(style.size).fillColor(style.colour satisfies Colour);
      doc.text(piece.text, x, baseline, { ...shaping, lineBreak: false, baseline: 'alphabetic' });
      x += piece.width;
    }
  };

  doc.addPage();
  return sheet;
}

/** A list of features, even an empty one, makes pdfkit shape a stretch as a whole instead of word by word. */
const shaping = { features: [] as PDFKit.Mixins.OpenTypeFeatures[] };

export const hardLines = (text: string): string[] => text.split(/\r\n|[\n\r\u2028\u2029]/);

async function embedFonts(doc: PDFKit.PDFDocument, text: string, files: FontFiles): Promise<Map<string, ExactFont>> {
  const fonts = new Map<string, ExactFont>();
  for (const typeface of typefacesFor(text)) {
    for (const weight of ['regular', 'bold'] as const satisfies readonly Weight[]) {
      const name = fontName(typeface, weight);
      doc.registerFont(name, await files.read(typeface, weight));
      fonts.set(name, writeExactText(doc, name, mirroredCharacter));
    }
  }
  return fonts;
}
