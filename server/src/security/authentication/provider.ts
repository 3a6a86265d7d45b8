import { Provider, errors, interactionPolicy, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Clock, Database } from '../../kernel/index.ts';
import { scopeCovers, scopesOfRole } from '../policy/index.ts';
import { createAdapter } from './adapter.ts';
import { clientMayHave, clientSecretMatches, readBackendClient } from './clients.ts';
import type { ServerKeys } from './keyring.ts';
import type { ProviderPages } from './pages/index.ts';
import { endGrant, membershipOf, readSignIn, readUsableAccount, sessionMs, writeSignIn } from './sign-ins.ts';

export const accessTokenSeconds = 300;
const clientTokenSeconds = 600;
export const webClientId = 'bedside-web';

export interface ProviderDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Address of the server without a trailing slash. */
  readonly url: string;
  readonly issuer: string;
  readonly webClient: ClientMetadata;
  readonly scopes: readonly string[];
  readonly keys: ServerKeys;
  readonly pages: ProviderPages;
  /** Origins of the first-party front end. */
  readonly origins: readonly string[];
}

const personal = ['openid', 'fhirUser', 'profile'];

/** Grants what the role can have of what is asked, refuses the rest silently, as OAuth wants; the answer names what was granted. */
function settleScopes(grant: InstanceType<Provider['Grant']>, asked: ReadonlySet<string>, allowed: readonly string[]): boolean {
  const encountered = new Set(grant.getOIDCScopeEncountered().split(' '));
  const fresh = [...asked].filter((scope) => !encountered.has(scope));
  const granted = fresh.filter((scope) => personal.includes(scope) || allowed.some((wide) => scopeCovers(wide, scope)));
  const refused = fresh.filter((scope) => !granted.includes(scope));
  if (granted.length > 0) grant.addOIDCScope(granted);
  if (refused.length > 0) grant.rejectOIDCScope(refused);
  return fresh.length > 0;
}

/** The grant of this session for this client; made when there is only one role to choose, or one was chosen on the page. */
async function loadGrant(deps: ProviderDeps, ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { db, clock } = deps;
  const { client, session, result, provider, params } = ctx.oidc;
  const accountId = session?.accountId;
  if (!client || !session || accountId === undefined) return undefined;
  const account = await readUsableAccount(db, { id: accountId });
  if (!account) return undefined;
  const chosen = result?.['select_account'];
  const chosenId = typeof chosen === 'object' && chosen !== null ? (chosen as { membershipId?: unknown }).membershipId : undefined;
  const knownId = session.grantIdFor(client.clientId);
  const known = knownId === undefined || chosenId !== undefined ? undefined : await provider.Grant.find(knownId);
  const signIn = known && knownId !== undefined ? await readSignIn(db, knownId) : undefined;
  const asked = ctx.oidc.requestParamOIDCScopes;

  if (known && signIn && known.accountId === accountId) {
    const membership = membershipOf(account, signIn.membershipId);
    if (membership) {
      if (settleScopes(known, asked, scopesOfRole[membership.role])) await known.save();
      return known;
    }
  }
  const only = account.memberships.length === 1 ? account.memberships[0] : undefined;
  const membership = typeof chosenId === 'string' ? membershipOf(account, chosenId) : only;
  if (!membership) return undefined;
  if (knownId !== undefined && chosenId !== undefined) await endGrant(db, knownId); // nobody acts in two roles by one session
  const grant = new provider.Grant({ accountId, clientId: client.clientId });
  settleScopes(grant, asked, scopesOfRole[membership.role]);
  const grantId = await grant.save();
  await writeSignIn(db, clock, { grantId, accountId, membershipId: membership.id, methods: session.amr ?? [], purpose: typeof params?.['purpose'] === 'string' ? params['purpose'] : undefined });
  return grant;
}

function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.remove('consent'); // every client of the authorization code flow is our own front end
  const unusable = new interactionPolicy.Check('account_unusable', 'the account cannot be used', (ctx) => ctx.oidc.session?.accountId !== undefined && ctx.oidc.account === undefined);
  prompts.get('login')?.checks.add(unusable);
  const unchosen = new interactionPolicy.Check('role_not_chosen', 'a role has to be chosen', (ctx) => ctx.oidc.account !== undefined && !ctx.oidc.grant?.jti);
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }, unchosen));
  return prompts;
}

