import { expect, it } from 'vitest';
import { caseQuery } from './filters.ts';

it('asks for one state when one is chosen', () => {
  expect(caseQuery({ state: 'applied', group: 'open' }, 'teleconsultation', [])['business-status']).toBe('urn:bedside:state|applied');
});
it('asks for the states of a group otherwise', () => {
  expect(caseQuery({ group: 'ended' }, 'teleconsultation', [])['business-status']).toBe('urn:bedside:state|closed,urn:bedside:state|refused,urn:bedside:state|withdrawn,urn:bedside:state|cancelled');
  expect(caseQuery({ group: 'all' }, 'teleconsultation', [])['business-status']).toBeUndefined();
});
it('bounds the date on both sides', () => {
  expect(caseQuery({ from: '2026-01-01', until: '2026-01-31' }, 'teleconsultation', [])['authored-on']).toEqual(['ge2026-01-01', 'le2026-01-31']);
});
it('ignores a state that does not exist', () => {
  expect(caseQuery({ state: 'x|y' }, 'teleconsultation', [])['business-status']).toBeUndefined();
});
it('asks for the own invitations of an invitee', () => {
  expect(caseQuery({ role: 'invitee' }, 'teleconsultation', ['a', 'PractitionerRole/b'])['_has:Task:part-of:owner']).toBe('PractitionerRole/a,PractitionerRole/b');
});
