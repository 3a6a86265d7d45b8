import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { isLoopback } from '../../kernel/index.ts';
import { smartConfiguration } from './smart.ts';

/** Names under which a browser on this machine may know a server that listens on loopback. */
const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** The provider answers past the application's hooks, so its answers get their headers here; it adds the digests of its own scripts to the policy. */
const ownHeaders = {
  'content-security-policy': "default-src 'none'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin',
} as const;

/** Origins that are this server: the one of its address and, on loopback, the other names of the same. */
export function ownOrigins(url: string): string[] {
  const { protocol, hostname, port, origin } = new URL(url);
  if (!isLoopback(hostname.replace(/^\[|\]$/g, ''))) return [origin];
  return [...new Set([origin, ...loopbackNames.map((name) => new URL(`${protocol}//${name}${port ? `:${port}` : ''}`).origin)])];
}

/**
 * Serves the authorization server under /oauth and its descriptions under /.well-known. Host and protocol are stated by us: what a
 * stranger writes into `Host` or `X-Forwarded-*` never ends up in an address that we hand out.
 */
export function mountProvider(app: FastifyInstance, deps: { url: string; current: () => Provider; origins: readonly string[] }): void {
  const { origin, protocol, host } = new URL(deps.url);
  const hosts = new Set(deps.origins.map((own) => new URL(own).host));
  const answer = async (request: FastifyRequest, reply: FastifyReply, path: string, original: string): Promise<void> => {
    const { raw } = request;
    const asked = raw.headers.host;
    raw.headers.host = asked !== undefined && hosts.has(asked) ? asked : host;
    raw.headers['x-forwarded-host'] = raw.headers.host;
    raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    Object.assign(raw, { url: path, originalUrl: original });
    for (const [name, value] of Object.entries({ ...ownHeaders, ...(protocol === 'https:' ? { 'strict-transport-security': 'max-age=31536000' } : {}), ...reply.getHeaders() })) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.hijack();
    await deps.current().callback()(raw, reply.raw);
  };

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => { done(null, undefined); }); // the provider reads the body itself, with its own limit
    scope.route({
      method: ['GET', 'POST', 'OPTIONS'], url: '/oauth/*',
      handler: (request, reply) => answer(request, reply, request.raw.url?.slice('/oauth'.length) || '/', request.raw.url ?? '/oauth/'),
    });
    // RFC 8414 puts the issuer's path last; many clients look at the root.
    for (const name of ['openid-configuration', 'oauth-authorization-server', 'oauth-authorization-server/oauth']) {
      scope.get(`/.well-known/${name}`, (request, reply) => answer(request, reply, '/.well-known/openid-configuration', '/oauth/.well-known/openid-configuration'));
    }
    for (const path of ['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration']) {
      scope.get(path, async (_request, reply) => reply.header('access-control-allow-origin', '*').header('cache-control', 'public, max-age=300').send(smartConfiguration(origin)));
    }
  });
}