function configure(deps: ProviderDeps): Configuration {
  const { db, url, pages } = deps;
  const secure = url.startsWith('https:');
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const;
  return {
    adapter: createAdapter(deps),
    jwks: { keys: [...deps.keys.signing] },
    cookies: { keys: [...deps.keys.cookies], names: { session: 'bedside_session', interaction: 'bedside_interaction', resume: 'bedside_resume' }, long: { ...cookie, path: '/oauth' }, short: cookie },
    scopes: [...deps.scopes],
    claims: {
      openid: ['sub', 'amr', 'auth_time'], fhirUser: ['fhirUser'],
      profile: ['name', 'preferred_username', 'locale', 'zoneinfo', 'role', 'institution', 'institution_name', 'organizations', 'practitioner_roles', 'membership', 'memberships'],
    },
    conformIdTokenClaims: false, // SMART App Launch wants fhirUser in the id token
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384', 'RS256', 'ES256', 'PS256', 'PS384', 'EdDSA', 'Ed25519'], idTokenSigningAlgValues: ['RS256'], userinfoSigningAlgValues: ['RS256'] },
    pkce: { required: () => true },
    extraParams: {
      aud: (_ctx, value) => {
        if (value !== undefined && value.replace(/\/$/, '') !== `${url}/fhir`) throw new errors.InvalidRequest('aud must be the address of the FHIR server');
      },
      purpose: (_ctx, value) => {
        if (value !== undefined && !/^[A-Z]{3,16}$/.test(value)) throw new errors.InvalidRequest('purpose must be a code of PurposeOfUse');
      },
      launch: null,
    },
    features: {
      devInteractions: { enabled: false }, dPoP: { enabled: false }, pushedAuthorizationRequests: { enabled: false }, resourceIndicators: { enabled: false },
      clientCredentials: { enabled: true }, userinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: true, logoutSource: pages.signOut, postLogoutSuccessSource: pages.signedOut },
    },
    ttl: {
      AccessToken: accessTokenSeconds, ClientCredentials: clientTokenSeconds, AuthorizationCode: 60, IdToken: 3_600, Interaction: 1_800,
      Session: sessionMs / 1_000, Grant: sessionMs / 1_000,
      RefreshToken: (ctx) => ctx?.oidc?.entities.RotatedRefreshToken?.remainingTTL ?? sessionMs / 1_000,
    },
    rotateRefreshToken: () => true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async (_ctx, source) => !source.accountId?.startsWith('link:'),
    clientBasedCORS: (_ctx, origin) => deps.origins.includes(origin),
    loadExistingGrant: (ctx) => loadGrant(deps, ctx),
    interactions: { policy: policy(), url: (_ctx, interaction) => `/oauth/sign-in/${interaction.uid}` },
    renderError: pages.error,
    async extraTokenClaims(ctx, token) {
      if (token.kind === 'ClientCredentials' && token.clientId !== undefined) {
        const client = await readBackendClient(db, token.clientId);
        if (!client || !clientMayHave(client, [...ctx.oidc.requestParamScopes])) throw new errors.InvalidScope('requested scope is not allowed', ctx.oidc.params?.['scope'] as string);
      }
      return undefined;
    },
    async findAccount(_ctx, sub, token) {
      if (sub.startsWith('link:')) return { accountId: sub, claims: async () => ({ sub }) };
      const account = await readUsableAccount(db, { id: sub });
      if (!account) return undefined;
      const grantId = token !== undefined && 'grantId' in token ? token.grantId : undefined;
      const signIn = grantId === undefined ? undefined : await readSignIn(db, grantId);
      const membership = membershipOf(account, signIn?.membershipId);
      if (grantId !== undefined && !membership) return undefined;
      return {
        accountId: sub,
        claims: async () => ({
          sub, name: account.displayName, preferred_username: account.login, locale: account.locale, zoneinfo: account.timeZone, memberships: account.memberships.length,
          ...(membership ? {
            role: membership.role, membership: membership.id, institution: membership.institution, institution_name: membership.label, organizations: membership.organizations,
            practitioner_roles: membership.practitionerRoles, fhirUser: membership.profile === undefined ? undefined : `${url}/fhir/${membership.profile}`,
          } : {}),
        }),
      };
    },
  };
}

/** One authorization server for one set of keys; when keys are renewed another takes its place, nothing is held in memory. */
export function createProvider(deps: ProviderDeps): Provider {
  const provider = new Provider(deps.issuer, configure(deps));
  provider.proxy = true; // mount.ts states host and protocol itself and lets nobody else do it
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: { clientSecret?: string }, secret: string): boolean { return clientSecretMatches(this.clientSecret, secret); },
  });
  return provider;
}
