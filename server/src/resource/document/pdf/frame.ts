import type { DocumentHead } from './input.ts';
import type { Sheet } from './sheet.ts';
import { documentStrings, fill } from './strings.ts';
import { colours, page, styles, type Style } from './theme.ts';

/**
 * Draws what every page has once their number is known: running head (from the second page on), foot with page x of y, and the mark of a
 * demonstration. All of it is marked as an artifact, so a screen reader does not read it on every page.
 */
export function drawFrames(sheet: Sheet, head: DocumentHead, foot: string): void {
  const strings = documentStrings[sheet.language];
  const { start, count } = sheet.doc.bufferedPageRange();
  for (let at = 0; at < count; at += 1) {
    sheet.doc.switchToPage(start + at);
    if (head.demonstration) watermark(sheet, strings.demonstration);
    if (at > 0) runningHead(sheet, head);
    const y = page.height - page.bottom + 22;
    sheet.artifact(() => { sheet.doc.moveTo(page.side, y - 6).lineTo(page.width - page.side, y - 6).lineWidth(0.6).strokeColor(colours.line).stroke(); });
    const width = sheet.content.width;
    sheet.stamp(foot, styles.small, y, { direction: 'document', area: { start: page.side, width: width - 90 } });
    sheet.stamp(fill(strings.pageOf, at + 1, count), styles.small, y, { direction: 'document', align: 'end', area: { start: page.side + width - 90, width: 90 } });
    if (head.demonstration) sheet.stamp(strings.demonstrationText, { ...styles.small, weight: 'bold', colour: colours.notice }, y + 12, { direction: 'document' });
  }
}

function runningHead(sheet: Sheet, head: DocumentHead): void {
  const strings = documentStrings[sheet.language];
  sheet.artifact(() => { sheet.doc.rect(0, 0, page.width, 7).fill(colours.brand); });
  const y = 34;
  const half = sheet.content.width / 2;
  sheet.stamp(head.title, { ...styles.small, weight: 'bold', colour: colours.brand }, y, { direction: 'isolated', area: { start: page.side, width: half } });
  sheet.stamp(`\u2068${head.patient.name}\u2069 · ${fill(strings.caseNumber, `\u2068${head.caseNumber}\u2069`)}`, styles.small, y, { direction: 'document', align: 'end', area: { start: page.side + half, width: half } });
  sheet.artifact(() => { sheet.doc.moveTo(page.side, y + 17).lineTo(page.width - page.side, y + 17).lineWidth(0.6).strokeColor(colours.line).stroke(); });
}

function watermark(sheet: Sheet, text: string): void {
  const size = Math.min(96, 560 / Math.max(5, [...text].length * 0.66));
  const style: Style = { size, weight: 'bold', colour: colours.accent, leading: 1.4 };
  const { doc } = sheet;
  doc.save();
  doc.rotate(-52, { origin: [page.width / 2, page.height / 2] }).fillOpacity(0.07);
  sheet.outline(text, style, page.width / 2, page.height / 2);
  doc.restore();
}
