import { createHash, randomUUID, type webcrypto } from 'node:crypto';
import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { startSignInServer, type SignInServer } from './testing.ts';

const scope = 'system/Observation.cruds';
async function registered(server: SignInServer, algorithm: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams, alg: string): Promise<webcrypto.CryptoKey> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const jwk = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), alg, use: 'sig', kid: createHash('sha256').update(alg).digest('hex').slice(0, 8) };
  await server.auth.clients.register(server.system, { id: 'device-gateway', name: 'Device gateway', scopes: [scope], jwks: { keys: [jwk] }, institution: 'north' });
  return pair.privateKey;
}
const configured = (server: SignInServer, key: webcrypto.CryptoKey): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(`${server.url}/oauth`), 'device-gateway', undefined, oidc.PrivateKeyJwt(key), { execute: [oidc.allowInsecureRequests] });

for (const [alg, algorithm] of [
  ['ES384', { name: 'ECDSA', namedCurve: 'P-384' }],
  ['RS256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }],
] as const) {
  test(`a back-end service signs in by a key (${alg}) as SMART asks`, async () => {
    await using server = await startSignInServer();
    const key = await registered(server, algorithm, alg);
    const tokens = await oidc.clientCredentialsGrant(await configured(server, key), { scope });
    const who = await fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await who.json()).toMatchObject({ actor: { role: 'system', clientId: 'device-gateway', institution: 'north', scopes: [scope] } });
    await expect(oidc.clientCredentialsGrant(await configured(server, key), { scope: 'system/*.cruds' })).rejects.toMatchObject({ error: 'invalid_scope' });
  });
}

test('an assertion counts once, and one by another key never', async () => {
  await using server = await startSignInServer();
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
  const key = await registered(server, algorithm, 'ES384');
  const stranger = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])).privateKey;
  await expect(oidc.clientCredentialsGrant(await configured(server, stranger), { scope })).rejects.toMatchObject({ error: 'invalid_client' });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'ES384', typ: 'JWT' })}.${part({ iss: 'device-gateway', sub: 'device-gateway', aud: `${server.url}/oauth/token`, jti: randomUUID(), exp: Math.floor(Date.now() / 1_000) + 120 })}`;
  const signature = Buffer.from(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-384' }, key, Buffer.from(body))).toString('base64url');
  const send = (assertion: string): Promise<Response> => fetch(`${server.url}/oauth/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', scope, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }),
  });
  const both = await Promise.all([send(`${body}.${signature}`), send(`${body}.${signature}`)]);
  expect(both.map((answer) => answer.status).sort()).toEqual([200, 401]);
  expect((await send(`${body}.${signature}`)).status).toBe(401);
});

test('a client is registered by a network administrator only, with public keys and system scopes only', async () => {
  await using server = await startSignInServer();
  const register = (more: object, role: 'network-administrator' | 'institution-administrator' = 'network-administrator') =>
    server.auth.clients.register({ ...server.system, actor: { ...server.system.actor, role, institution: 'north' } }, { id: 'gateway', name: 'G', scopes: [scope], ...more });
  await expect(register({}, 'institution-administrator')).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(register({ scopes: ['user/*.cruds'] })).rejects.toMatchObject({ details: { at: 'scopes' } });
  await expect(register({ id: 'demo-system' })).rejects.toMatchObject({ details: { at: 'id' } });
  await expect(register({ jwks: { keys: [{ kty: 'EC', d: 'secret' }] } })).rejects.toMatchObject({ details: { at: 'jwks' } });
  await register({});
  await expect(register({})).rejects.toMatchObject({ details: { at: 'id' } });
});
