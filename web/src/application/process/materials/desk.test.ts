import { expect, it } from 'vitest';
import type { CaseView } from '../case.ts';
import { deskOf, packagesOf } from './desk.ts';

const view = {
  materials: { resourceType: 'List', status: 'current', mode: 'working', entry: [
    { item: { reference: 'DocumentReference/a' }, flag: { coding: [{ system: 'urn:bedside:material-class', code: 'imaging' }] } },
    { item: { reference: 'Observation/b' }, deleted: true }, { item: { reference: 'ImagingStudy/c' } },
  ] },
  packages: [{ resourceType: 'DocumentManifest', id: 'p1', status: 'current', description: '1', content: [{ reference: 'DocumentReference/a' }], related: [{ ref: { reference: 'DocumentReference/a' }, identifier: { system: 'urn:bedside:sha256', value: 'ab12' } }] }],
  provenance: [{ resourceType: 'Provenance', recorded: '2026-01-01T00:00:00Z', agent: [{ who: { display: 'Dr B' } }], target: [{ reference: 'DocumentManifest/p1' }], activity: { coding: [{ system: 'urn:bedside:action', code: 'acknowledge-materials' }] } }],
} as unknown as CaseView;

it('tells what lies on the desk, what was removed and what was sent', () => {
  expect(deskOf(view).map(({ key, kind, removed, sent }) => [key, kind, removed, sent])).toEqual([
    ['DocumentReference/a', 'imaging', false, true], ['Observation/b', 'other', true, false], ['ImagingStudy/c', 'other', false, false],
  ]);
});
it('joins each sent item with its hash and the package with its receipts', () => {
  const [sent] = packagesOf(view);
  expect(sent?.items).toEqual([{ key: 'DocumentReference/a', sha256: 'ab12' }]);
  expect(sent?.receipts[0]?.agent[0]?.who?.display).toBe('Dr B');
});
