import type { Observation, SampledData } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeSampledData, detectRPeaks, EcgError, heartRate, layoutPaper, leadName, measure, recordingFromObservation, standardLeads, withDerivedLeads } from './index.ts';

const sampled = (data: string, more: Partial<SampledData> = {}): SampledData => ({ origin: { value: 0, code: 'mV' }, period: 2, dimensions: 1, data, ...more });

test('sampled data is factor, origin and dimensions applied, with gaps and limits marked', () => {
  const decoded = decodeSampledData(sampled('1 2 E L U -4', { factor: 0.5, origin: { value: 10, code: 'uV' }, dimensions: 2, lowerLimit: -100 }));
  expect(decoded.samplingHz).toBe(500);
  expect([...decoded.dimensions[0]!]).toEqual([10.5, Number.NaN, Number.NaN]);
  expect([...decoded.dimensions[1]!]).toEqual([11, -40, 8]);
});

test('what cannot be read names where it is', () => {
  expect(() => decodeSampledData(sampled('1 x 3'))).toThrow(/Sample 2 is not a number, at valueSampledData.data/);
  expect(() => decodeSampledData(sampled('1 2 3', { dimensions: 2 }))).toThrow(EcgError);
  expect(() => decodeSampledData(sampled('1', { period: 0 }))).toThrow(/period/);
  expect(() => recordingFromObservation({ resourceType: 'Observation', status: 'final', code: {} })).toThrow(/no sampled data/);
});

test('an observation with a component per lead becomes a recording in microvolts', () => {
  const component = (code: string, data: string): NonNullable<Observation['component']>[number] => ({ code: { coding: [{ system: 'urn:iso:std:iso:11073:10101', code }] }, valueSampledData: sampled(data) });
  const recording = recordingFromObservation({ resourceType: 'Observation', status: 'final', code: {}, component: [component('131329', '1 0'), component('MDC_ECG_LEAD_II', '2 0.5')] });
  expect(recording.leads.map((l) => [l.name, ...l.samplesUv])).toEqual([['I', 1000, 0], ['II', 2000, 500]]);
  const derived = withDerivedLeads(recording);
  expect(derived.leads.map((l) => [l.name, l.samplesUv[0]])).toEqual([['I', 1000], ['II', 2000], ['III', 1000], ['aVR', -1500], ['aVL', 0], ['aVF', 1500]]);
});

test('lead names are found in codes and labels', () => {
  expect(['131392', 'MDC_ECG_LEAD_AVR', 'Lead V6', 'ecg lead iii', 'something'].map(leadName)).toEqual(['aVF', 'aVR', 'V6', 'III', undefined]);
});

/** A beat every `everyMs`: a 1 mV R of 40 ms with Q, S and a broad T. */
const synthetic = (everyMs: number, seconds: number, samplingHz: number): Float32Array => Float32Array.from({ length: seconds * samplingHz }, (_, n) => {
  const ms = ((n * 1000) / samplingHz) % everyMs - 300;
  const bump = (at: number, width: number, high: number): number => high * Math.exp(-(((ms - at) / width) ** 2));
  return bump(0, 12, 1000) + bump(-28, 12, -120) + bump(30, 14, -200) + bump(250, 50, 300) + bump(-160, 25, 120);
});

test.each([[1000, 60], [600, 100], [1500, 40], [400, 150]])('a beat every %i ms is a rate of %i', (everyMs, rate) => {
  const peaks = detectRPeaks(synthetic(everyMs, 20, 500), 500);
  expect(heartRate(peaks, 500)).toBeCloseTo(rate, 0);
  expect(Math.abs(peaks.length - 20_000 / everyMs)).toBeLessThanOrEqual(1);
});

test('no signal makes the detector fail, and a flat one has no beats', () => {
  expect(detectRPeaks(new Float32Array(5000), 500)).toEqual([]);
  fc.assert(fc.property(fc.array(fc.float(), { maxLength: 400 }), fc.constantFrom(50, 360, 1000), (signal, hz) => {
    const peaks = detectRPeaks(Float32Array.from(signal), hz);
    return peaks.every((at) => at >= 0 && at < signal.length);
  }));
});

test('twelve leads of ten seconds at 25 mm/s stand in three rows of four over a rhythm row', () => {
  const recording = { samplingHz: 500, leads: standardLeads.map((name) => ({ name, code: '', samplesUv: new Float32Array(5000) })) };
  const paper = layoutPaper(recording, { speed: 25, gain: 10, format: '3x4' });
  expect(paper.strips.map((s) => s.lead.name)).toEqual(['I', 'aVR', 'V1', 'V4', 'II', 'aVL', 'V2', 'V5', 'III', 'aVF', 'V3', 'V6', 'II']);
  expect(paper.widthMm).toBe(270);
  expect(paper.strips[1]).toMatchObject({ xMm: 77.5, fromSeconds: 2.5, toSeconds: 5, widthMm: 62.5 });
  expect(layoutPaper(recording, { speed: 50, gain: 10, format: '12x1' })).toMatchObject({ widthMm: 520, strips: { length: 12 } });
});

test('a caliper over 20 mm and 15 mm reads 800 ms, 75 a minute and 1.5 mV on standard paper', () => {
  expect(measure({ x1Mm: 30, y1Mm: 5, x2Mm: 10, y2Mm: 20 }, { speed: 25, gain: 10 })).toEqual({ ms: 800, mV: 1.5, perMinute: 75 });
});

const data = process.env['BEDSIDE_TEST_DATA'];
describe.skipIf(!data)('with BEDSIDE_TEST_DATA', () => {
  test.each([['100', 0.999], ['103', 0.999], ['106', 0.99], ['119', 0.99], ['200', 0.99]])('beats of MIT-BIH record %s are found', (record, least) => {
    const signal = readFormat212(readFileSync(join(data!, 'ecg', 'mitdb', `${record}.dat`)));
    const wanted = readAnnotations(readFileSync(join(data!, 'ecg', 'mitdb', `${record}.atr`))).filter((at) => at < signal.length);
    const found = detectRPeaks(signal, 360);
    let hits = 0;
    let at = 0;
    for (const beat of wanted) {
      while (at < found.length && found[at]! < beat - 54) at += 1;
      if (at < found.length && found[at]! <= beat + 54) { hits += 1; at += 1; }
    }
    expect({ found: hits / wanted.length > least, true: hits / found.length > least, of: [hits / wanted.length, hits / found.length] }).toMatchObject({ found: true, true: true });
  });
});

/** First of two 12-bit signals packed in three bytes. @see WFDB signal(5) */
function readFormat212(bytes: Uint8Array): Float32Array {
  return Float32Array.from({ length: Math.floor(bytes.length / 3) }, (_, n) => {
    const value = bytes[n * 3]! | ((bytes[n * 3 + 1]! & 0x0F) << 8);
    return value > 2047 ? value - 4096 : value;
  });
}

/** Samples of beat annotations. @see WFDB annot(5) */
function readAnnotations(bytes: Uint8Array): number[] {
  const beats = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
  const out: number[] = [];
  let time = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const word = bytes[at]! | (bytes[at + 1]! << 8);
    const code = word >> 10;
    const step = word & 0x3FF;
    if (code === 0 && step === 0) break;
    if (code === 59) {
      time += (bytes[at + 2]! | (bytes[at + 3]! << 8)) * 65536 + (bytes[at + 4]! | (bytes[at + 5]! << 8));
      at += 4;
    } else if (code === 63) at += step + (step % 2);
    else if (code < 59) {
      time += step;
      if (beats.has(code)) out.push(time);
    }
  }
  return out;
}
