/** Step 6: the report is written, signed, published, read, checked, corrected. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { act, stands, tab } from './screens.ts';
import type { World } from './world.ts';

const run = promisify(execFile);
export const opinion = 'Malignancy is likely (肺结节). عقيدة رئوية في الفص العلوي الأيمن.';
export const corrected = 'Malignancy is likely; apixaban is paused for two days before the biopsy.';
const sections: Readonly<Record<string, string>> = {
  'Findings': 'Solid nodule of 14 mm in the right upper lobe with spicules.',
  'Opinion': opinion,
  'Recommendations': '1. Biopsy guided by CT within two weeks.\n2. Spirometry before it.',
  'Summary for the patient': 'There is a small spot in your lung. We want to take a tiny sample to know what it is.',
};

/** Types the code into its six fields. */
async function sign(page: Page, code: string): Promise<void> {
  await page.getByLabel('Digit 1').click();
  await page.keyboard.type(code);
  await page.getByRole('dialog', { name: 'Sign' }).getByRole('button', { name: 'Sign', exact: true }).click();
}
const signed = (page: Page): Promise<void> => page.getByText('The report is signed', { exact: true }).first().waitFor();

/** Written in versions, signed with the authenticator, published. @returns the code that was used. */
export async function writeReport(world: World, b: Page, caseId: string): Promise<string> {
  await b.goto(`${world.server.url}/cases/${caseId}`);
  await b.getByRole('region', { name: 'Your next step' }).getByRole('button', { name: 'Write the report' }).click();
  await b.getByText('Is this nodule malignant').or(b.getByText('Is this embolism?')).first().waitFor();
  await b.getByLabel('Findings').fill('Solid nodule of 14 mm.');
  await b.getByRole('button', { name: 'Save version' }).click();
  await b.getByText('Everything is saved').waitFor();
  expect(await b.getByRole('button', { name: 'Sign', exact: true }).isDisabled()).toBe(true);
  for (const [label, text] of Object.entries(sections)) await b.getByLabel(label).fill(text);
  await b.getByRole('button', { name: 'Save version' }).click();
  await b.getByText('Everything is saved').waitFor();
  await world.look(b, 'report-write');
  await b.getByRole('button', { name: 'Sign', exact: true }).click();
  const dialog = b.getByRole('dialog', { name: 'Sign' });
  const board = dialog.getByLabel(/^Whiteboard/);
  if (await board.count() > 0) await board.check();
  await world.look(b, 'sign');
  const code = await world.server.totp('dr-b');
  await sign(b, code);
  await signed(b);
  await b.getByRole('button', { name: 'Publish' }).click();
  await b.waitForURL(/\/report$/);
  return code;
}

export interface Download { readonly bytes: Uint8Array; readonly text: string }
async function download(page: Page, label: string): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: label, exact: true }).click()]);
  const path = await file.path();
  const { stdout } = await run('pdftotext', ['-layout', path, '-']);
  return { bytes: await readFile(path), text: stdout };
}

/** The doctor who asked reads it and takes the file; foreign programs judge that. @returns the verification code. */
export async function readReport(world: World, a: Page, caseId: string): Promise<{ code: string; pdf: Download }> {
  await a.goto(`${world.server.url}/cases/${caseId}`);
  await stands(a, 'Reported');
  await tab(a, 'Report');
  await world.look(a);
  await a.getByRole('link', { name: 'Read the report' }).click();
  await a.getByText('Solid nodule of 14 mm in the right upper lobe with spicules.').waitFor();
  await world.look(a, 'report');
  const code = await a.getByRole('link', { name: /^[A-Z0-9-]{10,}$/ }).innerText();
  const pdf = await download(a, 'Full report (PDF)');
  for (const words of ['Riverbend', 'Lakeside', 'Joseph Mwangi', 'Solid nodule of 14 mm', '肺结节', 'Biopsy guided by CT', 'Liwen Chen']) expect(pdf.text).toContain(words);
  expect(pdf.text.replaceAll(/\s/g, '')).toContain(code.replaceAll(/\s/g, ''));
  await isSound(world, pdf.bytes);
  return { code, pdf };
}

