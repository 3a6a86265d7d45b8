import { drawFrames } from './frame.ts';
import { writeHeading, writeLetterheads, writeProse } from './blocks.ts';
import { dayText } from './dates.ts';
import { checkBounds, type SummaryDocument } from './input.ts';
import { finish, openDocumentSheet, readLogos, writeTitle, type RenderedReport } from './report.ts';
import { documentStrings, fill } from './strings.ts';
import type { FontFiles } from './text/index.ts';
import { colours, page, styles } from './theme.ts';

/** Writes the result for the patient: large type, short lines, what to do when it gets worse. @throws as `renderReport`. */
export async function renderSummary(summary: SummaryDocument, fonts: FontFiles): Promise<RenderedReport> {
  checkBounds(summary);
  const logos = readLogos(summary);
  const strings = documentStrings[summary.language];
  const sheet = await openDocumentSheet(summary, summary.writtenAt, summary.clinicians.map((c) => c.name), [summary.sections, summary.clinicians, summary.contact], fonts);
  writeLetterheads(sheet, summary, logos);
  const facts = [fill(strings.writtenOn, dayText(summary.writtenAt, summary.language, summary.timeZone)), fill(strings.caseNumber, `\u2068${summary.caseNumber}\u2069`)].join('  ·  ');
  writeTitle(sheet, summary.title, facts, styles.plainTitle);
  sheet.write(fill(strings.summaryFor, `\u2068${summary.patient.name}\u2069`), { ...styles.plainHeading, colour: colours.ink }, sheet.root, 'P', { direction: 'document' });
  sheet.write(strings.summaryText, { ...styles.body, size: 12, colour: colours.muted }, sheet.root, 'P', { direction: 'document' });
  sheet.y += 18;
  const doctors = summary.clinicians.map((c) => (c.role === '' ? c.name : `${c.name} – ${c.role}`)).join('\n');
  const closing = [{ heading: strings.writtenBy, text: doctors }, { heading: strings.contact, text: summary.contact ?? '' }];
  for (const { heading, text } of [...summary.sections, ...closing]) {
    if (text.trim() === '') continue;
    const section = sheet.element(sheet.root, 'Sect');
    writeHeading(sheet, section, heading, styles.plainHeading);
    writeProse(sheet, section, text, styles.plainBody);
    section.end();
    sheet.y += 10;
  }
  writeEmergency(sheet, strings.emergency);
  drawFrames(sheet, summary, fill(strings.caseNumber, `\u2068${summary.caseNumber}\u2069`));
  return finish(sheet);
}

function writeEmergency(sheet: Awaited<ReturnType<typeof openDocumentSheet>>, text: string): void {
  const style = { ...styles.plainBody, size: 13, weight: 'bold', colour: colours.notice } as const;
  const area = { start: page.side + 16, width: sheet.content.width - 32 };
  const height = sheet.height(text, style, area.width) + 24;
  sheet.need(height);
  const top = sheet.y;
  sheet.artifact(() => { sheet.doc.roundedRect(page.side, top, sheet.content.width, height, 6).fill(colours.noticeTint); });
  sheet.y = top + 12;
  sheet.write(text, style, sheet.root, 'P', { area, direction: 'document' });
  sheet.y = top + height + 10;
}
