import { drawFrames } from './frame.ts';
import { writeLetterheads, writePatient, writeHeading, writeProse } from './blocks.ts';
import { writeGallery } from './gallery.ts';
import { dayText } from './dates.ts';
import { checkBounds, limits, type DocumentHead, type ReportDocument } from './input.ts';
import { checkLogo } from './logo.ts';
import { readPicture, type Picture } from './pictures.ts';
import { writeSignatures, writeVerification, type SignatureBox } from './proof.ts';
import { openSheet, type Sheet } from './sheet.ts';
import { documentStrings, fill } from './strings.ts';
import type { FontFiles } from './text/index.ts';
import { styles } from './theme.ts';
import { invalid } from '../../../kernel/index.ts';
import type { Readable } from 'node:stream';

export interface RenderedReport {
  /** The PDF's bytes. */
  readonly stream: Readable;
  readonly pages: number;
  readonly signatureBoxes: readonly SignatureBox[];
}

/**
 * Writes the report of a consultation as a PDF.
 * @throws invalid `document-too-long`, `document-too-many`, `document-picture`, `document-logo` with the path of the field.
 * @see ISO 32000-1 14.8 (tagged PDF), ISO 19005-2 (PDF/A-2, whose metadata and embedding it follows)
 */
export async function renderReport(report: ReportDocument, fonts: FontFiles): Promise<RenderedReport> {
  checkBounds(report);
  if (report.images.length > limits.images) throw invalid('document-too-many', `images has more than ${limits.images} entries.`, { details: { at: 'images' } });
  const logos = readLogos(report);
  const pictures = report.images.map((image, at) => readPicture(image.bytes, `images[${at}]`));
  const strings = documentStrings[report.language];
  const sheet = await openDocumentSheet(report, report.signedAt, report.clinicians.map((c) => c.name), [report.question, report.sections, report.clinicians, report.images.map((i) => i.caption)], fonts);

  writeLetterheads(sheet, report, logos);
  const facts = [fill(strings.caseNumber, `\u2068${report.caseNumber}\u2069`), fill(strings.version, report.version), dayText(report.signedAt, report.language, report.timeZone)];
  writeTitle(sheet, report.title, facts.join('  ·  '));
  if (report.replaces) {
    sheet.write(fill(strings.replaces, report.replaces.version, dayText(report.replaces.signedAt, report.language, report.timeZone)), styles.notice, sheet.root, 'P', { direction: 'document' });
    sheet.y += 12;
  }
  writePatient(sheet, report.patient);
  for (const { heading, text } of [{ heading: strings.question, text: report.question }, ...report.sections]) {
    if (text.trim() === '') continue;
    const section = sheet.element(sheet.root, 'Sect');
    writeHeading(sheet, section, heading);
    writeProse(sheet, section, text);
    section.end();
    sheet.y += 6;
  }
  writeGallery(sheet, report.images, pictures);
  const signatureBoxes = writeSignatures(sheet, report);
  writeVerification(sheet, report.verification);
  drawFrames(sheet, report, `${facts[0]}  ·  ${facts[1]}  ·  \u2066${report.verification.code}\u2069`);
  return finish(sheet, signatureBoxes);
}

/** Title and a line of facts under it. */
export function writeTitle(sheet: Sheet, title: string, facts: string, style: typeof styles.title | typeof styles.plainTitle = styles.title): void {
  sheet.write(title, style, sheet.root, 'H1', { direction: 'isolated' });
  sheet.y += 3;
  sheet.write(facts, styles.subtitle, sheet.root, 'P', { direction: 'document' });
  sheet.y += 10;
}

/** @param texts whatever else is written, for choosing fonts. */
export function openDocumentSheet(head: DocumentHead, createdAt: Date, authors: readonly string[], texts: unknown, fonts: FontFiles): Promise<Sheet> {
  const { requesting, consulted, patient, title, caseNumber, language } = head;
  const text = JSON.stringify([title, caseNumber, requesting.name, requesting.address, consulted?.name, consulted?.address, patient, texts, documentStrings[language]]);
  // Neither title nor subject names the patient: metadata is shown in file lists.
  return openSheet({ language, title: `${title} · ${caseNumber}`, author: authors.join(', ') || requesting.name, subject: fill(documentStrings[language].caseNumber, caseNumber), createdAt, text }, fonts);
}

export function readLogos(head: DocumentHead): (Picture | undefined)[] {
  return [head.requesting, head.consulted].map((letterhead, at) => {
    const path = at === 0 ? 'requesting.logo' : 'consulted.logo';
    if (letterhead?.logo === undefined) return undefined;
    checkLogo(letterhead.logo, path);
    return letterhead.logo.kind === 'picture' ? readPicture(letterhead.logo.bytes, path) : undefined;
  });
}

export function finish(sheet: Sheet, signatureBoxes: readonly SignatureBox[] = []): RenderedReport {
  const pages = sheet.pageNumber();
  sheet.root.end();
  sheet.doc.end();
  return { stream: sheet.doc as unknown as Readable, pages, signatureBoxes };
}

