import type { FastifyInstance } from 'fastify';

/**
 * Our own front end and nothing else: workers and WebAssembly decode images, blob and data addresses hold them, WebSockets carry
 * rooms and subscriptions. Styles may be inline (the component library sets them), scripts may not.
 */
const policy = [
  "default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self' blob:", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
  "media-src 'self' blob: mediastream:", "font-src 'self' data:", "connect-src 'self' ws: wss: data: blob:", "object-src 'none'", "base-uri 'self'", "form-action 'self'",
  "frame-src 'self' blob:", "frame-ancestors 'self'",
].join('; ');

/** Sets the headers that every answer carries, unless the route set its own. @see OWASP Secure Headers */
export function securityHeaders(app: FastifyInstance, options: { readonly tls: boolean }): void {
  app.addHook('onSend', async (_request, reply) => {
    const set = (name: string, value: string): void => { if (!reply.hasHeader(name)) void reply.header(name, value); };
    set('content-security-policy', policy);
    set('x-content-type-options', 'nosniff');
    set('referrer-policy', 'no-referrer');
    set('x-frame-options', 'SAMEORIGIN');
    set('permissions-policy', 'camera=(self), microphone=(self), display-capture=(self), geolocation=()');
    set('cross-origin-opener-policy', 'same-origin');
    if (options.tls) set('strict-transport-security', 'max-age=31536000');
  });
}
