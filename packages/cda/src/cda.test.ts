import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CdaError, decodeXml, readCda, type CdaSection, type Narrative } from './index.ts';

const document = (text: string, entries = ''): string => `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"><title>A &amp; B</title>
<effectiveTime value="20150622103000-0500"/><recordTarget><patientRole><id extension="42"/><patient><name use="L"><given>Ada</given><family>Lovelace</family></name>
<administrativeGenderCode code="F"/><birthTime value="18151210"/></patient></patientRole></recordTarget>
<author><time value="201506"/><assignedAuthor><assignedPerson><name><prefix>Dr</prefix><given>Jo</given><family>March</family></name></assignedPerson><representedOrganization><name>H</name></representedOrganization></assignedAuthor></author>
<component><structuredBody><component><section><title>Notes</title><text>${text}</text>${entries}</section></component></structuredBody></component></ClinicalDocument>`;
const narrative = (text: string, entries?: string): readonly Narrative[] => readCda(document(text, entries)).sections[0]!.narrative;
const fault = (xml: string): string => {
  try {
    readCda(xml);
  } catch (error) {
    if (error instanceof CdaError) return error.fault;
    throw error;
  }
  return 'was read';
};

test('header and narrative are read', () => {
  const read = readCda(document('<table><thead><tr><th colspan="2">x</th></tr></thead><tbody><tr><td styleCode="Bold xLeft">1</td></tr></tbody></table>'));
  expect(read).toMatchObject({
    title: 'A & B', effectiveTime: '2015-06-22T10:30:00-05:00', patient: { name: 'Ada Lovelace', birthTime: '1815-12-10', gender: 'F', ids: ['42'] },
    authors: [{ name: 'Dr Jo March', organization: 'H', time: '2015-06' }],
  });
  expect(read.sections[0]!.narrative).toMatchObject([{ kind: 'table', children: [
    { kind: 'thead', children: [{ kind: 'row', children: [{ kind: 'cell', header: true, columns: 2 }] }] },
    { kind: 'tbody', children: [{ kind: 'row', children: [{ kind: 'cell', header: false, styles: ['Bold'], children: ['1'] }] }] }] }]);
});

test('a billion laughs, external references and any other DOCTYPE are refused before parsing', () => {
  expect(fault(`<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${document('&b;')}`)).toBe('doctype');
  expect(fault('<!doctype x SYSTEM "file:///etc/passwd"><ClinicalDocument/>')).toBe('doctype');
  expect(narrative('&unknown; &lt;b&gt; &#x41;')).toEqual(['&unknown; <b> A']);
});

test('nothing active survives in narrative', () => {
  const hostile = narrative(`<paragraph onclick="alert(1)">a<script>alert(1)</script><iframe src="https://x.example"/><svg onload="x"><text>t</text></svg></paragraph>
    <linkHtml href="javascript:alert(1)">b</linkHtml><linkHtml href=" JaVaScRiPt:alert(1)">c</linkHtml><linkHtml href="data:text/html,x">d</linkHtml><linkHtml href="https://ok.example/?a=1">e</linkHtml><linkHtml href="#n1">f</linkHtml>`);
  const text = JSON.stringify(hostile);
  expect(text).not.toMatch(/alert|script|iframe|svg|onclick|data:/i);
  expect(hostile.filter((n) => typeof n !== 'string' && n.kind === 'link')).toMatchObject([{ href: 'https://ok.example/?a=1', inside: false }, { href: 'n1', inside: true }]);
});

test('pictures are inline ones of safe types only', () => {
  const media = (id: string, type: string, value: string): string => `<entry><observationMedia ID="${id}"><value mediaType="${type}" representation="B64">${value}</value></observationMedia></entry>`;
  const read = narrative('<renderMultiMedia referencedObject="M1"><caption>Scan</caption></renderMultiMedia><renderMultiMedia referencedObject="M2"/><renderMultiMedia referencedObject="M3"/>',
    media('M1', 'image/png', ' iVBO\nRw0K ') + media('M2', 'image/svg+xml', 'PHN2Zz4=') + '<entry><observationMedia ID="M3"><value mediaType="image/png"><reference value="https://spy.example/x.png"/></value></observationMedia></entry>');
  expect(read).toEqual([{ kind: 'image', mediaType: 'image/png', base64: 'iVBORw0K', caption: 'Scan' }, { kind: 'missing-image', caption: '' }, { kind: 'missing-image', caption: '' }]);
});

test('what is not CDA, not XML or too deep is refused with its own fault', () => {
  expect(fault('<html/>')).toBe('not-cda');
  expect(fault('<a><b></a>')).toBe('not-xml');
  expect(fault('')).toBe('not-xml');
  expect(fault('<a>'.repeat(5000))).toBe('too-deep');
});

test('a declared encoding is honoured', () => {
  expect(decodeXml(new Uint8Array([...new TextEncoder().encode('<?xml version="1.0" encoding="ISO-8859-1"?><a>'), 0xE9]))).toContain('é');
});

test('whatever the text, the reader ends with a document or a typed fault', () => {
  const seed = document('<list listType="ordered"><item>a</item></list><renderMultiMedia referencedObject="x"/>');
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(seed.length), fc.constantFrom('<', '>', '&', '"', '<!--', '<![CDATA[', ']]>', '<?x', '/', ' ', '__proto__', '\0')), { maxLength: 6 }), fc.nat(200), (edits, cut) => {
    let text = seed.slice(0, seed.length - cut);
    for (const [at, what] of edits) text = text.slice(0, at) + what + text.slice(at);
    try {
      return typeof readCda(text).title === 'string';
    } catch (error) {
      return error instanceof CdaError;
    }
  }), { numRuns: 400 });
  expect(seed.length).toBeGreaterThan(0);
});

const data = process.env['BEDSIDE_TEST_DATA'];
describe.skipIf(!data)('with BEDSIDE_TEST_DATA', () => {
  const count = (sections: readonly CdaSection[]): number => sections.reduce((n, s) => n + 1 + count(s.sections), 0);
  const files = data ? readdirSync(join(data, 'ccda', 'documents')) : [];
  test.each(files)('%s is read with its patient, authors and sections, and nothing active', (name) => {
    const read = readCda(decodeXml(readFileSync(join(data!, 'ccda', 'documents', name))));
    expect(read.title).not.toBe('');
    expect(read.patient.name).not.toBe('');
    expect(read.authors.length).toBeGreaterThan(0);
    expect(count(read.sections)).toBeGreaterThan(2);
    expect(JSON.stringify(read.sections)).not.toMatch(/<script|javascript:/i);
  });
});
