import type { OperationOutcome } from '@medplum/fhirtypes';

/** What went wrong, in the few kinds that need a different next step of the person in front of the screen. */
export const failureKinds = [
  'offline', 'sign-in', 'forbidden', 'not-found', 'gone', 'changed', 'conflict', 'too-large', 'too-many', 'invalid', 'unsupported', 'unavailable', 'server',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** An answer of the server that is not a success, or no answer at all (`status` 0). */
export class FhirError extends Error {
  readonly status: number;
  readonly kind: FailureKind;
  readonly outcome: OperationOutcome | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, outcome?: OperationOutcome, retryAfterMs?: number, options?: ErrorOptions) {
    super(`FHIR request failed with status ${status}`, options);
    this.name = 'FhirError';
    this.status = status;
    this.kind = kindOf(status);
    this.outcome = outcome;
    this.retryAfterMs = retryAfterMs;
  }
}

const byStatus: Readonly<Record<number, FailureKind>> = {
  0: 'offline', 400: 'invalid', 401: 'sign-in', 403: 'forbidden', 404: 'not-found', 409: 'conflict', 410: 'gone', 412: 'changed', 413: 'too-large', 415: 'unsupported', 422: 'invalid', 429: 'too-many', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable',
};
const kindOf = (status: number): FailureKind => byStatus[status] ?? (status >= 400 && status < 500 ? 'invalid' : 'server');

/** The kind of any thrown value; what is not a FhirError is a fault of ours. */
export const failureKind = (error: unknown): FailureKind => (error instanceof FhirError ? error.kind : 'server');

/** The server's own sentences about the fault, best first; empty when it said nothing. */
export function diagnosticsOf(error: unknown): readonly string[] {
  if (!(error instanceof FhirError)) return [];
  return (error.outcome?.issue ?? []).flatMap((issue) => issue.details?.text ?? issue.diagnostics ?? []);
}

/** Stable codes of the fault, e.g. `action-not-allowed`. */
export function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof FhirError)) return [];
  return (error.outcome?.issue ?? []).flatMap((issue) => (issue.details?.coding ?? []).flatMap((coding) => coding.code ?? []));
}

/** Names of the fields or parameters the server complains about. */
export function faultyFields(error: unknown): readonly string[] {
  if (!(error instanceof FhirError)) return [];
  return (error.outcome?.issue ?? []).flatMap((issue) => issue.expression ?? []);
}

/** Worth trying the same thing again later. */
export const isRetryable = (error: unknown): boolean => ['offline', 'unavailable', 'too-many', 'server'].includes(failureKind(error));
