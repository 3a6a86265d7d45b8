import pg from 'pg';
import { expect, test } from 'vitest';
import { createJar, discover, signIn } from './testing-browser.ts';
import { startSignInServer } from './testing.ts';

const password = 'correct horse battery';

test('while the connection that hears of revocations is cut, what was revoked is refused within a second all the same', async () => {
  await using server = await startSignInServer();
  const account = await server.auth.accounts.create(server.system, { login: 'ada', displayName: 'Ada', password, memberships: [{ role: 'patient' }] });
  const config = await discover(server);
  const tokens = await signIn(server, createJar(), config, [{ step: 'password', login: 'ada', password }]);
  const who = async (): Promise<number> => (await fetch(`${server.url}/who`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status;
  expect(await who()).toBe(200);
  const heard: string[] = [];
  server.auth.onRevocation((revocation) => { heard.push(revocation === 'everything' ? revocation : `${revocation.kind} ${revocation.id}`); });
  const killed = async (): Promise<number> => (await server.db.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bedside-revocations' and datname = current_database()")).rowCount ?? 0;
  expect(await killed()).toBe(1);
  await server.auth.accounts.suspend(server.system, account.id, 'x');
  await expect.poll(who, { timeout: 1_000, interval: 20 }).toBe(401);
  await expect.poll(() => heard.filter((one) => one === 'everything').length, { timeout: 3_000 }).toBeGreaterThanOrEqual(2);
  await server.auth.accounts.lift(server.system, account.id);
  await expect.poll(() => heard, { timeout: 1_000 }).toContain(`account ${account.id}`);
});

test('a second process hears what the first revoked', async () => {
  await using first = await startSignInServer();
  await using second = await startSignInServer({ db: first.db, folder: first.folder });
  const account = await first.auth.accounts.create(first.system, { login: 'ada', displayName: 'Ada', password, memberships: [{ role: 'patient' }] });
  const tokens = await signIn(first, createJar(), await discover(first), [{ step: 'password', login: 'ada', password }]);
  const there = async (): Promise<number> => (await fetch(`${second.url}/who`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status;
  expect(await there()).toBe(200);
  await first.auth.accounts.suspend(first.system, account.id, 'x');
  await expect.poll(there, { timeout: 1_000, interval: 20 }).toBe(401);
});

test('a token in use is asked of the database once, not on every request', async () => {
  await using server = await startSignInServer();
  await server.auth.accounts.create(server.system, { login: 'ada', displayName: 'Ada', password, memberships: [{ role: 'patient' }] });
  const tokens = await signIn(server, createJar(), await discover(server), [{ step: 'password', login: 'ada', password }]);
  expect((await server.auth.identify(tokens.access_token))?.actor.role).toBe('patient');
  const query = pg.Client.prototype.query;
  let asked = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...given: unknown[]) {
    if (JSON.stringify(given[0]).includes('security-token')) asked += 1;
    return Reflect.apply(query, this, given) as never;
  } as never;
  try {
    for (let i = 0; i < 50; i += 1) await server.auth.identify(tokens.access_token);
  } finally {
    pg.Client.prototype.query = query;
  }
  expect(asked).toBe(0);
});

test('what has expired is removed, what has not stays', async () => {
  await using server = await startSignInServer();
  await server.auth.accounts.create(server.system, { login: 'ada', displayName: 'Ada', password, memberships: [{ role: 'patient' }] });
  const tokens = await signIn(server, createJar(), await discover(server), [{ step: 'password', login: 'ada', password }]);
  await server.db.query("insert into security.artifact (kind, key, payload, expires_at) select 'AccessToken', int4send(i), '{}', now() - interval '1 day' from generate_series(1, 12000) i");
  await server.auth.maintain();
  const { rows } = await server.db.query<{ old: string; all: string }>('select count(*) filter (where expires_at < now()) as old, count(*) as all from security.artifact');
  expect(Number(rows[0]?.old)).toBe(0);
  expect(Number(rows[0]?.all)).toBeGreaterThan(0);
  expect((await server.auth.identify(tokens.access_token))?.actor.role).toBe('patient');
});