/** Both signatures are valid and of certificates that the system's own authority stands for; the file has no fault. */
async function isSound(world: World, bytes: Uint8Array): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bedside-story-'));
  try {
    const file = join(folder, 'report.pdf');
    await writeFile(file, bytes);
    await writeFile(join(folder, 'root.pem'), await (await fetch(`${world.server.url}/certificates/root.pem`)).text());
    const store = `sql:${folder}`;
    await run('certutil', ['-N', '-d', store, '--empty-password']);
    await run('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'C,C,C', '-i', join(folder, 'root.pem')]);
    const { stdout } = await run('pdfsig', ['-nssdir', store, file]);
    expect(stdout.match(/Signature is Valid/g)).toHaveLength(2);
    expect(stdout.match(/Certificate is Trusted/g)).toHaveLength(2);
    expect(stdout).toContain('Total document signed');
    expect((await run('qpdf', ['--check', file])).stdout).toContain('No syntax or stream encoding errors found');
    const fonts = (await run('pdffonts', [file])).stdout.split('\n').slice(2).filter(Boolean);
    for (const font of fonts) expect(font).toMatch(/ yes (?:yes|no ) (?:yes|no )/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The patient finds it signed in, in plain words first. */
export async function patientReads(world: World, page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main navigation' }).first().getByRole('link', { name: 'My reports' }).click();
  await world.look(page);
  await page.getByRole('link', { name: 'Read the report' }).click();
  await page.getByRole('tabpanel', { name: 'In plain words' }).getByText(sections['Summary for the patient']!).waitFor();
  await world.look(page, 'report-patient');
  const summary = await download(page, 'Summary (PDF)');
  expect(summary.text).toContain('There is a small spot in your lung.');
}

/** Anybody may ask whether a code is genuine, and learns nothing else. */
export async function anybodyChecks(world: World, code: string, state: 'genuine' | 'replaced'): Promise<void> {
  const stranger = await world.open('stranger');
  await stranger.goto(`${world.server.url}/verify/${code}`);
  await stranger.getByRole('heading', { name: state === 'genuine' ? 'This document is genuine' : 'A newer version has replaced this document' }).waitFor();
  expect(await stranger.content()).not.toMatch(/Mwangi|Joseph|Chen|Odhiambo|Riverbend|Lakeside|nodule|TC-\d/);
  await world.look(stranger, `verify-${state}`);
  const answer = await fetch(`${world.server.url}/verify/${code}`, { headers: { accept: 'application/json' } });
  expect(Object.keys(await answer.json() as object).toSorted()).toEqual(state === 'genuine' ? ['sha256', 'signedAt', 'state'] : ['replacedAt', 'sha256', 'signedAt', 'state']);
  await stranger.close();
}

/** A correction becomes a version of its own; a code of the authenticator that was used does not sign again. */
export async function correctReport(world: World, a: Page, b: Page, caseId: string, used: string): Promise<string> {
  await b.goto(`${world.server.url}/cases/${caseId}`);
  await act(b, 'Correct the report', { Reason: 'The anticoagulant was not mentioned' });
  await b.getByRole('region', { name: 'Your next step' }).getByRole('button', { name: 'Write the report' }).click();
  await b.getByLabel('Opinion').fill(corrected);
  await b.getByRole('button', { name: 'Sign', exact: true }).click();
  await sign(b, used);
  await b.getByRole('dialog', { name: 'Sign' }).getByRole('alert').getByText(/code/i).first().waitFor();
  await sign(b, await world.server.totp('dr-b'));
  await signed(b);
  // Signed but not published, nobody else sees it.
  await a.reload();
  await a.getByText('肺结节').first().waitFor();
  expect(await a.getByText(corrected).count()).toBe(0);
  await b.getByRole('button', { name: 'Publish' }).click();
  await b.waitForURL(/\/report$/);

  await a.getByText(corrected).waitFor();
  const code = await a.getByRole('link', { name: /^[A-Z0-9-]{10,}$/ }).innerText();
  const newer = await download(a, 'Full report (PDF)');
  expect(newer.text).toContain('apixaban is paused for two days');
  await isSound(world, newer.bytes);
  await a.getByRole('combobox', { name: 'Version' }).click();
  await a.getByRole('option', { name: /^Version 1/ }).click();
  await a.getByText('This is an older version; a newer one exists.').waitFor();
  await a.getByText('肺结节').first().waitFor();
  const older = await download(a, 'Full report (PDF)');
  expect(older.text).toContain('肺结节');
  await isSound(world, older.bytes);
  await world.look(a, 'report-versions');
  return code;
}
