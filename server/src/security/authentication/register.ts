import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { ClientMetadata } from 'oidc-provider';
import type { Clock, Database } from '../../kernel/index.ts';
import {
  createAccounts, createInstitutionAccess, createPasswordHasher, type Accounts, type InstitutionAccess, type SecurityAudit,
} from '../authorization/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import { purgeExpired } from './adapter.ts';
import { createAuthenticateHook, type AuthenticateHook } from './authenticate.ts';
import { createClients, settleDemonstrationClient, type Clients } from './clients.ts';
import { readServerKeys, renewServerKeys } from './keyring.ts';
import { mountProvider, ownOrigins } from './mount.ts';
import { watchOutcomes } from './outcome.ts';
import { createProviderPages } from './pages/index.ts';
import { createProvider, webClientId } from './provider.ts';
import { resourceTypes } from './resource-types.ts';
import { listenForRevocations, type Revocations } from './revocations.ts';
import { scopeCatalogue } from './scope-catalogue.ts';
import { createTokenLookup, type TokenIdentity } from './token-lookup.ts';

/** An account that the sign-in page of a demonstration offers. */
export interface DemonstrationAccount {
  readonly login: string;
  readonly password: string;
  /** Base32 seed; the page then fills in the code as well. */
  readonly totpSecret?: string;
  readonly name: string;
  /** What the person is, e.g. "Cardiologist, University Hospital". */
  readonly about: string;
}

export interface AuthenticationDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Address under which browsers reach the server, without a trailing slash; the issuer of all tokens. */
  readonly url: string;
  readonly wrapper: KeyWrapper;
  readonly audit: SecurityAudit;
  /** True only for the demonstration network: allows the demonstration client and shows the accounts below. */
  readonly demonstration: boolean;
  readonly demonstrationAccounts?: () => readonly DemonstrationAccount[];
}

export interface Authentication {
  /** Register as `app.addHook('onRequest', authentication.authenticate)`. */
  readonly authenticate: AuthenticateHook;
  readonly accounts: Accounts;
  readonly institutions: InstitutionAccess;
  readonly clients: Clients;
  /** Who a token stands for; for doors that are no HTTP request. */
  identify(token: string): Promise<TokenIdentity | undefined>;
  /** Hears of every revocation, so that open connections of whom it concerns can be closed. Returns what stops it. */
  onRevocation: Revocations['subscribe'];
  /** Renews keys that are too old and removes what has expired; run it hourly. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

const webClientOf = (origins: readonly string[]): ClientMetadata => ({
  client_id: webClientId, client_name: 'Bedside', application_type: 'web', token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
  redirect_uris: origins.map((origin) => `${origin}/callback`), post_logout_redirect_uris: origins.map((origin) => `${origin}/`),
});

/** Puts the authorization server on the application and returns what the rest of the server needs of it. Call before `listen`. */
export async function registerAuthentication(app: FastifyInstance, deps: AuthenticationDeps): Promise<Authentication> {
  const { db, clock, audit, wrapper } = deps;
  const url = deps.url.replace(/\/$/, '');
  const origins = ownOrigins(url);
  await settleDemonstrationClient(db, clock, deps.demonstration);
  await renewServerKeys(db, clock, wrapper);
  const revocations = await listenForRevocations(db);
  const lookup = createTokenLookup({ db, clock, revocations });
  const passwords = await createPasswordHasher();
  const pages = createProviderPages();
  const scopes = scopeCatalogue(resourceTypes);

  const build = async (): Promise<Provider> => {
    const provider = createProvider({ db, clock, url, webClient: webClientOf(origins), scopes, keys: await readServerKeys(db, wrapper), pages, origins });
    watchOutcomes(provider, { clock, audit });
    provider.on('server_error', (_ctx, error) => { app.log.error({ err: error }, 'authorization server'); });
    return provider;
  };
  let provider = await build();
  const replace = async (): Promise<void> => {
    try {
      provider = await build();
    } catch (error) {
      // The server goes on with the keys it has; they are recognised for days more.
      app.log.error({ err: error }, 'renewed server keys could not be read');
    }
  };
  const stopKeys = revocations.subscribe((revocation) => {
    if (revocation === 'everything' || revocation.kind !== 'keys') return;
    void replace();
  });
  mountProvider(app, { url, current: () => provider, origins });

  return {
    authenticate: createAuthenticateHook({ lookup, clock }),
    accounts: createAccounts({ db, clock, audit, wrapper, passwords }),
    institutions: createInstitutionAccess({ db, clock, audit }),
    clients: createClients({ db, clock, audit }),
    identify: (token) => lookup.find(token),
    onRevocation: (hear) => revocations.subscribe(hear),
    async maintain() {
      if (await renewServerKeys(db, clock, wrapper)) await audit({ kind: 'key-rotated', outcome: 'success', at: clock.now() });
      await purgeExpired(db, clock.now());
    },
    async close() {
      stopKeys();
      lookup.close();
      await revocations.close();
    },
  };
}
