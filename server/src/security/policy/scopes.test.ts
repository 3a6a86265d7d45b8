import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseResourceScope, roomOfScopes, scopeAllows, scopeCovers } from './index.ts';

test('a scope is read by the grammar of SMART 2 and by no other', () => {
  expect(parseResourceScope('user/Observation.rs')).toMatchObject({ compartment: 'user', type: 'Observation', read: true, search: true, create: false });
  for (const wrong of ['user/Observation.', 'user/Observation.sr', 'user/Observation.read', 'user/observation.r', 'user/*.*', 'users/*.r', 'openid', 'user/Observation.rs?category=x', '', `user/${'A'.repeat(100)}.r`]) expect(parseResourceScope(wrong), `${wrong}`).toBeUndefined();
});

test('a wide scope covers its parts and nothing of another compartment', () => {
  expect(scopeCovers('user/*.cruds', 'user/Patient.rs')).toBe(true);
  expect(scopeCovers('user/Patient.rs', 'user/*.rs')).toBe(false);
  expect(scopeCovers('user/*.rs', 'user/Patient.u')).toBe(false);
  expect(scopeCovers('user/*.cruds', 'system/Patient.r')).toBe(false);
  expect(scopeCovers('openid', 'openid')).toBe(true);
  expect(scopeAllows(['user/Patient.r', 'user/Observation.cs'], 'Observation', 'create')).toBe(true);
  expect(scopeAllows(['user/Patient.r', 'launch/room'], 'Observation', 'read')).toBe(false);
});

test('the room of a link is known only with the scope of links', () => {
  expect(roomOfScopes(['launch/room', 'room/c1'])).toBe('c1');
  expect(roomOfScopes(['room/c1'])).toBeUndefined();
});

test('no text makes the reader of scopes fail or claim what the text does not say', () => {
  fc.assert(fc.property(fc.string({ maxLength: 120 }), (text) => {
    const scope = parseResourceScope(text);
    const again = scope && (`${scope.compartment}/${scope.type}.${scope.create ? 'c' : ''}${scope.read ? 'r' : ''}${scope.update ? 'u' : ''}${scope.delete ? 'd' : ''}${scope.search ? 's' : ''}`);
    expect(again ?? text).toBe(text);
  }), { numRuns: 2_000 });
});
