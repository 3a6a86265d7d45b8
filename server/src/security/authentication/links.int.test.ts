import { expect, test } from 'vitest';
import { fixedClock } from '../../kernel/index.ts';
import { roomOfScopes } from '../policy/index.ts';
import { createJar, type Jar } from './testing-browser.ts';
import { startSignInServer, type SignInServer } from './testing.ts';

const issue = (server: SignInServer, expiresAt: Date): Promise<{ token: string; url: string }> =>
  server.db.transaction((tx) => server.auth.links.issue(tx, { caseId: 'case-1', participant: 'Patient/p1', displayName: 'Pat Smith', expiresAt, issuedBy: 'coordinator' }));
const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const enter = async (jar: Jar, url: string): Promise<string> => /#code=(.+)$/.exec((await jar.post(url, {})).headers.get('location') ?? '')?.[1] ?? '';
const exchange = (server: SignInServer, fields: Record<string, string>): Promise<Response> => fetch(`${server.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'bedside-web', ...fields }) });
const byCode = (server: SignInServer, code: string) => exchange(server, { grant_type: 'urn:bedside:params:oauth:grant-type:link', code });
const who = (server: SignInServer, token: unknown): Promise<Response> => fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${String(token)}` } });

test('a patient enters one room by a link, and nothing else', async () => {
  await using server = await startSignInServer();
  const { url, token } = await issue(server, inAnHour());
  const jar = createJar();
  expect(await (await jar.get(url)).text()).toContain('Pat Smith');
  expect((await jar.get(url)).status).toBe(200);
  const answer = await byCode(server, await enter(jar, url));
  const tokens = await answer.json() as Record<string, unknown>;
  expect(tokens).toMatchObject({ scope: 'launch/room', token_type: 'Bearer', expires_in: 300 });
  const { actor, purpose } = await (await who(server, tokens['access_token'])).json() as { actor: { scopes: string[] }; purpose: string };
  expect(actor).toMatchObject({ role: 'patient', profile: 'Patient/p1', name: 'Pat Smith', organizations: [], methods: ['link'] });
  expect(purpose).toBe('PATRQT');
  expect(actor.scopes).toEqual(['launch/room', 'room/case-1']);
  expect(roomOfScopes(actor.scopes)).toBe('case-1');
  const later = await (await exchange(server, { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) })).json() as Record<string, unknown>;
  expect((await who(server, later['access_token'])).status).toBe(200);
  const { rows } = await server.db.query<{ all: string }>('select string_agg(l::text, \' \') as all from security.link l');
  expect(rows[0]?.all).not.toContain(token);
});

test('another browser is told that the link was used; the same one may come back', async () => {
  await using server = await startSignInServer();
  const { url } = await issue(server, inAnHour());
  const jar = createJar();
  const code = await enter(jar, url);
  expect((await byCode(server, code)).status).toBe(200);
  expect((await byCode(server, code)).status).toBe(400);
  const other = createJar();
  const refused = await other.get(url);
  expect(refused.status).toBe(410);
  expect(await refused.text()).toContain('This link was used already');
  expect((await other.post(url, {})).status).toBe(410);
  expect((await byCode(server, await enter(jar, url))).status).toBe(200);
});

test('of many browsers that use a link at the same moment one gets in', async () => {
  await using server = await startSignInServer();
  const { url } = await issue(server, inAnHour());
  const answers = await Promise.all(Array.from({ length: 6 }, () => createJar().post(url, {})));
  expect(answers.map((a) => a.status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
});

test('an expired, a withdrawn and a mutilated link get a clear page', async () => {
  const clock = fixedClock(new Date());
  await using server = await startSignInServer({ clock });
  const { url } = await issue(server, new Date(clock.now().getTime() + 60_000));
  const jar = createJar();
  const tokens = await (await byCode(server, await enter(jar, url))).json() as Record<string, unknown>;
  expect((await who(server, tokens['access_token'])).status).toBe(200);
  await server.db.transaction((tx) => server.auth.links.withdraw(tx, 'case-1'));
  await expect.poll(async () => (await who(server, tokens['access_token'])).status, { timeout: 1_000, interval: 20 }).toBe(401);
  const fresh = await issue(server, new Date(clock.now().getTime() + 60_000));
  clock.advanceMs(60_001);
  const expired = await createJar().get(fresh.url);
  expect(expired.status).toBe(410);
  expect(await expired.text()).toContain('This link has expired');
  const cut = await createJar().get(fresh.url.slice(0, -5));
  expect(cut.status).toBe(404);
  expect(await cut.text()).toContain('not complete');
  await expect(issue(server, new Date(clock.now().getTime() - 1))).rejects.toMatchObject({ code: 'link-expiry' });
});
