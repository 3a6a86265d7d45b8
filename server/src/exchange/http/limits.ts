import { randomBytes } from 'node:crypto';
import type { FastifyServerOptions } from 'fastify';

/** What one client may take of the server. Slow senders are cut off: a request must arrive whole within `requestTimeout`. */
export const serverLimits = {
  bodyLimit: 16 * 1024 * 1024,
  requestTimeout: 120_000,
  connectionTimeout: 0,
  keepAliveTimeout: 72_000,
  /** While the server ends, requests on connections that are open already are served, not refused in words of the framework. */
  return503OnClosing: false,
  routerOptions: { maxParamLength: 512 },
  /** 16 random bytes in hex: the trace id when the client sent no `traceparent`. */
  genReqId: () => randomBytes(16).toString('hex'),
} as const satisfies FastifyServerOptions & { genReqId: () => string };
