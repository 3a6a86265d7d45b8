import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWaveforms, readPart10Bytes } from '@bedside/dicom';
import { recordingFromObservation } from '@bedside/ecg';
import type { Observation, Patient, Resource } from '@medplum/fhirtypes';
import { afterAll, expect, test } from 'vitest';
import { chestPhantom, noduleAt, phantomSize, sliceHeightMm } from './media/chest-phantom.ts';
import { accountTable, buildDemonstration } from './index.ts';

const today = '2026-03-02';
const demo = buildDemonstration({ today });
const all: readonly Resource[] = [...demo.organizations, ...demo.locations, ...demo.healthcareServices, ...demo.practitioners, ...demo.practitionerRoles, ...demo.schedules, ...demo.slots, ...demo.records.flatMap((r) => r.resources)];
const folder = mkdtempSync(join(tmpdir(), 'bedside-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

test('the same day and seed give the same network, another seed other histories', () => {
  expect(digest(buildDemonstration({ today }).records)).toBe(digest(demo.records));
  expect(digest(buildDemonstration({ today, seed: 'other' }).records)).not.toBe(digest(demo.records));
});

test('there are three institutions in two time zones, twelve experts with free times, and forty patients', () => {
  expect(demo.organizations.filter((o) => !o.partOf)).toHaveLength(3);
  const zones = new Set(demo.organizations.flatMap((o) => o.extension?.map((e) => e.valueCode) ?? []));
  expect([...zones].sort()).toEqual(['Africa/Nairobi', 'Asia/Shanghai']);
  const experts = demo.practitionerRoles.filter((r) => r.code?.[0]?.coding?.[0]?.code === 'expert');
  expect(experts).toHaveLength(12);
  for (const expert of experts) {
    const schedule = demo.schedules.find((s) => s.actor.some((a) => a.reference === `PractitionerRole/${expert.id}`));
    expect(demo.slots.filter((s) => s.schedule.reference === `Schedule/${schedule?.id}`).length, expert.id).toBeGreaterThan(20);
  }
  expect(demo.records).toHaveLength(40);
});

test('free times are half hours in working time of their institution, from today on', () => {
  for (const slot of demo.slots) {
    expect(Date.parse(slot.end) - Date.parse(slot.start)).toBe(1_800_000);
    expect(slot.start.slice(0, 10) >= today).toBe(true);
    expect(slot.start).toMatch(/T(09|10|14|15|16):[03]0:00\+0[38]:00$/);
  }
});

test('every resource says that it is a demonstration, has an id of its own, and refers to nothing that is not there', () => {
  const known = new Set(all.map((r) => `${r.resourceType}/${r.id}`));
  expect(known.size).toBe(all.length);
  const dangling = new Set<string>();
  for (const resource of all) {
    expect(resource.meta?.tag?.map((t) => t.code), `${resource.resourceType}/${resource.id}`).toEqual(['demonstration']);
    for (const [, target] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g)) if (!known.has(target!)) dangling.add(target!);
  }
  expect([...dangling]).toEqual([]);
});

test('nothing in a record is later than today or before the patient was born', () => {
  const outside: string[] = [];
  for (const { patient, resources } of demo.records) {
    for (const resource of resources.filter((r) => r.resourceType !== 'Patient')) {
      for (const [, date] of JSON.stringify(resource).matchAll(/"(?:effectiveDateTime|onsetDateTime|authoredOn|occurrenceDateTime|performedDateTime|recordedDate|issued)":"(\d{4}-\d\d-\d\d)/g)) {
        outside.push(...(date! <= today && date! >= patient.birthDate ? [] : [`${resource.resourceType}/${resource.id} ${date}`]));
      }
    }
  }
  expect(outside).toEqual([]);
});

test('a value outside its reference range is flagged as such, one inside is not', () => {
  const flagged = all.filter((r): r is Observation => r.resourceType === 'Observation' && r.referenceRange !== undefined);
  expect(flagged.length).toBeGreaterThan(500);
  for (const o of flagged) {
    const value = o.valueQuantity!.value!;
    const range = o.referenceRange![0]!;
    const expected = range.low?.value !== undefined && value < range.low.value ? 'L' : range.high?.value !== undefined && value > range.high.value ? 'H' : 'N';
    expect(o.interpretation?.[0]?.coding?.[0]?.code, `${o.code.text} ${value}`).toBe(expected);
  }
});

test('names stand in their own script, with a Latin one beside it', () => {
  const people = all.filter((r): r is Patient => r.resourceType === 'Patient');
  const scripts = new Set(people.flatMap((p) => (/\p{Script=Han}/u.test(p.name![0]!.family!) ? 'Han' : /\p{Script=Arabic}/u.test(p.name![0]!.family!) ? 'Arabic' : /\p{Script=Cyrillic}/u.test(p.name![0]!.family!) ? 'Cyrillic' : /\p{Script=Latin}/u.test(p.name![0]!.family!) ? 'Latin' : 'other')));
  expect(scripts.size).toBe(5);
  for (const p of people) expect(p.name!.some((n) => /^\p{Script=Latin}/u.test(n.family!)), p.id).toBe(true);
});

test('accounts are named for the terminal with password and authenticator, and stand for people who are there', () => {
  const known = new Set(all.map((r) => `${r.resourceType}/${r.id}`));
  for (const account of demo.accounts) {
    expect(account.totpSecret).toMatch(/^[A-Z2-7]{32}$/);
    expect(accountTable()).toContain(account.password);
    const meant = account.memberships.flatMap((m) => [m.profile, ...(m.practitionerRoles ?? []), ...(m.organizations ?? []).map((o) => `Organization/${o}`)]).filter((r) => r !== undefined);
    expect(meant.filter((reference) => !known.has(reference))).toEqual([]);
  }
  expect(demo.accounts.map((a) => a.login)).toEqual(expect.arrayContaining(['dr-a', 'dr-b', 'dr-c', 'coordinator-a', 'coordinator-b', 'admin-a', 'network', 'patient-p', 'patient-q']));
});

const filesOf = async (type: string): Promise<Buffer[]> => Promise.all(demo.documents.filter((d) => d.contentType === type).map(async (d) => Buffer.from(await d.bytes())));

test('letters are PDF, notes are text that says what it is, summaries are C-CDA', async () => {
  const starts = (files: readonly Buffer[], text: string): boolean => files.length > 3 && files.every((file) => file.includes(text));
  expect(starts(await filesOf('application/pdf'), '%PDF-')).toBe(true);
  expect(starts(await filesOf('text/plain'), 'DEMONSTRATION')).toBe(true);
  expect(starts(await filesOf('application/hl7-cda+xml'), '<ClinicalDocument xmlns="urn:hl7-org:v3"')).toBe(true);
});

test.skipIf(!existsSync('/usr/bin/qpdf'))('qpdf finds nothing wrong in any letter', async () => {
  for (const file of await filesOf('application/pdf')) {
    writeFileSync(join(folder, 'a.pdf'), file);
    expect(spawnSync('qpdf', ['--check', join(folder, 'a.pdf')], { encoding: 'utf8' }).stdout).toContain('No syntax or stream encoding errors');
  }
});

test.skipIf(!existsSync('/usr/bin/xmllint'))('xmllint finds every summary well-formed', async () => {
  for (const file of await filesOf('application/hl7-cda+xml')) expect(spawnSync('xmllint', ['--noout', '-'], { input: file }).status).toBe(0);
});

test('the electrocardiogram of FHIR and the one of DICOM hold twelve leads of ten seconds that obey Einthoven', async () => {
  const observation = demo.records[0]!.resources.find((r): r is Observation => r.resourceType === 'Observation' && r.component?.[0]?.valueSampledData !== undefined)!;
  const fhir = recordingFromObservation(observation);
  const [file] = demo.imaging.find((i) => i.id === 'ecg')!.files();
  const group = decodeWaveforms(await readPart10Bytes(file!))[0]!;
  for (const { samplingHz, leads } of [fhir, group]) {
    expect(leads.map((l) => l.name)).toEqual(['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']);
    for (const { samplesUv } of leads) expect(samplesUv.length / samplingHz).toBe(10);
    const [one, two, three] = leads.map((l) => l.samplesUv);
    expect(one!.map((v, n) => v + three![n]!)).toEqual(two);
    expect(Math.max(...two!)).toBeGreaterThan(700);
    expect(Math.max(...two!)).toBeLessThan(2_500);
  }
});

test.skipIf(!existsSync('/usr/bin/dcmdump'))('dcmtk reads the electrocardiogram and a slice of the CT as they were meant', () => {
  for (const study of demo.imaging) {
    const [file] = study.files();
    const path = join(folder, `${study.id}.dcm`);
    writeFileSync(path, file!);
    const dump = execFileSync('dcmdump', ['+E', path], { encoding: 'utf8' });
    expect(dump).toContain('Mwangi^Joseph');
    expect(dump).toMatch(study.id === 'ct' ? /CTImageStorage[\s\S]*Rows[\s\S]*524288, 1 PixelData/ : /TwelveLeadECGWaveformStorage[\s\S]*120000, 1 WaveformData/);
  }
}, 30_000);

test('the CT shows air, lung, soft tissue, bone, and the nodule in the right upper lobe', () => {
  const { columns, pixelMm, rows } = phantomSize;
  const n = Math.round(noduleAt[2] / phantomSize.sliceMm) + phantomSize.slices / 2;
  const slice = chestPhantom().drop(n).next().value!;
  const at = (x: number, y: number): number => slice[Math.round(y / pixelMm + rows / 2) * columns + Math.round(x / pixelMm + columns / 2)]!;
  expect(Math.abs(sliceHeightMm(n) - noduleAt[2])).toBeLessThanOrEqual(2.5);
  expect(at(-180, -160)).toBeLessThan(-900); // room air
  expect(at(noduleAt[0], noduleAt[1])).toBeGreaterThan(-40);
  expect(at(noduleAt[0] + 22, noduleAt[1] - 24)).toBeLessThan(-700); // lung beside it
  expect(at(0, 72)).toBeGreaterThan(60); // vertebra
}, 30_000);
