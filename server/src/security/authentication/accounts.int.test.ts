import { expect, test } from 'vitest';
import type { RequestContext } from '../policy/index.ts';
import { startSignInServer, type SignInServer } from './testing.ts';

const password = 'correct horse battery';
const as = (server: SignInServer, role: RequestContext['actor']['role'], institution?: string): RequestContext =>
  ({ ...server.system, actor: { ...server.system.actor, accountId: `${role}-${institution ?? ''}`, role, ...(institution ? { institution } : {}) } });
const doctor = (login: string, institution: string) => ({ login, displayName: `Dr ${login}`, password, memberships: [{ role: 'clinician' as const, institution }] });

test('sign-in names are one whatever their case and form, and a second of the same is refused', async () => {
  await using server = await startSignInServer();
  const { accounts } = server.auth;
  await accounts.create(server.system, doctor('Ada', 'north'));
  await expect(accounts.create(server.system, doctor('ADA ', 'north'))).rejects.toMatchObject({ kind: 'conflict', code: 'login-taken' });
  await expect(accounts.create(server.system, doctor('\uff21da', 'north'))).rejects.toMatchObject({ code: 'login-taken' });
  expect(await accounts.find(server.system, { login: 'aDa' })).toMatchObject({ login: 'Ada', status: 'active' });
});

test('wrong fields are named and nothing is written', async () => {
  await using server = await startSignInServer();
  const { accounts } = server.auth;
  for (const [more, at] of [
    [{ login: ' ' }, 'login'], [{ login: 'a\u0000b' }, 'login'], [{ displayName: '' }, 'displayName'], [{ timeZone: 'Mars/Olympus' }, 'timeZone'], [{ locale: '!' }, 'locale'], [{ password: 'short' }, 'password'],
    [{ totpSecret: 'AAAA' }, 'totpSecret'], [{ memberships: [{ role: 'clinician' as const }] }, 'memberships.institution'], [{ memberships: [{ role: 'patient' as const, profile: 'Observation/1' }] }, 'memberships.profile'],
  ] as const) await expect(accounts.create(server.system, { ...doctor('ada', 'north'), ...more }), `${at}`).rejects.toMatchObject({ kind: 'invalid', details: { at } });
  expect((await accounts.list(server.system)).accounts).toEqual([]);
});

