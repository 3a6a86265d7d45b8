import { errors, type Provider } from 'oidc-provider';
import type { Clock, Database } from '../../kernel/index.ts';
import type { SecurityAudit } from '../authorization/index.ts';
import { roomLaunchScope } from '../policy/index.ts';
import { takeLinkCode } from './links.ts';
import { writeSignIn } from './sign-ins.ts';

/** Extension grant by which the front end exchanges the code of a used link. @see RFC 6749 section 4.5 */
export const linkGrantType = 'urn:bedside:params:oauth:grant-type:link';

export function registerLinkGrant(provider: Provider, deps: { db: Database; clock: Clock; audit: SecurityAudit }): void {
  const { db, clock, audit } = deps;
  provider.registerGrantType<{ code?: string }>(linkGrantType, async (ctx) => {
    const { client, params } = ctx.oidc;
    const entered = await takeLinkCode(db, clock.now(), params.code ?? '');
    if (!entered) throw new errors.InvalidGrant('link code not found, expired or already used');
    const { accountId, linkKey } = entered;
    const grant = new provider.Grant({ accountId, clientId: client.clientId });
    grant.addOIDCScope(roomLaunchScope);
    const grantId = await grant.save();
    await writeSignIn(db, clock, { grantId, linkKey, methods: ['link'] });
    const common = { accountId, client, grantId, gty: 'link', scope: roomLaunchScope, expiresWithSession: false };
    const access = new provider.AccessToken({ ...common });
    const refresh = new provider.RefreshToken({ ...common });
    // Which case the room is of, as a launch context parameter. @see SMART App Launch 2.2, "Launch context arrives with your access_token"
    const { rows } = await db.query<{ case_id: string }>('select case_id from security.link where key = $1', [linkKey]);
    const remoteAddress = ctx.req.socket.remoteAddress;
    await audit({ kind: 'link-redeemed', outcome: 'success', at: clock.now(), accountId, clientId: client.clientId, ...(remoteAddress ? { remoteAddress } : {}) });
    ctx.body = { access_token: await access.save(), expires_in: access.expiration, refresh_token: await refresh.save(), scope: roomLaunchScope, token_type: 'Bearer', case: rows[0]?.case_id };
  }, ['code']);
}
