import QRCode from 'qrcode';
import { instantText } from './dates.ts';
import type { ReportDocument } from './input.ts';
import type { Area, Sheet } from './sheet.ts';
import { documentStrings, fill } from './strings.ts';
import { writeHeading } from './blocks.ts';
import { colours, page, styles } from './theme.ts';

/** A place on a page, in points from its lower left corner, for the signature field of a clinician (in the order given) or of the institution. */
export interface SignatureBox {
  readonly kind: 'clinician' | 'institution';
  readonly index: number;
  readonly page: number;
  readonly rect: readonly [left: number, bottom: number, right: number, top: number];
}

const boxHeight = 66;
const gap = 14;

/** Panels that show who signed. Each is a place for a signature field that readers can click on. */
export function writeSignatures(sheet: Sheet, report: ReportDocument): SignatureBox[] {
  const strings = documentStrings[sheet.language];
  const institution = report.consulted ?? report.requesting;
  const panels = [
    ...report.clinicians.map((c, at) => ({ kind: 'clinician' as const, at, over: strings.signedBy, name: c.name, under: c.role })),
    { kind: 'institution' as const, at: 0, over: strings.sealedBy, name: institution.name, under: '' },
  ];
  const section = sheet.element(sheet.root, 'Sect');
  sheet.need(boxHeight + 60);
  writeHeading(sheet, section, strings.signatures);
  sheet.write(fill(strings.signedOn, instantText(report.signedAt, sheet.language, report.timeZone)), styles.subtitle, section, 'P', { direction: 'document' });
  sheet.y += 4;
  const width = (sheet.content.width - gap) / 2;
  const boxes: SignatureBox[] = [];
  for (let at = 0; at < panels.length; at += 2) {
    sheet.need(boxHeight + gap);
    const top = sheet.y;
    panels.slice(at, at + 2).forEach((panel, column) => {
      const area: Area = { start: sheet.content.start + column * (width + gap), width };
      const x = sheet.left(area);
      sheet.artifact(() => { sheet.doc.roundedRect(x, top, width, boxHeight, 5).lineWidth(0.9).fillAndStroke('#FFFFFF', colours.accent); });
      sheet.y = top + 7;
      const inner = { area: { start: area.start + 11, width: width - 22 }, direction: 'isolated' } as const;
      sheet.write(panel.over, styles.overline, section, 'P', { ...inner, direction: 'document' });
      sheet.write(oneLine(sheet, panel.name, width - 22), styles.bodyBold, section, 'P', inner);
      if (panel.under !== '') sheet.write(oneLine(sheet, panel.under, width - 22), styles.small, section, 'P', inner);
      boxes.push({ kind: panel.kind, index: panel.at, page: sheet.pageNumber(), rect: [x, page.height - top - boxHeight, x + width, page.height - top] });
    });
    sheet.y = top + boxHeight + gap;
  }
  section.end();
  return boxes;
}

/** A panel has room for two lines of a name; what is longer ends in an ellipsis. */
function oneLine(sheet: Sheet, text: string, width: number): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  let length = characters.length;
  while (length > 1 && sheet.set(characters.slice(0, length).join(''), styles.bodyBold, width).lines.length > 1) length -= 1;
  return length === characters.length ? text : `${characters.slice(0, Math.max(1, length - 1)).join('')}…`;
}

/** How to check that the document is genuine: a QR code of the address, the code to type, and what the answer tells. */
export function writeVerification(sheet: Sheet, { code, url }: ReportDocument['verification']): void {
  const strings = documentStrings[sheet.language];
  const side = 84;
  const height = 116;
  sheet.need(height + 10);
  const section = sheet.element(sheet.root, 'Sect');
  const top = sheet.y;
  sheet.artifact(() => { sheet.doc.roundedRect(sheet.content.start, top, sheet.content.width, height, 5).fill(colours.tint); });
  const x = sheet.left({ start: sheet.content.start + 14, width: side });
  sheet.figure(section, strings.verification, () => drawQrCode(sheet, url, x, top + (height - side) / 2, side));
  const area: Area = { start: sheet.content.start + side + 32, width: sheet.content.width - side - 46 };
  sheet.y = top + 10;
  sheet.write(strings.verification, { ...styles.bodyBold, colour: colours.brand }, section, 'P', { area, direction: 'document' });
  sheet.write(strings.verificationText, styles.small, section, 'P', { area, direction: 'document' });
  sheet.y += 3;
  sheet.write(`${strings.code}: \u2066${code}\u2069`, { ...styles.bodyBold, colour: colours.brand }, section, 'P', { area, direction: 'document' });
  const linkTop = sheet.y;
  sheet.write(`\u2066${url}\u2069`, { ...styles.small, colour: colours.accent }, section, 'P', { area, direction: 'document' });
  sheet.doc.link(sheet.left(area), linkTop, area.width, sheet.y - linkTop, url, { F: 4 } as PDFKit.Mixins.AnnotationOption);
  section.end();
  sheet.y = top + height + 10;
}

/** QR code as one filled path, with the four modules of quiet zone. @see ISO/IEC 18004 */
function drawQrCode(sheet: Sheet, text: string, x: number, y: number, side: number): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  const step = side / (modules.size + 2 * quiet);
  const { doc } = sheet;
  doc.rect(x, y, side, side).fill('#FFFFFF');
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) doc.rect(x + (column + quiet) * step, y + (row + quiet) * step, step * 1.01, step * 1.01);
    }
  }
  doc.fill('#000000');
}
