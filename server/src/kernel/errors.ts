/**
 * The one catalogue of error codes. `kind` decides how each edge (HTTP, FHIR, DIMSE, HL7) answers; `code` is stable and may be relied on.
 * A message never carries patient data: it names the field, the rule and what to do.
 */
export const errorKinds = [
  'invalid', 'unauthenticated', 'forbidden', 'not-found', 'gone', 'conflict', 'precondition-failed',
  'too-large', 'too-many', 'unsupported', 'unprocessable', 'unavailable', 'internal',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface ErrorDetails {
  /** FHIRPath, JSON pointer, byte offset or parameter name of what is wrong. */
  readonly at?: string;
  readonly retryAfterMs?: number;
  readonly [key: string]: unknown;
}

/** An error that an edge may show. Everything else is answered as `internal` without its text. */
export class BedsideError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, code: string, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BedsideError';
    this.kind = kind;
    this.code = code;
    this.details = options.details ?? {};
  }

  get retryable(): boolean {
    return this.kind === 'unavailable' || this.kind === 'too-many' || this.kind === 'conflict';
  }
}

type Options = { details?: ErrorDetails; cause?: unknown };
const maker = (kind: ErrorKind) => (code: string, message: string, options?: Options) => new BedsideError(kind, code, message, options);

export const invalid = maker('invalid');
export const unauthenticated = maker('unauthenticated');
export const forbidden = maker('forbidden');
export const notFound = maker('not-found');
export const gone = maker('gone');
export const conflict = maker('conflict');
export const preconditionFailed = maker('precondition-failed');
export const tooLarge = maker('too-large');
export const tooMany = maker('too-many');
export const unsupported = maker('unsupported');
export const unprocessable = maker('unprocessable');
export const unavailable = maker('unavailable');
export const internal = maker('internal');

/** The HTTP status of each kind. @see RFC 9110 */
export const httpStatus: Readonly<Record<ErrorKind, number>> = {
  'invalid': 400, 'unauthenticated': 401, 'forbidden': 403, 'not-found': 404, 'gone': 410, 'conflict': 409,
  'precondition-failed': 412, 'too-large': 413, 'too-many': 429, 'unsupported': 415, 'unprocessable': 422,
  'unavailable': 503, 'internal': 500,
};
