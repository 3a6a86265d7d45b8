import { expect, test } from 'vitest';
import type { DicomJson } from '../../dicomweb/index.ts';
import { frameIsPlausible, frameOf } from './frame-check.ts';
import { seriesContent, sideOf, tellsOrientation } from './series-images.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rle = (segments: number, ...offsets: number[]): Uint8Array => {
  const out = new Uint8Array(200);
  const data = new DataView(out.buffer);
  [segments, ...offsets].forEach((value, at) => data.setUint32(at * 4, value, true));
  return out;
};

test('only bytes that begin as their type says are given to a decoder', () => {
  expect(frameIsPlausible('image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5', rle(2, 64, 100))).toBe(true);
  expect(frameIsPlausible('image/dicom-rle', rle(4_000_000, 64))).toBe(false);
  expect(frameIsPlausible('image/dicom-rle', rle(2, 64, 5_000))).toBe(false);
  expect(frameIsPlausible('image/dicom-rle', rle(2, 64, 64))).toBe(false);
  expect(frameIsPlausible('image/jp2', Uint8Array.of(0xFF, 0x4F, 0xFF, 0x51))).toBe(true);
  expect(frameIsPlausible('image/jpeg', bytes('<html>'))).toBe(false);
  expect(frameIsPlausible('application/octet-stream', bytes('x'))).toBe(true);
});

test('the frame is found in a multipart answer', () => {
  const found = frameOf('multipart/related; boundary=b', bytes('--b\r\nContent-Type: image/jls; transfer-syntax=1.2\r\n\r\npixels'));
  expect(found.type).toBe('image/jls; transfer-syntax=1.2');
  expect(new TextDecoder().decode(found.bytes)).toBe('pixels');
});

const slice = (sop: string, z: number, more: DicomJson = {}): DicomJson => ({
  '00080018': { vr: 'UI', Value: [sop] }, '00280010': { vr: 'US', Value: [4] }, '00280011': { vr: 'US', Value: [8] }, '00280100': { vr: 'US', Value: [16] },
  '00200032': { vr: 'DS', Value: [0, 0, z] }, '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] }, ...more,
});

test('slices stand in the order of the body, whatever their numbers', () => {
  const content = seriesContent('https://h/dicomweb', '1', '2', [slice('b', 5), slice('c', 10), slice('a', -5)]);
  expect(content).toMatchObject({ kind: 'images', bytesEach: 64, images: [{ imageId: 'wadors:https://h/dicomweb/studies/1/series/2/instances/a/frames/1' }, { imageId: expect.stringContaining('/b/') }, { imageId: expect.stringContaining('/c/') }] });
});

test('frames of one object are images of their own, and a series without pixels is what it is', () => {
  expect(seriesContent('https://h', '1', '2', [slice('m', 0, { '00280008': { vr: 'IS', Value: [3] } })])).toMatchObject({ images: [{ frame: 1 }, { frame: 2 }, { frame: 3 }] });
  expect(seriesContent('https://h/dicomweb', '1', '2', [{ '00420011': { vr: 'OB', BulkDataURI: '/dicomweb/x' }, '00420012': { vr: 'LO', Value: ['application/pdf'] } }])).toMatchObject({ kind: 'pdf', url: 'https://h/dicomweb/x' });
  expect(seriesContent('https://h', '1', '2', [{ '54000100': { vr: 'SQ' }, '00080018': { vr: 'UI', Value: ['9'] } }])).toEqual({ kind: 'waveform', sop: '9' });
  expect(seriesContent('https://h', '1', '2', [{ '00080060': { vr: 'CS', Value: ['SR'] } }])).toEqual({ kind: 'other', modality: 'SR' });
});

test('sides are only told when the image tells them', () => {
  expect(tellsOrientation(slice('a', 0))).toBe(true);
  expect(tellsOrientation({ '00280010': { vr: 'US', Value: [4] } })).toBe(false);
  expect(tellsOrientation({ '52009229': { vr: 'SQ', Value: [{ '00209116': { vr: 'SQ', Value: [{ '00200037': { vr: 'DS', Value: [1, 0, 0, 0, 1, 0] } }] } }] } })).toBe(true);
});

test('directions are named by the side of the patient they point to', () => {
  expect(sideOf([1, 0, 0])).toBe('L');
  expect(sideOf([-0.7, 0, 0.71])).toBe('HR');
  expect(sideOf([0, -1, 0.1])).toBe('A');
});
