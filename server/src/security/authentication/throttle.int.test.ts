import { expect, test } from 'vitest';
import { fixedClock } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import { begin, createJar, discover } from './testing-browser.ts';
import { startSignInServer } from './testing.ts';
import { securityMigrations } from './index.ts';
import { addressBlock, createThrottle, signInBuckets } from './throttle.ts';

const password = 'correct horse battery';

test('guessing is slowed down the same for names that exist and names that do not, also after a restart', async () => {
  const clock = fixedClock(new Date());
  await using server = await startSignInServer({ clock });
  await server.auth.accounts.create(server.system, { login: 'adams', displayName: 'Dr Adams', password, memberships: [{ role: 'patient', profile: 'Patient/a' }] });
  const jar = createJar();
  const begun = await begin(server, jar, await discover(server));
  const texts: string[][] = [];
  for (const login of ['adams', 'nobody']) {
    const seen: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      const answer = await jar.post(begun.url, { step: 'password', login, password: 'wrong password' });
      seen.push(`${answer.status} ${/role="alert"[^>]*>(.*?)<\/div>/.exec(await answer.text())?.[1]}`);
    }
    texts.push(seen);
  }
  expect(texts[0]).toEqual(texts[1]);
  expect(texts[0]?.map((t) => t.slice(0, 3))).toEqual(['401', '401', '401', '401', '401', '429']);
  await using again = await startSignInServer({ clock, db: server.db, folder: server.folder });
  const other = createJar();
  const second = await begin(again, other, await discover(again));
  expect((await other.post(second.url, { step: 'password', login: 'ADAMS ', password })).status).toBe(429);
  clock.advanceMs(31_000);
  expect((await other.post(second.url, { step: 'password', login: 'ADAMS ', password })).status).toBe(303);
  const { rows } = await server.db.query<{ bucket: string }>('select bucket from security.throttle');
  expect(rows.some((row) => row.bucket.includes('adams') || row.bucket.includes('nobody'))).toBe(false);
});

test('guesses sent at the same moment cannot slip through together', async () => {
  await using db = await testDatabase(securityMigrations);
  const throttle = createThrottle({ db, clock: fixedClock(new Date()) });
  const admitted = await Promise.all(Array.from({ length: 40 }, () => throttle.admit(signInBuckets('adams', '192.0.2.1'))));
  expect(admitted.filter((a) => a.admitted)).toHaveLength(5);
});

test('one name from everywhere and every name from one place are slowed down too, never for longer than a quarter of an hour', async () => {
  await using db = await testDatabase(securityMigrations);
  const clock = fixedClock(new Date());
  const throttle = createThrottle({ db, clock });
  let admitted = 0;
  for (let i = 0; i < 40; i += 1) if ((await throttle.admit(signInBuckets('adams', `192.0.2.${i}`))).admitted) admitted += 1;
  expect(admitted).toBe(25);
  admitted = 0;
  for (let i = 0; i < 120; i += 1) if ((await throttle.admit(signInBuckets(`name${i}`, '2001:db8::1'))).admitted) admitted += 1;
  expect(admitted).toBe(100);
  const waits: number[] = [];
  for (let i = 0; i < 30; i += 1) {
    const admission = await throttle.admit(signInBuckets('adams', '198.51.100.1'));
    if (admission.admitted) continue;
    waits.push(admission.retryAfterMs);
    clock.advanceMs(admission.retryAfterMs + 1);
  }
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60_000);
  clock.advanceMs(-7 * 86_400_000);
  expect((await throttle.admit(signInBuckets('adams', '198.51.100.1'))).admitted).toBe(true);
});

test('an address counts by what one customer has of it', () => {
  expect(addressBlock('192.0.2.7')).toBe('192.0.2.7');
  expect(addressBlock('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(addressBlock('2001:db8:1:2:3:4:5:6')).toBe('2001:0db8:0001:0002');
  expect(addressBlock('2001:db8::9')).toBe('2001:0db8:0000:0000');
  expect(addressBlock('fe80::1%eth0')).toBe('fe80:0000:0000:0000');
  expect(addressBlock('::1')).toBe('0000:0000:0000:0000');
});
