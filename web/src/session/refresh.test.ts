import { User } from 'oidc-client-ts';
import { expect, it } from 'vitest';
import { createRefresher, type RefreshPorts } from './refresh.ts';

const user = (refresh: string, expiresInS = 300): User => new User({ access_token: `access-for-${refresh}`, refresh_token: refresh, token_type: 'Bearer', profile: { sub: 'a', iss: 'i', aud: 'c', exp: 1, iat: 1 }, expires_at: Math.floor(Date.now() / 1000) + expiresInS });

/** What all tabs of one browser share, and an authorization server that ends the session when a token comes twice. */
function browser() {
  const used: string[] = [];
  const hearers = new Set<(message: unknown) => void>();
  const marks = new Map<string, string>();
  let tail: Promise<unknown> = Promise.resolve();
  const locks: RefreshPorts['locks'] = { request: (async (_name: string, work: () => Promise<unknown>) => { const next = tail.then(work, work); tail = next.catch(() => undefined); return next; }) as LockManager['request'] };
  return {
    used,
    tab(start: User) {
      let current: User | null = start;
      const own = new Set<(message: unknown) => void>();
      return createRefresher({
        locks, digest: async (text) => `digest-${text}`, waitMs: 300,
        channel: { tell: (message) => { for (const hear of hearers) if (!own.has(hear)) hear(message); }, listen: (hear) => { hearers.add(hear); own.add(hear); return () => { hearers.delete(hear); }; } },
        marks: { getItem: (key) => marks.get(key) ?? null, setItem: (key, value) => { marks.set(key, value); }, removeItem: (key) => { marks.delete(key); }, key: (index) => [...marks.keys()][index] ?? null, get length() { return marks.size; } },
        users: {
          getUser: async () => current, storeUser: async (next) => { current = next; },
          signinSilent: async () => {
            const token = current?.refresh_token ?? '';
            if (used.includes(token)) throw new Error('invalid_grant: the token was used twice');
            used.push(token);
            await new Promise((done) => { setTimeout(done, 10); });
            current = user(`${token}+`);
            return current;
          },
        },
      });

    },
  };
}

it('uses a token once when two calls of one tab want it', async () => {
  const { used, tab } = browser();
  const one = tab(user('t', -1));
  const [a, b] = await Promise.all([one.refresh(), one.refresh()]);
  expect(used).toEqual(['t']);
  expect(a?.refresh_token).toBe('t+');
  expect(b?.refresh_token).toBe('t+');
});
it('gives a duplicated tab what its sister got, without using the token again', async () => {
  const { used, tab } = browser();
  const [one, two] = [tab(user('t', -1)), tab(user('t', -1))];
  const answers = await Promise.all([one.refresh(), two.refresh()]);
  expect(used).toEqual(['t']);
  expect(answers.map((answer) => answer?.access_token)).toEqual(['access-for-t+', 'access-for-t+']);
});
it('asks for a new sign-in when the sister that used the token is gone', async () => {
  const { used, tab } = browser();
  const one = tab(user('t', -1));
  await one.refresh();
  one.close();
  expect(await tab(user('t', -1)).refresh()).toBeNull();
  expect(used).toEqual(['t']);
});
it('may use the token again when the link was down', async () => {
  const marks = new Map<string, string>();
  let down = true;
  const refresher = createRefresher({
    locks: { request: (async (_name: string, work: () => Promise<unknown>) => work()) as LockManager['request'] }, digest: async (text) => text, channel: { tell: () => undefined, listen: () => () => undefined },
    marks: { getItem: (key) => marks.get(key) ?? null, setItem: (key, value) => { marks.set(key, value); }, removeItem: (key) => { marks.delete(key); }, key: () => null, length: 0 },
    users: { getUser: async () => user('t', -1), storeUser: async () => undefined, signinSilent: async () => { if (down) throw new TypeError('Failed to fetch'); return user('t+'); } },
  });
  await expect(refresher.refresh()).rejects.toThrow('Failed to fetch');
  down = false;
  expect((await refresher.refresh())?.refresh_token).toBe('t+');
});
