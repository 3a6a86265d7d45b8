import type { Provider } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from '../../kernel/index.ts';
import type { SecurityAudit, SecurityEvent } from '../authorization/index.ts';
import { advertisedScopes } from './scope-catalogue.ts';

const detailOf = (error: unknown): string | undefined => {
  const detail = error instanceof Error ? (error as { error_detail?: unknown }).error_detail : undefined;
  return typeof detail === 'string' ? detail : undefined;
};

/**
 * Looks at each answer of the authorization server before it leaves: writes the audit, adds what SMART wants to see, keeps discovery short.
 * @see SMART App Launch 2.2, "Launch context arrives with your access_token"
 */
export function watchOutcomes(provider: Provider, deps: { clock: Clock; audit: SecurityAudit }): void {
  const failures = new WeakMap<object, unknown>();
  provider.on('grant.error', (ctx, error) => { failures.set(ctx.req, error); });

  const event = (ctx: KoaContextWithOIDC, kind: SecurityEvent['kind'], outcome: SecurityEvent['outcome'], more: Partial<SecurityEvent> = {}): Promise<void> => {
    const clientId = ctx.oidc.client?.clientId;
    const remoteAddress = ctx.req.socket.remoteAddress;
    return deps.audit({ kind, outcome, at: deps.clock.now(), ...(clientId ? { clientId } : {}), ...(remoteAddress ? { remoteAddress } : {}), ...more });
  };
  const token = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const failure = failures.get(ctx.req);
    const grantType = ctx.oidc.params?.['grant_type'];
    if (failure !== undefined) {
      const detail = detailOf(failure) ?? '';
      if (/already (used|consumed)/.test(detail)) await event(ctx, 'token-reuse', 'failure', { reason: 'already-used' });
      else if (grantType === 'client_credentials') await event(ctx, 'client-refused', 'failure', { reason: failure instanceof Error ? failure.message : 'refused' });
      return;
    }
    if (ctx.status !== 200) return;
    if (grantType === 'client_credentials') await event(ctx, 'client-sign-in', 'success');
    const { AccessToken: accessToken, Account: account } = ctx.oidc.entities;
    const body = ctx.body as Record<string, unknown>;
    if (accessToken?.scope?.split(' ').includes('launch/patient') && account) {
      const claims = await account.claims('userinfo', 'fhirUser', {}, []);
      const profile = /\/fhir\/Patient\/([^/]+)$/.exec(String(claims['fhirUser'] ?? ''))?.[1];
      if (profile) body['patient'] = profile;
    }
  };

  provider.use(async (ctx, next) => {
    await next();
    const context = ctx as unknown as KoaContextWithOIDC;
    if (context.oidc === undefined) return;
    if (context.oidc.route === 'discovery') (ctx.body as Record<string, unknown>)['scopes_supported'] = advertisedScopes;
    if (context.oidc.route === 'token') await token(context);
    if (context.oidc.route === 'end_session_confirm' && ctx.status === 303) {
      const accountId = context.oidc.session?.accountId;
      await event(context, 'sign-out', 'success', accountId ? { accountId } : {});
    }
  });
}
