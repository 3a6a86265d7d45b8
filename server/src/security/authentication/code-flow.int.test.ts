import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { begin, createJar, discover, follow, signIn, type Tokens } from './testing-browser.ts';
import { startSignInServer, type SignInServer } from './testing.ts';

const password = 'correct horse battery';
async function withDoctor(server: SignInServer): Promise<string> {
  const account = await server.auth.accounts.create(server.system, {
    login: 'Dr.Adams', displayName: 'Dr Ada Adams', password, locale: 'fr', timeZone: 'Europe/Paris',
    memberships: [{ role: 'clinician', institution: 'district', profile: 'Practitioner/adams', practitionerRoles: ['PractitionerRole/adams-1'], organizations: ['district-cardiology'], label: 'District Hospital' }],
  });
  return account.id;
}
const byPassword = { step: 'password', login: 'dr.adams', password };
const who = async (server: SignInServer, tokens: Tokens): Promise<Response> => fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${tokens.access_token}` } });

test('a doctor signs in by code and PKCE, and tokens, userinfo and requests agree on who it is', async () => {
  await using server = await startSignInServer();
  const id = await withDoctor(server);
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [byPassword]);
  expect(tokens.claims()).toMatchObject({ sub: id, fhirUser: `${server.url}/fhir/Practitioner/adams`, name: 'Dr Ada Adams', role: 'clinician', institution: 'district', locale: 'fr', zoneinfo: 'Europe/Paris', amr: ['pwd'] });
  expect(tokens.expires_in).toBe(300);
  expect(tokens.scope?.split(' ').sort()).toEqual(['fhirUser', 'openid', 'patient/*.rs', 'profile', 'user/*.cruds']);
  expect(await oidc.fetchUserInfo(config, tokens.access_token, id)).toMatchObject({ sub: id, fhirUser: `${server.url}/fhir/Practitioner/adams`, practitioner_roles: ['PractitionerRole/adams-1'] });
  expect(await (await who(server, tokens)).json()).toMatchObject({
    purpose: 'TREAT',
    actor: { accountId: id, role: 'clinician', profile: 'Practitioner/adams', institution: 'district', organizations: ['district', 'district-cardiology'], practitionerRoles: ['PractitionerRole/adams-1'], methods: ['pwd'], clientId: 'bedside-web' },
  });
  expect(server.events.filter((e) => e.kind === 'sign-in')).toMatchObject([{ accountId: id, outcome: 'success', methods: ['pwd'], remoteAddress: '127.0.0.1' }]);
});

test('scopes that the role never has are not granted, whatever is asked', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const tokens = await signIn(server, createJar(), await discover(server), [byPassword], { scope: 'openid user/Observation.rs system/*.cruds patient/Patient.u launch/room' });
  expect(tokens.scope?.split(' ').sort()).toEqual(['openid', 'user/Observation.rs']);
});

test('a request without PKCE, with a foreign redirect or for a foreign FHIR server is refused', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const at = (parameters: Record<string, string>) => fetch(`${server.url}/oauth/auth?${new URLSearchParams({ client_id: 'bedside-web', response_type: 'code', scope: 'openid', redirect_uri: `${server.url}/callback`, ...parameters })}`, { redirect: 'manual' });
  expect((await at({})).headers.get('location')).toContain('error=invalid_request');
  expect((await at({ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' })).headers.get('location')).toContain('error=invalid_request');
  const foreign = await at({ redirect_uri: 'https://evil.example/callback' });
  expect(foreign.status).toBe(400);
  expect(await foreign.text()).toContain('Start again');
  expect((await at({ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256', aud: 'https://other.example/fhir' })).headers.get('location')).toContain('error=invalid_request');
});

test('a refresh token is replaced on each use, and using one twice ends the whole family at once', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const first = await signIn(server, createJar(), config, [byPassword]);
  const second = await oidc.refreshTokenGrant(config, first.refresh_token!);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  const third = await oidc.refreshTokenGrant(config, second.refresh_token!);
  expect((await who(server, third)).status).toBe(200);
  await expect(oidc.refreshTokenGrant(config, second.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(oidc.refreshTokenGrant(config, third.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect.poll(async () => (await who(server, third)).status, { timeout: 1_000, interval: 20 }).toBe(401);
  expect((await who(server, first)).status).toBe(401);
  expect(server.events.some((e) => e.kind === 'token-reuse')).toBe(true);
});

test('of two refreshes sent at the same moment at most one wins, and the family ends', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [byPassword]);
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => oidc.refreshTokenGrant(config, tokens.refresh_token!)));
  const won = results.filter((r) => r.status === 'fulfilled');
  expect(won.length).toBeLessThanOrEqual(1);
  for (const { value } of won) await expect(oidc.refreshTokenGrant(config, value.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('an authorization code works once; a second use ends what the first got', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const jar = createJar();
  const begun = await begin(server, jar, config);
  const back = await follow(jar, await jar.post(begun.url, byPassword), begun.url);
  const use = () => oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: begun.verifier, expectedState: begun.state });
  const tokens = await use();
  await expect(use()).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
});

test('suspending an account ends its tokens, refresh and session within a second, and says so only to who knows the password', async () => {
  await using server = await startSignInServer();
  const id = await withDoctor(server);
  const config = await discover(server);
  const jar = createJar();
  const tokens = await signIn(server, jar, config, [byPassword]);
  expect((await who(server, tokens)).status).toBe(200);
  await server.auth.accounts.suspend(server.system, id, 'left the hospital');
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
  await expect(oidc.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  const begun = await begin(server, jar, config);
  expect(begun.url).toContain('/oauth/sign-in/');
  expect(await (await jar.post(begun.url, byPassword)).text()).toContain('suspended');
  expect(await (await jar.post(begun.url, { ...byPassword, password: 'wrong password' })).text()).not.toContain('suspended');
  await server.auth.accounts.lift(server.system, id);
  expect((await who(server, await signIn(server, createJar(), config, [byPassword]))).status).toBe(200);
});

test('suspending an institution stops its members within a second and their other roles go on', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  await server.auth.accounts.create(server.system, { login: 'both', displayName: 'Both', password, memberships: [{ role: 'clinician', institution: 'district', profile: 'Practitioner/both' }, { role: 'patient', profile: 'Patient/both' }] });
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [byPassword]);
  await server.auth.institutions.suspend(server.system, 'district', 'licence withdrawn');
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
  const jar = createJar();
  const begun = await begin(server, jar, config);
  expect((await jar.post(begun.url, byPassword)).status).toBe(403);
  const other = await signIn(server, createJar(), config, [{ step: 'password', login: 'both', password }]);
  expect(await (await who(server, other)).json()).toMatchObject({ actor: { role: 'patient' }, purpose: 'PATRQT' });
});

test('signing out ends the tokens of the session within a second and leads back to the start', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const jar = createJar();
  const tokens = await signIn(server, jar, config, [byPassword]);
  const address = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token!, post_logout_redirect_uri: `${server.url}/` });
  const page = await (await jar.get(address.href)).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const end = await follow(jar, await jar.post(`${server.url}/oauth/session/end/confirm`, { xsrf, logout: 'yes' }), server.url);
  expect(end.url).toBe(`${server.url}/`);
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
  await expect(oidc.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(server.events.at(-1)).toMatchObject({ kind: 'sign-out', outcome: 'success' });
});

test('revoking a refresh token ends its access tokens too', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [byPassword]);
  await oidc.tokenRevocation(config, tokens.refresh_token!);
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
});

test('who has several roles chooses one, can change it without a password, and the old tokens end', async () => {
  await using server = await startSignInServer();
  await server.auth.accounts.create(server.system, {
    login: 'both', displayName: 'Both', password,
    memberships: [{ role: 'clinician', institution: 'district', profile: 'Practitioner/both', label: 'District Hospital' }, { role: 'institution-administrator', institution: 'district', label: 'District Hospital' }],
  });
  const config = await discover(server);
  const jar = createJar();
  const begun = await begin(server, jar, config);
  const choice = await follow(jar, await jar.post(begun.url, { step: 'password', login: 'both', password }), begun.url);
  const text = await choice.answer!.text();
  const [clinician, administrator] = [...text.matchAll(/name="membership" value="([^"]+)"/g)].map((match) => match[1]!);
  expect(text).toContain('District Hospital');
  const foreign = await jar.post(choice.url, { step: 'role', membership: 'not-mine' });
  expect(foreign.status).toBe(403);
  const back = await follow(jar, await jar.post(choice.url, { step: 'role', membership: clinician! }), choice.url);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: begun.verifier, expectedState: begun.state });
  expect(await (await who(server, tokens)).json()).toMatchObject({ actor: { role: 'clinician' } });
  const silent = await signIn(server, jar, config, [], { prompt: 'none' });
  expect(silent.claims()).toMatchObject({ role: 'clinician' });
  const changed = await signIn(server, jar, config, [{ step: 'role', membership: administrator! }], { prompt: 'select_account' });
  expect(await (await who(server, changed)).json()).toMatchObject({ actor: { role: 'institution-administrator', methods: ['pwd'] }, purpose: 'HOPERAT' });
  await expect.poll(async () => (await who(server, tokens)).status, { timeout: 1_000, interval: 20 }).toBe(401);
});

test('a form that another site sends is not believed, nor one for somebody else\u2019s sign-in', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const jar = createJar();
  const begun = await begin(server, jar, config);
  expect((await jar.post(begun.url, byPassword, { origin: 'https://evil.example' })).status).toBe(400);
  expect((await jar.post(begun.url, byPassword, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  expect((await createJar().post(begun.url, byPassword)).status).toBe(400);
  expect((await jar.post(begun.url, byPassword)).status).toBe(303);
});

test('signing keys can be renewed while people are signed in', async () => {
  await using server = await startSignInServer();
  await withDoctor(server);
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [byPassword]);
  const keys = async (): Promise<string[]> => ((await (await fetch(`${server.url}/oauth/jwks`)).json()) as { keys: { kid: string }[] }).keys.map((key) => key.kid);
  const [old] = await keys();
  await server.auth.renewKeys(server.system);
  await expect.poll(keys, { timeout: 3_000 }).toHaveLength(2);
  expect((await keys())[1]).toBe(old);
  expect((await who(server, tokens)).status).toBe(200);
  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token!);
  expect(fresh.claims()?.sub).toBe(tokens.claims()?.sub);
});
