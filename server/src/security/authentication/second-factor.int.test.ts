import { expect, test } from 'vitest';
import { fixedClock, systemClock } from '../../kernel/index.ts';
import { begin, createJar, discover, follow, signIn } from './testing-browser.ts';
import { startSignInServer, type SignInServer } from './testing.ts';
import { readTotpSecret } from '../authorization/index.ts';
import { totpCode } from './totp.ts';

const password = 'correct horse battery';
const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const code = (at: Date, offset = 0): string => totpCode(readTotpSecret(seed), new Date(at.getTime() + offset * 30_000));
const doctor = (server: SignInServer, totpSecret?: string) => server.auth.accounts.create(server.system, {
  login: 'adams', displayName: 'Dr Adams', password, ...(totpSecret ? { totpSecret } : {}), memberships: [{ role: 'clinician', institution: 'district', profile: 'Practitioner/adams' }],
});
const byPassword = { step: 'password', login: 'adams', password };
const contextOf = (server: SignInServer, accountId: string) => ({ ...server.system, actor: { ...server.system.actor, accountId, role: 'clinician' as const } });

test('with an authenticator the password alone is not enough, and the token says that both were used', async () => {
  await using server = await startSignInServer();
  await doctor(server, seed);
  const config = await discover(server);
  await expect(signIn(server, createJar(), config, [byPassword])).rejects.toThrow(/authenticator/);
  const tokens = await signIn(server, createJar(), config, [byPassword, { step: 'code', code: code(new Date()) }]);
  expect(tokens.claims()).toMatchObject({ amr: ['pwd', 'otp'] });
});

test('a code counts once, within one step of now, however it is typed, and not again after the clock was put back', async () => {
  const clock = fixedClock(new Date());
  await using server = await startSignInServer({ clock });
  await doctor(server, seed);
  const config = await discover(server);
  const attempt = async (typed: string): Promise<number> => {
    const jar = createJar();
    const begun = await begin(server, jar, config);
    await jar.post(begun.url, byPassword);
    return (await jar.post(begun.url, { step: 'code', code: typed })).status;
  };
  const now = clock.now();
  const spaced = code(now).replace(/^(...)/, '$1 ');
  expect(await attempt(spaced)).toBe(303);
  expect(await attempt(code(now))).toBe(401);
  expect(await attempt(code(now, 1).replaceAll(/\d/g, (d) => String.fromCharCode(0x660 + Number(d))))).toBe(303);
  expect(await attempt(code(now, -1))).toBe(303);
  expect(await attempt(code(now, 2))).toBe(401);
  expect(await attempt(code(now, -2))).toBe(401);
  clock.advanceMs(3_600_000);
  expect(await attempt(code(clock.now()))).toBe(303);
  clock.advanceMs(-3_600_000);
  expect(await attempt(code(now))).toBe(401);
  expect(await attempt(code(now, 1))).toBe(401);
});

test('of many sign-ins with one code at the same moment exactly one gets in', async () => {
  await using server = await startSignInServer();
  await doctor(server, seed);
  const config = await discover(server);
  const ready = await Promise.all(Array.from({ length: 4 }, async () => {
    const jar = createJar();
    const begun = await begin(server, jar, config);
    await jar.post(begun.url, byPassword);
    return { jar, url: begun.url };
  }));
  const typed = code(new Date());
  const answers = await Promise.all(ready.map(({ jar, url }) => jar.post(url, { step: 'code', code: typed })));
  expect(answers.map((a) => a.status).sort()).toEqual([303, 401, 401, 401]);
});

test('five wrong codes close the door for a while, also for the right one', async () => {
  const clock = fixedClock(new Date());
  await using server = await startSignInServer({ clock });
  await doctor(server, seed);
  const jar = createJar();
  const begun = await begin(server, jar, await discover(server));
  await jar.post(begun.url, byPassword);
  for (let i = 0; i < 5; i += 1) expect((await jar.post(begun.url, { step: 'code', code: '000000' })).status).toBe(401);
  const refused = await jar.post(begun.url, { step: 'code', code: code(clock.now()) });
  expect(refused.status).toBe(429);
  expect(await refused.text()).toContain('Wait 1 min');
  clock.advanceMs(61_000);
  expect((await jar.post(begun.url, { step: 'code', code: code(clock.now()) })).status).toBe(303);
});

