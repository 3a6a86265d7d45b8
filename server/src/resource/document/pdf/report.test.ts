import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages, type Language } from '../../../kernel/index.ts';
import { openRenderer, type Renderer } from './index.ts';
import { sampleReport } from './testing.ts';

let folder = '';
let renderer: Renderer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-pdf-'));
  renderer = openRenderer();
});
afterAll(async () => {
  await renderer.close();
  await rm(folder, { recursive: true, force: true });
});

const installed = (name: string): boolean => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const run = (program: string, ...args: string[]): string => execFileSync(program, args, { encoding: 'utf8', env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' } });
/** Text without the directional marks that pdftotext puts around what goes the other way. */
const textOf = (path: string): string => run('pdftotext', path, '-').replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
const save = async (name: string, bytes: Uint8Array): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};

test('signature boxes lie on a page of the document, mirrored in Arabic', async () => {
  const english = await renderer.report(sampleReport('en'));
  const arabic = await renderer.report(sampleReport('ar'));
  for (const box of [...english.signatureBoxes, ...arabic.signatureBoxes]) {
    expect(box.page).toBeLessThanOrEqual(Math.max(english.pages, arabic.pages));
    const [left, bottom, right, top] = box.rect;
    expect(left >= 0 && bottom >= 0 && right <= 596 && top <= 842 && right > left && top > bottom).toBe(true);
  }
  expect(english.signatureBoxes.map((b) => `${b.kind}${b.index}`)).toEqual(['clinician0', 'clinician1', 'institution0']);
  expect(english.signatureBoxes[0]!.rect[0]).toBeLessThan(english.signatureBoxes[1]!.rect[0]);
  expect(arabic.signatureBoxes[0]!.rect[0]).toBeGreaterThan(arabic.signatureBoxes[1]!.rect[0]);
});

test('what is wrong is named by its field, and the next document is written', async () => {
  const report = sampleReport('en');
  await expect(renderer.report({ ...report, images: [...report.images, { bytes: Buffer.from('no picture'), caption: '' }] })).rejects.toMatchObject({ code: 'document-picture', details: { at: 'images[2]' } });
  await expect(renderer.report({ ...report, question: 'x'.repeat(100_001) })).rejects.toMatchObject({ code: 'document-too-long', details: { at: 'question' } });
  await expect(renderer.report({ ...report, requesting: { name: 'H', logo: { kind: 'path', d: 'M0 0) Tj', viewBox: [1, 1], colour: '#000000' } } })).rejects.toMatchObject({ code: 'document-logo' });
  expect((await renderer.report(report)).pages).toBe(2);
});

test('a document that takes too long is given up with a retryable error, and the renderer goes on', async () => {
  const hasty = openRenderer({ timeoutMs: 1 });
  await expect(hasty.report(sampleReport('en'))).rejects.toMatchObject({ code: 'document-renderer', retryable: true });
  await hasty.close();
  await expect(hasty.report(sampleReport('en'))).rejects.toMatchObject({ code: 'document-renderer' });
});

const expected: Readonly<Record<Language, readonly string[]>> = {
  en: ['Teleconsultation report', 'Margaret O’Sullivan', '9 March 1957', 'C-reactive protein 84 mg/L', 'Prof. Amara Lindqvist', 'Page 2 of 2', 'This version replaces version 1 of 21 November 2026.'],
  zh: ['远程会诊报告', '欧阳秀兰', '1957年3月9日', '白细胞', '支气管镜检查', '第 2 页，共 2 页', '本版本取代 2026年11月21日 签发的第 1 版。'],
  fr: ['Compte rendu de téléconsultation', 'Hélène Lefèvre', 'mars 1957', 'Pr Élodie Marchand', 'Vérifier l’authenticité'],
  es: ['Informe de teleconsulta', 'María Ángeles Núñez', 'Dr. Íñigo Peña', '¿Está indicada una broncoscopia?'],
  ar: ['تقرير الاستشارة عن بُعد', 'فاطمة الزهراء العبدالله', 'تصلّب في الفص الأوسط الأيمن (دون تكهف)', 'التهاب رئوي مكتسب من المجتمع بطيء الزوال', 'ثلاث مرات يوميًا', '84 mg/L', 'صفحة 2 من 2'],
};

describe.skipIf(!installed('pdftotext') || !installed('qpdf'))('judged by poppler and qpdf (skipped where they are not installed)', () => {
  test.each(languages)('a report in %s has its text in logical order, embedded fonts only, tags, language and no fault', async (language) => {
    const { bytes } = await renderer.report(sampleReport(language));
    const path = await save(`${language}.pdf`, bytes);
    // Around numbers in Arabic, pdftotext gives spaces to the other side: words are compared without them.
    const withoutSpaces = (s: string) => s.replace(/\s+/g, '');
    const text = withoutSpaces(textOf(path));
    for (const wanted of expected[language]) expect(text).toContain(withoutSpaces(wanted));
    expect(text).toContain('K7QM-3XV8-ZT5R-0W2N');
    expect(run('qpdf', '--check', path)).toContain('No syntax or stream encoding errors found');
    const info = run('pdfinfo', path);
    expect(info).toMatch(/Tagged:\s+yes/);
    expect(info).toMatch(/Title:\s+\S/);
    const fonts = run('pdffonts', path).split('\n').slice(2).filter((line) => line !== '');
    expect(fonts.length).toBeGreaterThan(1);
    expect(fonts.every((line) => / yes yes yes /.test(line))).toBe(true);
    expect(run('pdfinfo', '-struct-text', path)).toMatch(/H1[\s\S]*H2[\s\S]*Figure/);
  });

  test.each(languages)('summary and application form in %s say whose they are and have no fault', async (language) => {
    const report = sampleReport(language);
    const summary = await save('summary.pdf', (await renderer.summary({ ...report, writtenAt: report.signedAt, contact: '+1 555 0100' })).bytes);
    const form = await save('form.pdf', (await renderer.form({ ...report, groups: [{ heading: report.title, fields: [{ label: 'Label', value: '' }, { label: 'Other', value: report.question }] }] }, report.signedAt)).bytes);
    for (const path of [summary, form]) {
      expect(textOf(path).replace(/\s+/g, ' ')).toContain(report.patient.name);
      expect(run('qpdf', '--check', path)).toContain('No syntax or stream encoding errors found');
    }
    expect(textOf(form)).toContain('–');
  });

  test('a report that is not a demonstration does not say so, and one that is says so on every page', async () => {
    const marked = textOf(await save('demo.pdf', (await renderer.report(sampleReport('en'))).bytes));
    expect(marked.match(/Demonstration document/g)).toHaveLength(2);
    const real = textOf(await save('real.pdf', (await renderer.report(sampleReport('en', { demonstration: false }))).bytes));
    expect(real).not.toMatch(/demonstration/i);
  });

  test('long text flows over pages, and what no font has becomes a replacement character', async () => {
    const text = Array.from({ length: 400 }, (_, at) => `- Finding number ${at + 1} \u{10330}`).join('\n');
    const { bytes, pages } = await renderer.report(sampleReport('en', { sections: [{ heading: 'Findings', text }] }));
    const read = textOf(await save('long.pdf', bytes));
    expect(pages).toBeGreaterThan(8);
    expect(read).toContain('Finding number 400 \uFFFD');
    expect(read.match(/Finding number \d+/g)).toHaveLength(400);
  });
});
