import { expect, test } from 'vitest';
import { element, explicit, file, identity, item, join } from './bytes.fixture.ts';
import { readPart10Bytes } from './read.ts';
import { decodeWaveforms, primaryWaveform } from './waveform.ts';

const code = (tag: number, value: string, scheme: string, meaning: string): Uint8Array => element(tag, 'SQ', item(join(
  element(0x00080100, 'SH', value), element(0x00080102, 'SH', scheme), element(0x00080104, 'LO', meaning))));
const channel = (label: string, unit: string, sensitivity: string, correction: string, baseline: string, skew: string): Uint8Array => item(join(
  element(0x003A0203, 'SH', label), code(0x003A0208, '2:1', 'MDC', label), element(0x003A0210, 'DS', sensitivity), code(0x003A0211, unit, 'UCUM', unit),
  element(0x003A0212, 'DS', correction), element(0x003A0213, 'DS', baseline), element(0x003A0215, 'DS', skew)));
const group = (hz: string, samples: number[], bits: [number, string], channels: Uint8Array[]): Uint8Array => item(join(
  element(0x003A0004, 'CS', 'ORIGINAL'), element(0x003A0005, 'US', [channels.length]), element(0x003A0010, 'UL', new Uint8Array(new Uint32Array([samples.length / channels.length]).buffer)),
  element(0x003A001A, 'DS', hz), element(0x003A0200, 'SQ', join(...channels)), element(0x54001004, 'US', [bits[0]]), element(0x54001006, 'CS', bits[1]),
  element(0x5400100A, 'OW', new Uint8Array(new Int16Array([-32768]).buffer)), element(0x54001010, 'OW', new Uint8Array(new Int16Array(samples).buffer))));

test('samples become microvolts by sensitivity, correction, baseline and unit, each multiplex group at its own rate', async () => {
  const bytes = file(explicit, identity(), element(0x54000100, 'SQ', join(
    group('500', [100, 4, -32768, -4], [16, 'SS'], [channel('Lead I (Einthoven)', 'uV', '2.5', '2', '10', '3'), channel('LEAD AVF', 'mV', '0.5', '1', '1', '0')]),
    group('250', [7], [16, 'SS'], [channel('V1', 'uV', '1', '1', '0', '0')]))));
  const groups = decodeWaveforms(await readPart10Bytes(bytes));
  expect(groups.map((g) => g.samplingHz)).toEqual([500, 250]);
  const [first, second] = groups[0]!.leads;
  expect(first).toMatchObject({ name: 'I', code: 'MDC:2:1', unit: 'uV', skewSeconds: 0.006 });
  expect([...first!.samplesUv]).toEqual([510, Number.NaN]);
  expect(second!.name).toBe('aVF');
  expect([...second!.samplesUv]).toEqual([3000, -1000]);
  expect(primaryWaveform(groups)).toBe(groups[0]);
});

test('a waveform shorter than its channels and samples names its element', async () => {
  const bytes = file(explicit, identity(), element(0x54000100, 'SQ', item(join(
    element(0x003A0005, 'US', [1]), element(0x003A0010, 'UL', new Uint8Array(new Uint32Array([9]).buffer)), element(0x003A001A, 'DS', '500'),
    element(0x003A0200, 'SQ', channel('I', 'uV', '1', '1', '0', '0')), element(0x54001004, 'US', [16]), element(0x54001006, 'CS', 'SS'), element(0x54001010, 'OW', new Uint8Array(4))))));
  const read = await readPart10Bytes(bytes);
  expect(() => decodeWaveforms(read)).toThrow(/shorter.*\(5400,1010\)/);
});
