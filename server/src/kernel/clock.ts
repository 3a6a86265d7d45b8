/** Where "now" comes from. Nothing below compose reads the system clock by itself. */
export interface Clock {
  /** The present instant. */
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved; for tests and for replaying. */
export function fixedClock(start: Date | string): Clock & { set(to: Date | string): void; advanceMs(ms: number): void } {
  let at = new Date(start);
  return {
    now: () => new Date(at),
    set: (to) => { at = new Date(to); },
    advanceMs: (ms) => { at = new Date(at.getTime() + ms); },
  };
}
