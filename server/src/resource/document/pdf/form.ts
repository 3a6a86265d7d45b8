import { drawFrames } from './frame.ts';
import { writeFields, writeHeading, writeLetterheads, writePatient } from './blocks.ts';
import { instantText } from './dates.ts';
import { checkBounds, type FormDocument } from './input.ts';
import { finish, openDocumentSheet, readLogos, writeTitle, type RenderedReport } from './report.ts';
import { documentStrings, fill } from './strings.ts';
import type { FontFiles } from './text/index.ts';
import { styles } from './theme.ts';

/** Writes an application form for printing: every field with its label, an unanswered one with a dash. @throws as `renderReport`. */
export async function renderForm(form: FormDocument, fonts: FontFiles, createdAt: Date): Promise<RenderedReport> {
  checkBounds(form);
  const logos = readLogos(form);
  const strings = documentStrings[form.language];
  const sheet = await openDocumentSheet(form, createdAt, [], form.groups, fonts);
  writeLetterheads(sheet, form, logos);
  const facts = [strings.applicationForm, fill(strings.caseNumber, `\u2068${form.caseNumber}\u2069`),
    ...(form.submittedAt === undefined ? [] : [fill(strings.submittedOn, instantText(form.submittedAt, form.language, form.timeZone))])].join('  ·  ');
  writeTitle(sheet, form.title, facts);
  writePatient(sheet, form.patient);
  for (const { heading, fields } of form.groups) {
    const section = sheet.element(sheet.root, 'Sect');
    writeHeading(sheet, section, heading);
    writeFields(sheet, section, fields.map((f) => ({ label: f.label, value: f.value.trim() === '' ? strings.notAnswered : f.value })), { value: styles.body });
    section.end();
    sheet.y += 8;
  }
  drawFrames(sheet, form, facts);
  return finish(sheet);
}
