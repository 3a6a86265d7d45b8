import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'oidc-provider';
import { newSecret, type Clock, type Database } from '../../kernel/index.ts';
import { announce } from '../authorization/index.ts';
import type { KeyWrapper } from '../keys/index.ts';

/** Keys of the authorization server: the first of each kind is used, the others are still recognised. */
export interface ServerKeys {
  readonly signing: readonly JWK[];
  readonly cookies: readonly string[];
}

/** A key is used this long, then recognised for as long as a session can last. */
const lifeMs = 90 * 86_400_000;
const recogniseMs = 3 * 86_400_000;

const contextOf = (id: string): string => `security/server-key/${id}`;

async function newKey(use: 'sig' | 'cookie', id: string): Promise<string> {
  if (use === 'cookie') return newSecret(32);
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'RS256' });
}

/** Makes what is missing or too old, once, whichever process comes first. @returns true when anything was made. */
export async function renewServerKeys(db: Database, clock: Clock, wrapper: KeyWrapper, force = false): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock(hashtextextended('security.server_key', 0))");
    const now = clock.now();
    let made = false;
    for (const use of ['sig', 'cookie'] as const) {
      const { rows } = await tx.query<{ created_at: Date }>('select created_at from security.server_key where use = $1 and retired_at is null', [use]);
      const young = rows.some((row) => Math.abs(now.getTime() - row.created_at.getTime()) < lifeMs);
      if (young && !force) continue;
      const id = randomUUID();
      const wrapped = Buffer.from(await wrapper.wrap(Buffer.from(await newKey(use, id)), contextOf(id)));
      await tx.query('update security.server_key set retired_at = $2 where use = $1 and retired_at is null', [use, now]);
      await tx.query('insert into security.server_key (id, use, wrapped, created_at) values ($1, $2, $3, $4)', [id, use, wrapped, now]);
      made = true;
    }
    await tx.query('delete from security.server_key where retired_at < $1', [new Date(now.getTime() - recogniseMs)]);
    if (made) await announce(tx, { kind: 'keys', id: 'server' });
    return made;
  });
}

export async function readServerKeys(db: Database, wrapper: KeyWrapper): Promise<ServerKeys> {
  const { rows } = await db.query<{ id: string; use: 'sig' | 'cookie'; wrapped: Buffer }>('select id, use, wrapped from security.server_key order by retired_at desc nulls first, created_at desc');
  const open = async (use: 'sig' | 'cookie'): Promise<string[]> =>
    Promise.all(rows.filter((row) => row.use === use).map(async (row) => Buffer.from(await wrapper.unwrap(row.wrapped, contextOf(row.id))).toString('utf8')));
  return { signing: (await open('sig')).map((text) => JSON.parse(text) as JWK), cookies: await open('cookie') };
}
