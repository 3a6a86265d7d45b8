import { createHash } from 'node:crypto';
import type { Clock, Database } from '../../kernel/index.ts';
import { foldLogin } from '../authorization/index.ts';

/** How many failures a bucket takes before it is closed for a while, twice as long each time. */
interface Rule { readonly most: number; readonly firstPauseMs: number; readonly longestPauseMs: number }
interface Bucket extends Rule { readonly name: string }

const minute = 60_000;
/** A bucket is empty again when nothing went wrong for so long. */
const forgetMs = 60 * minute;

/**
 * One person who mistypes is slowed down where they are; somebody who tries one name from everywhere, or every name from one place, a little later.
 * None is ever closed for longer than a quarter of an hour, so that nobody can keep a doctor out.
 */
const rules = {
  pair: { most: 5, firstPauseMs: minute / 2, longestPauseMs: 15 * minute },
  account: { most: 25, firstPauseMs: minute, longestPauseMs: 15 * minute },
  address: { most: 100, firstPauseMs: minute, longestPauseMs: 15 * minute },
  code: { most: 5, firstPauseMs: minute, longestPauseMs: 15 * minute },
} as const satisfies Record<string, Rule>;

/** The part of an address that one customer of a provider has: a whole IPv4 address, the first half of an IPv6 one. */
export function addressBlock(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const full = tail === undefined ? groups : [...groups, ...Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0'), ...after];
  return full.slice(0, 4).map((group) => group.padStart(4, '0')).join(':');
}

const short = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 32);

/** What is counted against: never the name that was typed (people type passwords there), only its digest. */
export const signInBuckets = (login: string, address: string | undefined): Bucket[] => {
  const name = short(foldLogin(login));
  const block = addressBlock(address);
  return [{ ...rules.account, name: `account:${name}` }, { ...rules.address, name: `address:${block}` }, { ...rules.pair, name: `pair:${name}:${block}` }];
};
export const codeBuckets = (accountId: string): Bucket[] => [{ ...rules.code, name: `code:${accountId}` }];

export type Admission = { readonly admitted: true } | { readonly admitted: false; readonly retryAfterMs: number };

export interface Throttle {
  /** Counts an attempt before it is made: parallel guesses cannot slip through together. */
  admit(buckets: readonly Bucket[]): Promise<Admission>;
  /** The attempt was right: the buckets of the person are emptied, that of the address gets its count back. */
  succeeded(buckets: readonly Bucket[]): Promise<void>;
}

interface Row { bucket: string; failures: number; window_start: Date; blocked_until: Date | null }

export function createThrottle(deps: { db: Database; clock: Clock }): Throttle {
  return {
    admit: (buckets) => deps.db.transaction(async (tx) => {
      const nowMs = deps.clock.now().getTime();
      const names = buckets.map((bucket) => bucket.name).sort();
      await tx.query('insert into security.throttle (bucket, failures, window_start) select name, 0, $2 from unnest($1::text[]) as name order by name on conflict do nothing', [names, new Date(nowMs)]);
      const { rows } = await tx.query<Row>('select * from security.throttle where bucket = any($1) order by bucket for update', [names]);
      const of = new Map(rows.map((row) => [row.bucket, row]));
      let waitMs = 0;
      for (const { name, longestPauseMs } of buckets) {
        const leftMs = (of.get(name)?.blocked_until?.getTime() ?? 0) - nowMs;
        // A pause longer than any we give was set before the clock was put back.
        if (leftMs > 0 && leftMs <= longestPauseMs) waitMs = Math.max(waitMs, leftMs);
      }
      if (waitMs > 0) return { admitted: false, retryAfterMs: waitMs };
      for (const { name, most, firstPauseMs, longestPauseMs } of buckets) {
        const row = of.get(name);
        const quiet = row === undefined || Math.abs(nowMs - row.window_start.getTime()) > forgetMs;
        const failures = (quiet ? 0 : row.failures) + 1;
        const pauseMs = failures < most ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - most, 20));
        await tx.query('update security.throttle set failures = $2, window_start = $3, blocked_until = $4 where bucket = $1', [name, failures, new Date(nowMs), pauseMs > 0 ? new Date(nowMs + pauseMs) : null]);
      }
      return { admitted: true };
    }),
    async succeeded(buckets) {
      const own = buckets.filter((bucket) => !bucket.name.startsWith('address:')).map((bucket) => bucket.name);
      const shared = buckets.filter((bucket) => bucket.name.startsWith('address:')).map((bucket) => bucket.name);
      await deps.db.query('delete from security.throttle where bucket = any($1)', [own]);
      if (shared.length > 0) await deps.db.query('update security.throttle set failures = greatest(failures - 1, 0), blocked_until = null where bucket = any($1)', [shared]);
    },
  };
}
