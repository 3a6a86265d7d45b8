import { writeHeading } from './blocks.ts';
import type { ReportImage } from './input.ts';
import type { Picture } from './pictures.ts';
import type { Area, Sheet } from './sheet.ts';
import { documentStrings, fill } from './strings.ts';
import { colours, styles } from './theme.ts';

const gap = 16;
const mostHeight = 230;

/** The chosen images, two in a row (a single one larger), each with its number and caption, which is also its alternative text. */
export function writeGallery(sheet: Sheet, images: readonly ReportImage[], pictures: readonly Picture[]): void {
  if (images.length === 0) return;
  const strings = documentStrings[sheet.language];
  const section = sheet.element(sheet.root, 'Sect');
  const columns = images.length === 1 ? 1 : 2;
  const width = columns === 1 ? Math.min(340, sheet.content.width) : (sheet.content.width - gap) / 2;
  const captions = images.map((image, at) => `${fill(strings.image, at + 1)}${image.caption === '' ? '' : ` · ${image.caption}`}`);
  const heightOf = (at: number): number => {
    const { width: w, height: h } = pictures[at]!;
    return Math.min(mostHeight, (h / w) * width);
  };
  for (let at = 0; at < images.length; at += columns) {
    const row = images.slice(at, at + columns).map((_, column) => at + column);
    const pictureHeight = Math.max(...row.map(heightOf));
    const height = pictureHeight + Math.max(...row.map((i) => sheet.height(captions[i]!, styles.small, width))) + 12;
    if (at === 0) {
      sheet.need(height + 30);
      writeHeading(sheet, section, strings.images);
    } else sheet.need(height);
    const top = sheet.y;
    row.forEach((i, column) => {
      const area: Area = { start: sheet.content.start + column * (width + gap), width };
      const x = sheet.left(area);
      sheet.artifact(() => { sheet.doc.rect(x, top, width, pictureHeight).fill(colours.tint); });
      sheet.figure(section, captions[i]!, () => {
        sheet.doc.image(pictures[i]!.bytes, x, top, { fit: [width, pictureHeight], align: 'center', valign: 'center' });
      });
      sheet.y = top + pictureHeight + 4;
      sheet.write(captions[i]!, styles.small, section, 'Caption', { area, direction: 'isolated' });
    });
    sheet.y = top + height;
  }
  section.end();
  sheet.y += 6;
}
