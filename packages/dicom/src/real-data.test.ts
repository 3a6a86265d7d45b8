import { execFileSync } from 'node:child_process';
import dicomParser from 'dicom-parser';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainText } from './dataset.ts';
import { dictionaryVr } from './dictionary.ts';
import { DicomError } from './errors.ts';
import { frameTotal, indexFrames } from './frames.ts';
import { toDicomJson } from './json.ts';
import { readPart10, readPart10Bytes } from './read.ts';
import { isPixelData, tags } from './tags.ts';
import { decodeWaveforms, primaryWaveform } from './waveform.ts';

const data = process.env['BEDSIDE_TEST_DATA'];
const walk = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(folder, e.name)) : [join(folder, e.name)]));
const hasDcmdump = ((): boolean => {
  try {
    execFileSync('dcmdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!data)('with BEDSIDE_TEST_DATA', () => {
  const vrOf = dictionaryVr();

  test('every file is indexed, or refused with a typed fault when it is broken on purpose', async () => {
    const refused: string[] = [];
    for (const path of walk(join(data!, 'dicom'))) {
      try {
        const read = await readPart10([readFileSync(path)], { vrOf });
        const wanted = read.pixelData ? Number(plainText(read.dataset, tags.NumberOfFrames) ?? 1) : 0;
        if (frameTotal(indexFrames(read)) !== wanted) throw new Error(`${path}: wrong number of frames`);
        JSON.stringify(toDicomJson(read.dataset, { bulkUri: String }));
      } catch (error) {
        if (!(error instanceof DicomError)) throw error;
        refused.push(`${path.split('/').at(-1)} ${error.fault}`);
      }
    }
    expect(refused.toSorted()).toEqual([
      'MR_truncated.dcm truncated', 'badVR.dcm bad-value', 'meta_missing_tsyntax.dcm transfer-syntax-missing', 'nested_priv_SQ.dcm value-missing',
      'no_meta.dcm not-dicom', 'rtplan_truncated.dcm truncated']);
  });

  test('dicom-parser finds the same top-level elements at the same bytes', async () => {
    let compared = 0;
    for (const path of walk(join(data!, 'dicom'))) {
      if (path.includes('/broken/') || path.endsWith('image_dfl.dcm')) continue;
      const bytes = readFileSync(path);
      if (bytes.toString('latin1', 128, 132) !== 'DICM') continue;
      const theirs = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
      const ours = await readPart10Bytes(bytes, { vrOf });
      for (const [key, element] of Object.entries(theirs.elements)) {
        const tag = Number.parseInt(key.slice(1), 16);
        if (isPixelData(tag)) continue;
        const mine = (tag >>> 16 === 2 ? ours.meta : ours.dataset).elements.get(tag);
        expect(`${path} ${key} ${mine?.offset}`).toBe(`${path} ${key} ${element.dataOffset}`);
      }
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
  });

  test.skipIf(!hasDcmdump)('dcmdump reads the same identifiers', async () => {
    for (const path of walk(join(data!, 'dicom', 'basic'))) {
      const read = await readPart10([readFileSync(path)], { vrOf });
      const dump = execFileSync('dcmdump', ['-q', '+P', '0020,000d', '+P', '0008,0018', path]).toString();
      const of = (group: string): string | undefined => new RegExp(`\\(${group}\\) UI \\[([^\\]]*)\\]`).exec(dump)?.[1];
      expect(`${path} ${plainText(read.dataset, tags.StudyInstanceUID)}`).toBe(`${path} ${of('0020,000d')}`);
      expect(`${path} ${plainText(read.dataset, tags.SOPInstanceUID)}`).toBe(`${path} ${of('0008,0018')}`);
    }
  });

  test('the twelve leads of a recorded ECG add up as Einthoven says', async () => {
    const read = await readPart10Bytes(readFileSync(join(data!, 'dicom', 'basic', 'waveform_ecg.dcm')), { vrOf });
    const group = primaryWaveform(decodeWaveforms(read));
    expect(group.leads.map((l) => l.name)).toEqual(['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6']);
    expect(group.samplingHz).toBe(1000);
    const [one, two, three] = group.leads.map((l) => l.samplesUv);
    for (let n = 0; n < 5000; n += 97) expect(Math.abs(one![n]! + three![n]! - two![n]!)).toBeLessThan(6);
  });
});
