import type { FastifyInstance } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { ClientMetadata } from 'oidc-provider';
import type { Clock, Database } from '../../kernel/index.ts';
import {
  createAccounts, createInstitutionAccess, createPasswordHasher, type Accounts, type InstitutionAccess, type OwnerOf, type SecurityAudit,
} from '../authorization/index.ts';
import type { KeyWrapper } from '../keys/index.ts';
import { demand, type RequestContext } from '../policy/index.ts';
import { registerAccountRoutes } from './account-routes.ts';
import { purgeExpired } from './adapter.ts';
import { createAuthenticateHook, type AuthenticateHook } from './authenticate.ts';
import { createClients, settleDemonstrationClient, type Clients } from './clients.ts';
import { readServerKeys, renewServerKeys } from './keyring.ts';
import { mountProvider, ownOrigins } from './mount.ts';
import { watchOutcomes } from './outcome.ts';
import type { DemonstrationAccount } from './demonstration.ts';
import { acceptForms } from './forms.ts';
import { linkGrantType, registerLinkGrant } from './link-grant.ts';
import { registerLinkRoutes } from './link-routes.ts';
import { createLinks, type Links } from './links.ts';
import { createProviderPages } from './pages/index.ts';
import { createProofs, type Proofs } from './proofs.ts';
import { createProvider, webClientId } from './provider.ts';
import { resourceTypes } from './resource-types.ts';
import { listenForRevocations, type Revocations } from './revocations.ts';
import { scopeCatalogue } from './scope-catalogue.ts';
import { registerSignInRoutes } from './sign-in-routes.ts';
import { issuerOf } from './smart.ts';
import { createThrottle } from './throttle.ts';
import { createTokenLookup, type TokenIdentity } from './token-lookup.ts';

export interface AuthenticationDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Address under which browsers reach the server, without a trailing slash; the issuer of all tokens. */
  readonly url: string;
  readonly wrapper: KeyWrapper;
  readonly audit: SecurityAudit;
  /** True only for the demonstration network: allows the demonstration client and shows the accounts below. */
  readonly demonstration: boolean;
  /** Lets administrators of an institution give out the profiles and departments of their own house; asks the FHIR repository. */
  readonly ownerOf?: OwnerOf;
  readonly demonstrationAccounts?: () => readonly DemonstrationAccount[];
}

export interface Authentication {
  /** Register as `app.addHook('onRequest', authentication.authenticate)`. */
  readonly authenticate: AuthenticateHook;
  readonly accounts: Accounts;
  readonly institutions: InstitutionAccess;
  readonly clients: Clients;
  readonly links: Links;
  readonly proofs: Proofs;
  /** Who a token stands for; for doors that are no HTTP request. */
  identify(token: string): Promise<TokenIdentity | undefined>;
  /** Hears of every revocation, so that open connections of whom it concerns can be closed. Returns what stops it. */
  onRevocation: Revocations['subscribe'];
  /** Makes new signing and cookie keys now; the old ones are recognised for three days more. */
  renewKeys(ctx: RequestContext): Promise<void>;
  /** Renews keys that are too old and removes what has expired; run it hourly. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

const webClientOf = (origins: readonly string[]): ClientMetadata => ({
  client_id: webClientId, client_name: 'Bedside', application_type: 'web', token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token', linkGrantType], response_types: ['code'],
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
  const throttle = createThrottle({ db, clock });
  const pages = createProviderPages({ demonstration: deps.demonstration });
  const scopes = scopeCatalogue(resourceTypes);

  const build = async (): Promise<Provider> => {
    const provider = createProvider({ db, clock, url, issuer: issuerOf(url), webClient: webClientOf(origins), scopes, keys: await readServerKeys(db, wrapper), pages, origins });
    registerLinkGrant(provider, { db, clock, audit });
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
  const { demonstration } = deps;
  const people = (): readonly DemonstrationAccount[] => (demonstration ? deps.demonstrationAccounts?.() ?? [] : []);
  void app.register(async (scope) => {
    acceptForms(scope);
    registerSignInRoutes(scope, { db, clock, audit, wrapper, passwords, throttle, current: () => provider, origins, demonstration, people });
    registerAccountRoutes(scope, { db, clock, audit, wrapper, passwords, throttle, current: () => provider, origins, demonstration });
    registerLinkRoutes(scope, { db, clock, audit, origins, demonstration, secure: url.startsWith('https:') });
  });
  mountProvider(app, { url, current: () => provider, origins });

  return {
    authenticate: createAuthenticateHook({ lookup, clock }),
    accounts: createAccounts({ db, clock, audit, wrapper, passwords, ...(deps.ownerOf ? { ownerOf: deps.ownerOf } : {}) }),
    institutions: createInstitutionAccess({ db, clock, audit }),
    clients: createClients({ db, clock, audit }),
    links: createLinks({ clock, audit, url }),
    proofs: createProofs({ db, clock, audit, wrapper, throttle }),
    identify: (token) => lookup.find(token),
    onRevocation: (hear) => revocations.subscribe(hear),
    async renewKeys(ctx) {
      demand(ctx.actor, 'key.rotate');
      await renewServerKeys(db, clock, wrapper, true);
      await audit({ kind: 'key-rotated', outcome: 'success', at: clock.now(), byAccountId: ctx.actor.accountId });
    },
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