test('an administrator of one institution neither sees nor touches accounts of another, nor those above', async () => {
  await using server = await startSignInServer();
  const { accounts } = server.auth;
  const north = as(server, 'institution-administrator', 'north');
  const mine = await accounts.create(north, doctor('mine', 'north'));
  const theirs = await accounts.create(server.system, doctor('theirs', 'south'));
  const both = await accounts.create(server.system, { ...doctor('both', 'north'), memberships: [{ role: 'clinician', institution: 'north' }, { role: 'clinician', institution: 'south' }] });
  expect((await accounts.list(north)).accounts.map((a) => a.login)).toEqual(['both', 'mine']);
  await expect(accounts.list(north, { institution: 'south' })).rejects.toMatchObject({ kind: 'forbidden' });
  for (const other of [theirs, both]) {
    await expect(accounts.suspend(north, other.id, 'x')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(accounts.setPassword(north, other.id, 'a new good password')).rejects.toMatchObject({ kind: 'forbidden' });
  }
  await accounts.suspend(north, mine.id, 'left');
  await expect(accounts.create(north, { ...doctor('x', 'north'), memberships: [{ role: 'network-administrator' }] })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(accounts.create(north, { ...doctor('x', 'north'), memberships: [{ role: 'network-administrator', institution: 'north' }] })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(accounts.addMembership(north, mine.id, { role: 'clinician', institution: 'south' })).rejects.toMatchObject({ kind: 'forbidden' });
});

test('an administrator gives away nothing that the institution does not own, not even to themselves', async () => {
  const owners: Record<string, string> = { 'Practitioner/n': 'north', 'Practitioner/s': 'south', 'Organization/north-lab': 'north', 'Organization/south-lab': 'south' };
  await using server = await startSignInServer({ ownerOf: async (reference) => owners[reference] });
  const { accounts } = server.auth;
  const me = await accounts.create(server.system, { login: 'me', displayName: 'Me', password, memberships: [{ role: 'institution-administrator', institution: 'north' }] });
  const ctx: RequestContext = { ...server.system, actor: { ...server.system.actor, accountId: me.id, role: 'institution-administrator', institution: 'north', organizations: ['north'] } };
  const give = (membership: Parameters<typeof accounts.addMembership>[2]) => accounts.addMembership(ctx, me.id, membership);
  for (const wrong of [
    { role: 'clinician', institution: 'south' }, { role: 'system', institution: 'north' }, { role: 'network-administrator', institution: 'north' }, { role: 'patient' },
    { role: 'clinician', institution: 'north', profile: 'Practitioner/s' }, { role: 'patient', institution: 'north', profile: 'Patient/unknown' }, { role: 'clinician', institution: 'north', organizations: ['south-lab'] },
  ] as const) await expect(give(wrong), `${JSON.stringify(wrong)}`).rejects.toMatchObject({ kind: 'forbidden' });
  const id = await give({ role: 'clinician', institution: 'north', profile: 'Practitioner/n', organizations: ['north-lab'] });
  await expect(accounts.linkProfile(ctx, id, { organizations: ['south-lab'] })).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(accounts.linkProfile(ctx, id, { profile: 'Practitioner/s' })).rejects.toMatchObject({ kind: 'forbidden' });
  await accounts.removeMembership(ctx, id);
});

test('no one but administrators and systems creates, lists or suspends accounts', async () => {
  await using server = await startSignInServer();
  const { accounts, institutions } = server.auth;
  const victim = await accounts.create(server.system, doctor('victim', 'north'));
  for (const role of ['clinician', 'coordinator', 'patient'] as const) {
    const ctx = as(server, role, 'north');
    await expect(accounts.create(ctx, doctor('x', 'north'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(accounts.list(ctx)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(accounts.find(ctx, { id: victim.id })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(accounts.suspend(ctx, victim.id, 'x')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(accounts.addMembership(ctx, victim.id, { role: 'patient' })).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(institutions.suspend(ctx, 'north', 'x')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(server.auth.renewKeys(ctx)).rejects.toMatchObject({ kind: 'forbidden' });
  }
});

test('the list is paged by name and can be searched', async () => {
  await using server = await startSignInServer();
  const { accounts } = server.auth;
  for (let i = 0; i < 7; i += 1) await accounts.create(server.system, { login: `user${i}`, displayName: i === 3 ? 'Zo\u00eb' : 'Somebody', memberships: [{ role: 'patient' }] });
  const first = await accounts.list(server.system, { limit: 3 });
  const second = await accounts.list(server.system, { limit: 3, after: first.next! });
  const third = await accounts.list(server.system, { limit: 3, after: second.next! });
  expect([first, second, third].flatMap((page) => page.accounts.map((a) => a.login))).toEqual(['user0', 'user1', 'user2', 'user3', 'user4', 'user5', 'user6']);
  expect(third.next).toBeUndefined();
  expect((await accounts.list(server.system, { text: 'zo' })).accounts.map((a) => a.login)).toEqual(['user3']);
});

test('what leaves the accounts holds neither hash nor seed', async () => {
  await using server = await startSignInServer();
  const made = await server.auth.accounts.create(server.system, { ...doctor('ada', 'north'), totpSecret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
  const shown = JSON.stringify([made, await server.auth.accounts.find(server.system, { id: made.id }), await server.auth.accounts.list(server.system)]);
  expect(shown).toContain('"totpEnrolled":true');
  expect(shown).not.toMatch(/argon2|passwordHash|totpSecret/);
});
