import type { FastifyReply, FastifyRequest } from 'fastify';
import { unauthenticated, type Clock } from '../../kernel/index.ts';
import { readBearer } from './bearer.ts';
import { comesFromLoopback } from './remote.ts';
import type { TokenLookup } from './token-lookup.ts';
import { traceIdFrom } from './traceparent.ts';

export type AuthenticateHook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Makes the `onRequest` hook: a valid bearer token gives `request.ctx`; no token leaves it absent; a wrong, expired or revoked one is refused
 * with the same words for every reason. @see RFC 6750 section 3
 */
export function createAuthenticateHook(deps: { lookup: TokenLookup; clock: Clock }): AuthenticateHook {
  return async (request, reply) => {
    const bearer = readBearer(request.headers.authorization);
    if (bearer.kind === 'none') return;
    const identity = bearer.kind === 'token' ? await deps.lookup.find(bearer.token) : undefined;
    if (!identity || (identity.loopbackOnly && !comesFromLoopback(request.raw))) {
      void reply.header('www-authenticate', 'Bearer realm="bedside", error="invalid_token"');
      throw unauthenticated('token-invalid', 'The access token is not valid (any more); sign in again.');
    }
    request.ctx = { actor: identity.actor, purpose: identity.purpose, traceId: traceIdFrom(request.headers['traceparent']), clock: deps.clock, remoteAddress: request.ip };
  };
}