test('a person enrols an authenticator and gets in by a recovery code once; the seed is not readable in the database', async () => {
  await using server = await startSignInServer();
  const account = await doctor(server);
  const config = await discover(server);
  const jar = createJar();
  await signIn(server, jar, config, [byPassword]);
  const at = `${server.url}/oauth/account`;
  expect((await jar.post(at, { step: 'enrol', current: 'wrong password' })).status).toBe(401);
  const enrol = await (await jar.post(at, { step: 'enrol', current: password })).text();
  expect(enrol).toContain('<svg');
  const pending = /name="pending" value="([^"]+)"/.exec(enrol)?.[1] ?? '';
  const key = /class="key">([A-Z2-7 ]+)</.exec(enrol)?.[1]?.replaceAll(' ', '') ?? '';
  const done = await (await jar.post(at, { step: 'enrol-confirm', pending, code: totpCode(readTotpSecret(key), new Date()) })).text();
  const codes = [...done.matchAll(/<li><code class="key">([^<]+)/g)].map((m) => m[1]!);
  expect(codes).toHaveLength(10);
  const { rows } = await server.db.query<{ text: string }>("select encode(totp_secret, 'escape') || encode(totp_secret, 'hex') as text from security.account where id = $1", [account.id]);
  expect(rows[0]?.text).not.toContain(key);
  expect(rows[0]?.text).not.toContain(Buffer.from(readTotpSecret(key)).toString('hex'));
  const recovery = { step: 'recovery', code: codes[3]!.toUpperCase() };
  expect((await signIn(server, createJar(), config, [byPassword, recovery])).claims()).toMatchObject({ amr: ['pwd', 'otp'] });
  await expect(signIn(server, createJar(), config, [byPassword, recovery])).rejects.toThrow(/401/);
  expect(server.events.map((e) => e.kind)).toEqual(expect.arrayContaining(['totp-enrolled', 'recovery-code-used']));
});

test('changing the password needs the old one, refuses weak ones, and ends every other session but this', async () => {
  await using server = await startSignInServer();
  await doctor(server);
  const config = await discover(server);
  const [here, there] = [createJar(), createJar()];
  const mine = await signIn(server, here, config, [byPassword]);
  const other = await signIn(server, there, config, [byPassword]);
  const at = `${server.url}/oauth/account`;
  expect((await here.post(at, { step: 'password', current: password, new: 'adams' })).status).toBe(400);
  expect((await here.post(at, { step: 'password', current: 'not the password', new: 'another good password' })).status).toBe(401);
  expect((await here.post(at, { step: 'password', current: password, new: 'another good password' })).status).toBe(200);
  const who = async (token: string): Promise<number> => (await fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${token}` } })).status;
  await expect.poll(() => who(other.access_token), { timeout: 1_000, interval: 20 }).toBe(401);
  expect(await who(mine.access_token)).toBe(200);
  await expect(signIn(server, createJar(), config, [byPassword])).rejects.toThrow(/401/);
  expect((await signIn(server, createJar(), config, [{ ...byPassword, password: 'another good password' }])).access_token).toBeTruthy();
});

test('a proof of being there is good once, for its account, for two minutes, and a clock put back does not lengthen it', async () => {
  const clock = fixedClock(new Date());
  await using server = await startSignInServer({ clock });
  const account = await doctor(server, seed);
  const ctx = contextOf(server, account.id);
  const { proofs } = server.auth;
  const consume = (id: string, accountId = account.id) => server.db.transaction((tx) => proofs.consume(tx, accountId, id));
  await expect(proofs.reauthenticate(ctx, '000000')).rejects.toMatchObject({ code: 'code-wrong' });
  const proof = await proofs.reauthenticate(ctx, code(clock.now()));
  await expect(proofs.reauthenticate(ctx, code(clock.now()))).rejects.toMatchObject({ code: 'code-wrong' });
  await expect(consume(proof, 'somebody-else')).rejects.toMatchObject({ code: 'proof-invalid' });
  await consume(proof);
  await expect(consume(proof)).rejects.toMatchObject({ code: 'proof-invalid' });
  clock.advanceMs(30_000);
  const late = await proofs.reauthenticate(ctx, code(clock.now()));
  clock.advanceMs(121_000);
  await expect(consume(late)).rejects.toMatchObject({ code: 'proof-invalid' });
  const ahead = await proofs.reauthenticate(ctx, code(clock.now()));
  clock.advanceMs(-86_400_000);
  await expect(consume(ahead)).rejects.toMatchObject({ code: 'proof-invalid' });
});

test('an account of the demonstration is filled in, its code as well', async () => {
  await using server = await startSignInServer({ clock: systemClock, demonstrationAccounts: () => [{ login: 'adams', password: 'demo', totpSecret: seed, name: 'Dr Adams', about: 'Cardiology <b>' }] });
  await server.auth.accounts.create(server.system, { login: 'adams', displayName: 'Dr Adams', password: 'demo', totpSecret: seed, demonstration: true, memberships: [{ role: 'clinician', institution: 'district' }] });
  const config = await discover(server);
  for (let time = 0; time < 2; time += 1) {
    const jar = createJar();
    const begun = await begin(server, jar, config);
    const filled = await (await jar.get(`${begun.url}?fill=adams`)).text();
    expect(filled).toContain('value="demo"');
    expect(filled).toContain('Cardiology &lt;b&gt;');
    const asked = await follow(jar, await jar.post(begun.url, { step: 'password', login: 'adams', password: 'demo' }), begun.url);
    const typed = /class="code"[^>]*value="(\d{6})"/.exec(await asked.answer!.text())?.[1] ?? '';
    expect((await jar.post(asked.url, { step: 'code', code: typed })).status).toBe(303);
  }
});
