import { Provider, errors, type Adapter, type AdapterPayload, type ClientMetadata } from 'oidc-provider';
import type { Clock, Database } from '../../kernel/index.ts';
import { announce } from '../authorization/index.ts';
import { readBackendClient } from './clients.ts';
import { digest } from './digest.ts';
import { comesFromLoopback } from './remote.ts';
import { endGrant } from './sign-ins.ts';

/** Kinds whose id is public knowledge inside the server (a grant's id), all others are secrets whose digest is the key. */
const tokens = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'ClientCredentials', 'Session', 'Interaction', 'ReplayDetection', 'Grant']);
/** Consumed and expired rows are kept this long, so that a second use is recognised as one. */
const keepMs = 60_000;

/**
 * Where oidc-provider keeps its things: one indexed table, in which neither a token nor a session cookie stands, only digests.
 * @param webClient the first-party client, which needs no row.
 */
export function createAdapter(deps: { db: Database; clock: Clock; webClient: ClientMetadata }): (kind: string) => Adapter {
  const { db, clock } = deps;
  /** `jti` is the secret itself; it is put back from the caller's own copy. */
  const restore = (id: string, row: { payload: AdapterPayload; consumed_at: Date | null } | undefined): AdapterPayload | undefined =>
    row && { ...row.payload, jti: id, ...(row.consumed_at ? { consumed: Math.floor(row.consumed_at.getTime() / 1_000) } : {}) };
  const revokeGrant = async (kind: string, grantId: string): Promise<void> => {
    await db.transaction(async (tx) => {
      await tx.query('delete from security.artifact where grant_id = $1 and kind = $2', [grantId, kind]);
      if (kind === 'AccessToken') await announce(tx, { kind: 'grant', id: grantId });
    });
  };

  return (kind) => {
    if (kind === 'Client') return clientAdapter(db, deps.webClient);
    if (!tokens.has(kind)) throw new TypeError(`The authorization server keeps nothing of kind ${kind}.`);
    const adapter: Adapter = {
      async upsert(id, payload, expiresIn = 600) {
        const { jti: _jti, uid, ...rest } = payload;
        const kept = kind === 'Interaction' ? withoutCookie(rest) : rest;
        const grantId = kind === 'Grant' ? id : payload.grantId;
        const { rowCount } = await db.query(
          `insert into security.artifact (kind, key, payload, grant_id, account_id, uid_key, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (kind, key) do ${kind === 'ReplayDetection' ? 'nothing' : 'update set payload = excluded.payload, grant_id = excluded.grant_id, account_id = excluded.account_id, uid_key = excluded.uid_key, expires_at = excluded.expires_at'}`,
          [kind, digest(id), JSON.stringify(uid === undefined || kind === 'Session' ? { ...kept, ...(uid === undefined ? {} : { uid }) } : kept), grantId ?? null, payload.accountId ?? null,
            kind === 'Session' && uid !== undefined ? digest(uid) : null, new Date(clock.now().getTime() + expiresIn * 1_000)]);
        if (rowCount === 0) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
      },
      async find(id) {
        const { rows } = await db.query<{ payload: AdapterPayload; consumed_at: Date | null }>('select payload, consumed_at from security.artifact where kind = $1 and key = $2', [kind, digest(id)]);
        return restore(id, rows[0]);
      },
      async findByUid(uid) {
        const { rows } = await db.query<{ payload: AdapterPayload; consumed_at: Date | null }>('select payload, consumed_at from security.artifact where kind = $1 and uid_key = $2', [kind, digest(uid)]);
        return rows[0]?.payload;
      },
      findByUserCode: async () => undefined,
      async consume(id) {
        const { rows } = await db.query<{ grant_id: string | null }>(
          'update security.artifact set consumed_at = $3 where kind = $1 and key = $2 and consumed_at is null returning grant_id', [kind, digest(id), clock.now()]);
        if (rows.length > 0) return;
        // Two requests used it at once: the one that lost is a second use like any other.
        const { rows: used } = await db.query<{ grant_id: string | null }>('select grant_id from security.artifact where kind = $1 and key = $2', [kind, digest(id)]);
        if (used[0]?.grant_id) await endGrant(db, used[0].grant_id);
        throw new errors.InvalidGrant('already used');
      },
      async destroy(id) {
        const { rows } = await db.query<{ grant_id: string | null }>('delete from security.artifact where kind = $1 and key = $2 returning grant_id', [kind, digest(id)]);
        const grantId = rows[0]?.grant_id;
        if (kind === 'Grant') {
          await db.query('delete from security.sign_in where grant_id = $1', [id]);
          await announce(db, { kind: 'grant', id });
        } else if (kind === 'AccessToken' && grantId) await announce(db, { kind: 'grant', id: grantId });
      },
      revokeByGrantId: (grantId) => revokeGrant(kind, grantId),
    };
    return adapter;
  };
}

/** An interaction remembers the session's cookie, which is a secret; its uid is enough. */
function withoutCookie(payload: AdapterPayload): AdapterPayload {
  const session = payload['session'];
  if (typeof session !== 'object' || session === null) return payload;
  const { cookie: _cookie, ...rest } = session as Record<string, unknown>;
  return { ...payload, session: rest as NonNullable<AdapterPayload['session']> };
}

/** The request that is being answered, which the provider keeps beside its call stack. Without one nobody from outside asks. */
const askedFromLoopback = (): boolean => {
  const context = Provider.ctx;
  return context === undefined || comesFromLoopback(context.req);
};

function clientAdapter(db: Database, webClient: ClientMetadata): Adapter {
  const refuse = async (): Promise<never> => { throw new TypeError('Clients are registered by administrators, not by the protocol.'); };
  return {
    async find(id) {
      if (id === webClient.client_id) return webClient as AdapterPayload;
      const client = await readBackendClient(db, id);
      if (!client || (client.loopbackOnly && !askedFromLoopback())) return undefined;
      return {
        client_id: client.id, client_name: client.name, grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
        ...(client.jwks ? { token_endpoint_auth_method: 'private_key_jwt', jwks: client.jwks } : { token_endpoint_auth_method: 'client_secret_basic', client_secret: client.secretHash }),
      } as AdapterPayload;
    },
    upsert: refuse, consume: refuse, destroy: refuse, findByUid: refuse, findByUserCode: refuse, revokeByGrantId: refuse,
  };
}

/** Removes what has expired, in bounded bites. @returns how many rows went. */
export async function purgeExpired(db: Database, now: Date): Promise<number> {
  let removed = 0;
  const bite = async (text: string, values: unknown[]): Promise<void> => {
    for (;;) {
      const { rowCount } = await db.query(text, values);
      removed += rowCount ?? 0;
      if ((rowCount ?? 0) < 5_000) return;
    }
  };
  const before = new Date(now.getTime() - keepMs);
  await bite('delete from security.artifact where ctid = any(array(select ctid from security.artifact where expires_at < $1 limit 5000))', [before]);
  await bite('delete from security.sign_in where ctid = any(array(select ctid from security.sign_in where expires_at < $1 limit 5000))', [before]);
  await bite('delete from security.proof where ctid = any(array(select ctid from security.proof where expires_at < $1 limit 5000))', [before]);
  await bite('delete from security.throttle where ctid = any(array(select ctid from security.throttle where window_start < $1 limit 5000))', [new Date(now.getTime() - 86_400_000)]);
  await bite('delete from security.totp_used where ctid = any(array(select ctid from security.totp_used where counter < $1 limit 5000))', [Math.floor(now.getTime() / 30_000) - 2_880]);
  return removed;
}
