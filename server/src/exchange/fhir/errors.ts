import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { BedsideError, httpStatus, invalid, isConnectionError, tooLarge, unavailable, unsupported } from '../../kernel/index.ts';
import { outcomeOf } from '../../resource/fhir/index.ts';

/** What the framework threw, in our terms. */
function known(error: unknown): unknown {
  if (error instanceof BedsideError) return error;
  const status = (error as Partial<FastifyError> | null)?.statusCode;
  if (status === 413) return tooLarge('body-too-large', 'The body is too large.', { cause: error });
  if (status === 415) return unsupported('content-type', 'Send JSON: application/fhir+json.', { cause: error });
  if (status !== undefined && status >= 400 && status < 500) return invalid('bad-request', 'The request is not valid.', { cause: error });
  if (isConnectionError(error)) return unavailable('database-unavailable', 'The database does not answer; try again.', { cause: error, details: { retryAfterMs: 1_000 } });
  return error;
}

/** Status of an error on a FHIR route: the kernel's table, but 406 for formats asked for and 405 for methods. */
export function statusOf(error: unknown): number {
  if (!(error instanceof BedsideError)) return 500;
  if (error.code === 'not-acceptable') return 406;
  if (error.code === 'method-not-allowed') return 405;
  return httpStatus[error.kind];
}

/** Answers every error of a FHIR route with an OperationOutcome. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = known(thrown);
  const status = statusOf(error);
  if (status >= 500) {
    const e = thrown instanceof Error ? thrown : undefined;
    // A database error may quote values: only its code is noted.
    request.log.error({ name: e?.name, code: (thrown as { code?: unknown } | null)?.code, stack: e && !('severity' in e) ? e.stack : undefined }, 'FHIR request failed');
  }
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  if (error instanceof BedsideError && error.details.retryAfterMs !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(error.details.retryAfterMs / 1000))));
  return reply.code(status).header('content-type', 'application/fhir+json; charset=utf-8').send(JSON.stringify(outcomeOf(error)));
}
