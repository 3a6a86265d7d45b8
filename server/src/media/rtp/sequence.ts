/** The 16-bit number nearest to `reference` (an unwrapped count): sequence numbers that never wrap are compared with `<`. */
export function unwrapSequence(sequence: number, reference: number): number {
  const difference = ((sequence - reference) << 16) >> 16;
  return reference + difference;
}

/** Signed distance between two 32-bit timestamps, robust against the wrap. */
export const timestampDifference = (later: number, earlier: number): number => (later - earlier) | 0;
