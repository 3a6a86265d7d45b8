import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { startSignInServer, type SignInServer } from './testing.ts';

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const ask = (url: string, authorization: string, scope = 'system/*.cruds', headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}/oauth/token`, {
  method: 'POST', headers: { authorization, 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
});
const tokenOf = async (answer: Response): Promise<string> => {
  const { access_token: token } = await answer.json() as { access_token: string };
  return token;
};
const who = (url: string, token: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${url}/who`, { headers: { authorization: `Bearer ${token}`, ...headers } });
const demo = basic('demo-system', 'demo-system-secret');
const outside = (): string | undefined => Object.values(networkInterfaces()).flat().find((entry) => entry && !entry.internal && entry.family === 'IPv4')?.address;

async function registered(server: SignInServer, scopes: string[]): Promise<string> {
  const { secret } = await server.auth.clients.register(server.system, { id: 'lab-system', name: 'Laboratory', scopes });
  return basic('lab-system', secret!);
}

test('the demonstration client gets a token by which the server knows it', async () => {
  await using server = await startSignInServer();
  const answer = await ask(server.url, demo);
  expect(answer.status).toBe(200);
  const body = await answer.json() as Record<string, unknown>;
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'system/*.cruds' });
  const me = await who(server.url, body['access_token'] as string, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
  expect(await me.json()).toMatchObject({ actor: { role: 'system', clientId: 'demo-system', scopes: ['system/*.cruds'] }, purpose: 'TREAT', traceId: 'a'.repeat(32) });
  expect(server.events).toMatchObject([{ kind: 'client-sign-in', clientId: 'demo-system', outcome: 'success' }]);
});

test('a wrong secret, an unknown client and a scope that the client lacks are refused', async () => {
  await using server = await startSignInServer();
  expect((await ask(server.url, basic('demo-system', 'wrong'))).status).toBe(401);
  expect((await ask(server.url, basic('nobody', 'wrong'))).status).toBe(401);
  const lab = await registered(server, ['system/Observation.cruds', 'system/Patient.rs']);
  expect((await ask(server.url, lab, 'system/Observation.c system/Patient.r')).status).toBe(200);
  const refused = await ask(server.url, lab, 'system/Patient.u');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: 'invalid_scope' });
  expect(server.events.filter((e) => e.kind === 'client-refused').length).toBeGreaterThanOrEqual(3);
});

test('the demonstration client does not exist when this is no demonstration, not even after it was one', async () => {
  await using first = await startSignInServer();
  const token = await tokenOf(await ask(first.url, demo));
  await using second = await startSignInServer({ demonstration: false, db: first.db, folder: first.folder });
  expect((await ask(second.url, demo)).status).toBe(401);
  expect((await who(second.url, token)).status).toBe(401);
});

test('the demonstration client and its tokens are refused from anywhere but loopback', async (context) => {
  await using server = await startSignInServer({ host: '0.0.0.0' });
  const token = await tokenOf(await ask(server.url, demo));
  expect((await ask(server.url, demo, 'system/*.cruds', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
  expect((await who(server.url, token, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401);
  expect((await who(server.url, token)).status).toBe(200);
  const address = outside();
  if (!address) return context.skip('this machine has no address but loopback');
  const far = server.url.replace('127.0.0.1', address);
  expect((await ask(far, demo)).status).toBe(401);
  expect((await who(far, token)).status).toBe(401);
});

test('a wrong token is 401 with WWW-Authenticate and says nothing more', async () => {
  await using server = await startSignInServer();
  for (const token of ['x'.repeat(43), 'short', 'white space', '\u00e9\u00e9']) {
    const answer = await fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${encodeURI(token)}` } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="bedside", error="invalid_token"');
    expect(await answer.json()).toEqual({ code: 'token-invalid', message: expect.any(String) });
  }
});

test('suspending a client ends its tokens within a second', async () => {
  await using server = await startSignInServer();
  const token = await tokenOf(await ask(server.url, await registered(server, ['system/*.rs']), 'system/*.rs'));
  expect((await who(server.url, token)).status).toBe(200);
  await server.auth.clients.suspend(server.system, 'lab-system');
  await expect.poll(async () => (await who(server.url, token)).status, { timeout: 1_000, interval: 20 }).toBe(401);
});

test('neither a token nor a client secret nor a private key stands in the database', async () => {
  await using server = await startSignInServer();
  const { secret } = await server.auth.clients.register(server.system, { id: 'lab-system', name: 'Laboratory', scopes: ['system/*.rs'] });
  const token = await tokenOf(await ask(server.url, basic('lab-system', secret!), 'system/*.rs'));
  const { rows } = await server.db.query<{ all: string }>(
    `select string_agg(x, ' ') as all from (select a::text as x from security.artifact a union all select c::text from security.client c union all select encode(k.wrapped, 'escape') from security.server_key k) rows`);
  expect(rows[0]?.all).toContain('ClientCredentials');
  expect(rows[0]?.all).not.toContain(token);
  expect(rows[0]?.all).not.toContain(secret);
  expect(rows[0]?.all).not.toMatch(/"d":|"kty"/);
});

test('the server describes itself to OpenID and SMART clients', async () => {
  await using server = await startSignInServer();
  const openid = await (await fetch(`${server.url}/.well-known/openid-configuration`, { headers: { host: 'evil.example' } })).json() as Record<string, unknown>;
  expect(openid).toMatchObject({ issuer: `${server.url}/oauth`, token_endpoint: `${server.url}/oauth/token`, jwks_uri: `${server.url}/oauth/jwks`, code_challenge_methods_supported: ['S256'] });
  expect((openid['scopes_supported'] as string[]).length).toBeLessThan(20);
  for (const path of ['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration']) {
    const smart = await (await fetch(`${server.url}${path}`)).json() as Record<string, unknown>;
    expect(smart).toMatchObject({ issuer: openid['issuer'], authorization_endpoint: openid['authorization_endpoint'], token_endpoint: openid['token_endpoint'] });
  }
  expect(await (await fetch(`${server.url}/oauth/jwks`)).json()).toMatchObject({ keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256' }] });
});

test('behind a proxy that ends TLS, addresses and cookies are those of the public address, whatever the caller says it is', async () => {
  await using server = await startSignInServer({ url: 'https://tele.example' });
  const spoofed = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' };
  const openid = await (await fetch(`${server.url}/.well-known/openid-configuration`, { headers: spoofed })).json();
  expect(openid).toMatchObject({ issuer: 'https://tele.example/oauth', token_endpoint: 'https://tele.example/oauth/token', authorization_endpoint: 'https://tele.example/oauth/auth' });
  const query = new URLSearchParams({ client_id: 'bedside-web', response_type: 'code', scope: 'openid', redirect_uri: 'https://tele.example/callback', code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' });
  const begun = await fetch(`${server.url}/oauth/auth?${query}`, { redirect: 'manual', headers: spoofed });
  expect(begun.headers.get('location')).toMatch(/^\/oauth\/sign-in\//);
  expect(begun.headers.get('strict-transport-security')).toContain('max-age');
  const cookies = begun.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) expect(cookie).toMatch(/; secure; httponly/i);
  expect((await fetch(`${server.url}/oauth/auth?${query.toString().replace('tele.example', 'localhost')}`, { redirect: 'manual' })).status).toBe(400);
});
