import type { FastifyError, FastifyInstance } from 'fastify';
import { BedsideError, httpStatus, isConnectionError } from '../../kernel/index.ts';

export interface Problem { readonly type: string; readonly title: string; readonly status: number; readonly code: string; readonly at?: string }

/** An error as problem details. Nothing of an unforeseen error's text gets out. @see RFC 9457 */
export function problemOf(error: unknown): Problem {
  if (error instanceof BedsideError) {
    const title = error.kind === 'internal' ? 'Something went wrong here; it was noted.' : error.message;
    return { type: 'about:blank', title, status: httpStatus[error.kind], code: error.code, ...(error.details.at === undefined || error.kind === 'internal' ? {} : { at: error.details.at }) };
  }
  const status = (error as Partial<FastifyError> | null)?.statusCode;
  if (status !== undefined && status >= 400 && status < 500) return { type: 'about:blank', title: titles[status] ?? 'The request is not valid.', status, code: codes[status] ?? 'bad-request' };
  if (isConnectionError(error)) return { type: 'about:blank', title: 'The database does not answer; try again.', status: 503, code: 'database-unavailable' };
  return { type: 'about:blank', title: 'Something went wrong here; it was noted.', status: 500, code: 'internal' };
}
const titles: Readonly<Record<number, string>> = { 413: 'The body is too large.', 415: 'This content type is not taken here.', 429: 'Too many requests; try again later.', 404: 'Not found.' };
const codes: Readonly<Record<number, string>> = { 413: 'body-too-large', 415: 'content-type', 429: 'too-many-requests', 404: 'no-such-route' };

const mostDrainedBytes = 64 * 1024 * 1024;
const drainWithinMs = 5_000;

/**
 * Reads a body that is refused to its end, when that is near: closing on somebody who still sends loses the answer on its way, and the sender
 * sees a broken connection instead of the reason.
 */
export function drainRefused(app: FastifyInstance): void {
  app.addHook('onError', async (request) => {
    const { raw } = request;
    if (raw.complete || raw.destroyed || raw.readableFlowing !== null || !(Number(raw.headers['content-length']) <= mostDrainedBytes)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, drainWithinMs);
      for (const event of ['end', 'close', 'error'] as const) raw.once(event, () => { clearTimeout(timer); resolve(); });
      raw.resume();
    });
  });
}

/** Answers errors of all routes that have no handler of their own. */
export function problemErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    // Only the class and code: a database error may quote values.
    if (problem.status >= 500) request.log.error({ code: problem.code, name: error instanceof Error ? error.name : typeof error, stack: error instanceof Error && !('severity' in error) ? error.stack : undefined }, 'request failed');
    if (error instanceof BedsideError && error.details.retryAfterMs !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(error.details.retryAfterMs / 1000))));
    else if (problem.status === 503) void reply.header('retry-after', '1');
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
}
