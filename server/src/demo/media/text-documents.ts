import Pdf from 'pdfkit';
import type { Days } from '../days.ts';
import { institutionOf } from '../people/institutions.ts';
import { generalPractitioner, latinName, type DemoPatient } from '../people/patients.ts';
import { shownName, staffMember } from '../people/staff.ts';

export interface Letter {
  readonly title: string;
  readonly daysAgo: number;
  readonly paragraphs: readonly string[];
}

const markText = 'DEMONSTRATION - invented, no real person or institution';

/** A letter of the patient's institution on paper. Latin letters only: the fonts that every PDF reader has know no others. */
export async function letterPdf(p: DemoPatient, letter: Letter, days: Days): Promise<Uint8Array> {
  const institution = institutionOf(p.institution);
  const author = shownName(staffMember(generalPractitioner[p.institution]!));
  const at = new Date(days.at(letter.daysAgo, '12:00'));
  const pdf = new Pdf({ size: 'A4', margin: 64, info: { Title: letter.title, Author: author, CreationDate: at, ModDate: at, Producer: 'Bedside demonstration', Creator: 'Bedside demonstration' }, lang: 'en', tagged: false });
  const parts: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
    pdf.on('error', reject);
  });
  pdf.font('Helvetica-Bold').fontSize(15).text(institution.name).font('Helvetica').fontSize(9).fillColor('#555').text(`${institution.city} · ${institution.phone}`).moveDown(0.6);
  pdf.moveTo(64, pdf.y).lineTo(531, pdf.y).strokeColor('#999').stroke().moveDown(1);
  pdf.fillColor('#000').fontSize(10).text(`Patient: ${latinName(p).normalize('NFD').replaceAll(/[^\u0020-\u007e]/g, '')}     Born: ${p.birthDate}     Record: ${p.id}     Date: ${days.date(letter.daysAgo)}`).moveDown(1.4);
  pdf.font('Helvetica-Bold').fontSize(13).text(letter.title).moveDown(0.6).font('Helvetica').fontSize(11);
  for (const paragraph of letter.paragraphs) pdf.text(paragraph, { align: 'left', lineGap: 3 }).moveDown(0.7);
  pdf.moveDown(1).text(author).fontSize(9).fillColor('#a00').text(markText, 64, 780, { lineBreak: false });
  pdf.end();
  return done;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const day = (date: string): string => date.replaceAll('-', '');

export interface SummarySection { readonly code: string; readonly title: string; readonly templateId: string; readonly rows: readonly (readonly string[])[]; readonly head: readonly string[] }

/**
 * A continuity of care document: header and human-readable sections; every section without entries says so by `nullFlavor`.
 * @see HL7 CDA Release 2; C-CDA R2.1, Continuity of Care Document (2.16.840.1.113883.10.20.22.1.2)
 */
export function continuityOfCare(p: DemoPatient, days: Days, daysAgo: number, sections: readonly SummarySection[]): string {
  const institution = institutionOf(p.institution);
  const author = staffMember(generalPractitioner[p.institution]!);
  const [given, family] = p.latin ?? p.native;
  const [authorGiven, authorFamily] = author.latin ?? author.native;
  const stamp = day(days.date(daysAgo)) + days.at(daysAgo, '12:00').slice(11, 19).replaceAll(':', '') + days.at(daysAgo, '12:00').slice(-6).replace(':', '');
  const place = `<addr><city>${escape(institution.city)}</city><country>${institution.country}</country></addr><telecom use="WP" value="tel:${institution.phone.replaceAll(' ', '-')}"/>`;
  const custodian = `<id root="2.25.1" extension="${institution.id}"/><name>${escape(institution.name)}</name>`;
  const body = sections.map((s) => `
    <component><section${s.rows.length === 0 ? ' nullFlavor="NI"' : ''}>
      <templateId root="${s.templateId}"/>
      <code code="${s.code}" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC" displayName="${escape(s.title)}"/>
      <title>${escape(s.title)}</title>
      <text>${s.rows.length === 0 ? '<paragraph>Nothing is recorded.</paragraph>' : `<table><thead><tr>${s.head.map((h) => `<th>${escape(h)}</th>`).join('')}</tr></thead><tbody>${s.rows.map((row) => `<tr>${row.map((c) => `<td>${escape(c)}</td>`).join('')}</tr>`).join('')}</tbody></table>`}</text>
    </section></component>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.1" extension="2015-08-01"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
  <id root="2.25.2" extension="${p.id}-summary"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" codeSystemName="LOINC" displayName="Summarization of Episode Note"/>
  <title>Summary of the record (DEMONSTRATION)</title>
  <effectiveTime value="${stamp}"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="en-US"/>
  <recordTarget><patientRole><id root="2.25.3" extension="${p.id}"/>${place}
    <patient><name use="L"><given>${escape(given)}</given><family>${escape(family)}</family></name><administrativeGenderCode code="${p.gender === 'male' ? 'M' : 'F'}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="${day(p.birthDate)}"/></patient>
  </patientRole></recordTarget>
  <author><time value="${stamp}"/><assignedAuthor><id root="2.25.4" extension="${author.key}"/>${place}<assignedPerson><name><given>${escape(authorGiven)}</given><family>${escape(authorFamily)}</family></name></assignedPerson></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization>${custodian}<telecom use="WP" value="tel:${institution.phone.replaceAll(' ', '-')}"/><addr><city>${escape(institution.city)}</city><country>${institution.country}</country></addr></representedCustodianOrganization></assignedCustodian></custodian>
  <documentationOf><serviceEvent classCode="PCPR"><effectiveTime><low value="${day(days.date(daysAgo + 1500))}"/><high value="${day(days.date(daysAgo))}"/></effectiveTime></serviceEvent></documentationOf>
  <component><structuredBody>${body}
  </structuredBody></component>
</ClinicalDocument>
`;
}
