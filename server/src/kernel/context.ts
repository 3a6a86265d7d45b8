import type { Clock } from './clock.ts';

/** What every call carries about the request itself. Who asks is added by security/policy. */
export interface Trace {
  /** W3C trace id, 32 hex digits. */
  readonly traceId: string;
  readonly clock: Clock;
  /** Network address of the caller, for audit. */
  readonly remoteAddress?: string;
}
