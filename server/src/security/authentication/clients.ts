import { createHash, timingSafeEqual } from 'node:crypto';
import { invalid, newSecret, notFound, type Clock, type Database, type Sql } from '../../kernel/index.ts';
import { announce, type SecurityAudit } from '../authorization/index.ts';
import { demand, parseResourceScope, scopeCovers, type RequestContext } from '../policy/index.ts';

/** A back-end service that signs in as itself. @see SMART App Launch 2.2, Backend Services */
export interface BackendClient {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly institution?: string;
  readonly organizations: readonly string[];
  readonly purpose: string;
  readonly loopbackOnly: boolean;
  /** One of the two is there. */
  readonly secretHash?: string;
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] };
}

export interface NewBackendClient {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly institution?: string;
  readonly organizations?: readonly string[];
  readonly purpose?: string;
  /** Public keys for private_key_jwt; without them a secret is made. */
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] };
}

export interface Clients {
  /** @returns the secret, shown this once, or undefined for a client with keys. */
  register(ctx: RequestContext, client: NewBackendClient): Promise<{ secret?: string }>;
  /** Ends its tokens within a second. */
  suspend(ctx: RequestContext, id: string): Promise<void>;
}

export const demonstrationClientId = 'demo-system';
const demonstrationSecret = 'demo-system-secret';

/** Secrets are 256 random bits (or public, for the demonstration), so that a plain digest is as strong as a slow one. */
export const hashClientSecret = (secret: string): string => `sha256:${createHash('sha256').update(secret, 'utf8').digest('base64url')}`;

/** Compares in constant time. */
export function clientSecretMatches(hash: string | undefined, secret: string): boolean {
  if (hash === undefined) return false;
  const a = Buffer.from(hash);
  const b = Buffer.from(hashClientSecret(secret));
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Row {
  id: string; name: string; secret_hash: string | null; jwks: BackendClient['jwks'] | null; scopes: string[]; institution: string | null; organizations: string[];
  purpose: string; loopback_only: boolean;
}

export async function readBackendClient(sql: Sql, id: string): Promise<BackendClient | undefined> {
  const { rows } = await sql.query<Row>("select * from security.client where id = $1 and status = 'active'", [id]);
  const row = rows[0];
  return row && {
    id: row.id, name: row.name, scopes: row.scopes, organizations: row.organizations, purpose: row.purpose, loopbackOnly: row.loopback_only,
    ...(row.institution === null ? {} : { institution: row.institution }), ...(row.secret_hash === null ? {} : { secretHash: row.secret_hash }),
    ...(row.jwks ? { jwks: row.jwks } : {}),
  };
}

/** True when every scope asked for is covered by one of the client's. */
export const clientMayHave = (client: BackendClient, asked: readonly string[]): boolean => asked.every((scope) => client.scopes.some((allowed) => scopeCovers(allowed, scope)));

/**
 * Makes the demonstration client exist exactly when this is a demonstration. With public credentials it may reach nothing but loopback, and
 * a server that is no demonstration any more forgets it at its next start.
 */
export async function settleDemonstrationClient(db: Database, clock: Clock, demonstration: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    if (demonstration) {
      await tx.query(
        `insert into security.client (id, name, secret_hash, scopes, purpose, loopback_only, created_at) values ($1, 'Demonstration system', $2, '{system/*.cruds}', 'TREAT', true, $3)
         on conflict (id) do update set secret_hash = excluded.secret_hash, scopes = excluded.scopes, loopback_only = true, jwks = null, status = 'active'`,
        [demonstrationClientId, hashClientSecret(demonstrationSecret), clock.now()]);
      return;
    }
    const { rowCount } = await tx.query('delete from security.client where id = $1', [demonstrationClientId]);
    if (rowCount) await endClientTokens(tx, demonstrationClientId);
  });
}

async function endClientTokens(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from security.artifact where kind = 'ClientCredentials' and payload ->> 'clientId' = $1", [id]);
  await announce(tx, { kind: 'client', id });
}

export function createClients(deps: { db: Database; clock: Clock; audit: SecurityAudit }): Clients {
  const note = (ctx: RequestContext, kind: 'client-registered' | 'client-suspended', id: string): Promise<void> =>
    deps.audit({ kind, outcome: 'success', at: deps.clock.now(), clientId: id, byAccountId: ctx.actor.accountId, ...(ctx.remoteAddress ? { remoteAddress: ctx.remoteAddress } : {}) });
  return {
    async register(ctx, client) {
      demand(ctx.actor, 'client.register', client.institution ? { institution: client.institution } : undefined);
      const fault = (at: string, message: string) => invalid('client-field', message, { details: { at } });
      if (!/^[a-z0-9][a-z0-9.-]{2,63}$/.test(client.id) || client.id === demonstrationClientId || client.id.startsWith('bedside-')) throw fault('id', 'A client id has 3 to 64 small letters, digits, dots and hyphens.');
      if (client.scopes.length === 0 || client.scopes.length > 200 || client.scopes.some((scope) => parseResourceScope(scope)?.compartment !== 'system')) throw fault('scopes', 'A back-end service has system/ scopes.');
      const keys = client.jwks?.keys;
      if (keys && (keys.length === 0 || keys.length > 10 || keys.some((key) => key['kty'] === 'oct' || 'd' in key))) throw fault('jwks', 'jwks holds one to ten public keys.');
      const secret = keys ? undefined : newSecret();
      if (client.institution) await deps.db.query('insert into security.institution (id) values ($1) on conflict do nothing', [client.institution]);
      const { rowCount } = await deps.db.query(
        `insert into security.client (id, name, secret_hash, jwks, scopes, institution, organizations, purpose, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
        [client.id, client.name.slice(0, 200), secret === undefined ? null : hashClientSecret(secret), client.jwks ? JSON.stringify(client.jwks) : null, client.scopes,
          client.institution ?? null, client.organizations ?? (client.institution ? [client.institution] : []), client.purpose ?? 'HOPERAT', deps.clock.now()]);
      if (rowCount !== 1) throw fault('id', 'That client id is taken.');
      await note(ctx, 'client-registered', client.id);
      return secret === undefined ? {} : { secret };
    },
    async suspend(ctx, id) {
      demand(ctx.actor, 'client.register');
      await deps.db.transaction(async (tx) => {
        const { rowCount } = await tx.query("update security.client set status = 'suspended' where id = $1", [id]);
        if (rowCount !== 1) throw notFound('client-unknown', 'There is no such client.');
        await endClientTokens(tx, id);
      });
      await note(ctx, 'client-suspended', id);
    },
  };
}
