import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BedsideError, type Clock, type Database } from '../../kernel/index.ts';
import type { SecurityAudit } from '../authorization/index.ts';
import { digest } from './digest.ts';
import { contextFor, sendPage, sentByUs } from './forms.ts';
import { lookAtLink, redeemLink, type LinkState } from './links.ts';
import { cookieOf, linkPage, noticePage, type Page, type PageContext } from './pages/index.ts';

export interface LinkRouteDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: SecurityAudit;
  readonly origins: readonly string[];
  readonly demonstration: boolean;
  readonly secure: boolean;
}

/** The browser that used a link first knows it by this cookie. */
const cookieFor = (token: string): string => `bedside_link_${digest(token).toString('hex').slice(0, 12)}`;

const refusal = (context: PageContext, state: Exclude<LinkState['state'], 'good'>): Page => {
  if (state === 'used') return noticePage(context, { title: 'linkUsedTitle', help: 'linkUsedHelp', status: 410 });
  if (state === 'expired') return noticePage(context, { title: 'linkExpiredTitle', help: 'linkExpiredHelp', status: 410 });
  return noticePage(context, { title: 'linkUnknownTitle', help: 'linkUnknownHelp', status: 404 });
};

/**
 * The page behind a patient's link. Looking at it uses nothing up (mail programs look at links too); the button does, and leads to
 * `/join#code=...` of the front end: a fragment is not sent to any server.
 */
export function registerLinkRoutes(scope: FastifyInstance, deps: LinkRouteDeps): void {
  const contextOf = (request: FastifyRequest, token: string): PageContext => contextFor(request, { demonstration: deps.demonstration, here: `/oauth/link/${encodeURIComponent(token)}` });
  const deviceOf = (request: FastifyRequest, token: string): string | undefined => cookieOf(request.headers.cookie, cookieFor(token))?.slice(0, 100);

  scope.get('/oauth/link/:token', async (request, reply) => {
    const { token } = request.params as { token: string };
    const look = await lookAtLink(deps.db, deps.clock.now(), token, deviceOf(request, token));
    const context = contextOf(request, token);
    return sendPage(request, reply, look.state === 'good' ? linkPage(context, look.displayName ?? '') : refusal(context, look.state));
  });

  const refuse = async (request: FastifyRequest, reply: FastifyReply, token: string, error: BedsideError): Promise<FastifyReply> => {
    const state = error.code === 'link-used' ? 'used' : error.code === 'link-expired' ? 'expired' : 'unknown';
    await deps.audit({ kind: 'link-refused', outcome: 'failure', at: deps.clock.now(), remoteAddress: request.ip, reason: state });
    return sendPage(request, reply, refusal(contextOf(request, token), state));
  };

  scope.post('/oauth/link/:token', async (request, reply) => {
    const { token } = request.params as { token: string };
    if (!sentByUs(request, deps.origins)) return sendPage(request, reply, refusal(contextOf(request, token), 'unknown'));
    try {
      const { code, device } = await redeemLink(deps, token, deviceOf(request, token));
      void reply.header('set-cookie', `${cookieFor(token)}=${device}; Path=/oauth/link; Max-Age=2678400; HttpOnly; SameSite=Lax${deps.secure ? '; Secure' : ''}`);
      return await reply.redirect(`/join#code=${code}`, 303);
    } catch (error) {
      if (error instanceof BedsideError && (error.kind === 'gone' || error.kind === 'not-found')) return refuse(request, reply, token, error);
      throw error;
    }
  });
}
