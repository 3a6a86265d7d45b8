import { expect, test } from 'vitest';
import { accountRoles, demand, may, permissions, purposeFor, purposesOfRole, rightsOfRole, type Actor } from './index.ts';

const actor = (role: Actor['role'], more: Partial<Actor> = {}): Actor =>
  ({ accountId: 'me', role, name: 'Me', profile: 'Practitioner/me', practitionerRoles: [], organizations: ['north', 'north-cardiology'], institution: 'north', scopes: [], methods: [], clientId: 'c', ...more });

test('an administrator of an institution creates accounts in it and in no other', () => {
  const administrator = actor('institution-administrator');
  expect(may(administrator, 'account.create', { institution: 'north' })).toBe(true);
  expect(may(administrator, 'account.create', { institution: 'south' })).toBe(false);
  expect(may(administrator, 'account.create', {})).toBe(false);
  expect(may(administrator, 'institution.suspend', { institution: 'north' })).toBe(false);
  expect(may(actor('network-administrator', { organizations: [] }), 'account.create', { institution: 'south' })).toBe(true);
});

test('a right of a department reaches what the department owns and not the rest of the house', () => {
  const clinician = actor('clinician');
  expect(may(clinician, 'record.read', { organizations: ['north-cardiology'] })).toBe(true);
  expect(may(clinician, 'record.read', { institution: 'north', organizations: ['north-surgery'] })).toBe(false);
  expect(may(clinician, 'record.read', { profile: 'Practitioner/me' })).toBe(true);
});

test('a right over one\u2019s own things reaches nothing of anybody else, institution or not', () => {
  const patient = actor('patient', { profile: 'Patient/me', organizations: [] });
  expect(may(patient, 'record.read', { profile: 'Patient/me' })).toBe(true);
  expect(may(patient, 'record.read', { profile: 'Patient/you', institution: 'north' })).toBe(false);
  expect(may(actor('clinician'), 'report.sign', { institution: 'north', organizations: ['north'] })).toBe(false);
});

test('administrators read no record and clinicians administer nothing', () => {
  for (const role of ['institution-administrator', 'network-administrator'] as const) {
    for (const permission of permissions.filter((p) => /^(record|report|case|room|material|emergency)\./.test(p))) expect(may(actor(role), permission), `${role} ${permission}`).toBe(false);
  }
  for (const role of ['clinician', 'coordinator', 'patient'] as const) {
    for (const permission of permissions.filter((p) => /^(institution|client|key|setting|backup|data|audit|account\.(create|suspend|reset|delegate))/.test(p))) expect(may(actor(role), permission), `${role} ${permission}`).toBe(false);
  }
});

test('what is refused names the right and nothing of the target', () => {
  expect(() => demand(actor('patient'), 'account.suspend', { accountId: 'somebody' })).toThrow(expect.objectContaining({ kind: 'forbidden', code: 'not-permitted', details: { permission: 'account.suspend' } }));
});

test('every role has rights and a purpose, and states no purpose it may not have', () => {
  for (const role of accountRoles) {
    expect(Object.keys(rightsOfRole[role]).length).toBeGreaterThan(0);
    expect(purposeFor(role)).toBe(purposesOfRole[role][0]);
  }
  expect(purposeFor('clinician', 'ETREAT')).toBe('ETREAT');
  expect(purposeFor('patient', 'ETREAT')).toBe('PATRQT');
});
