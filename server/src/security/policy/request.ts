import type { FastifyRequest } from 'fastify';
import { unauthenticated } from '../../kernel/index.ts';
import type { RequestContext } from './actor.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by security/authentication when the request carries a valid token; absent otherwise. */
    ctx?: RequestContext;
  }
}

/** The request's context, or 401. */
export function contextOf(request: FastifyRequest): RequestContext {
  if (!request.ctx) throw unauthenticated('sign-in-required', 'Sign in first.');
  return request.ctx;
}
