/**
 * What the Recommendation asks of the network, as data.
 * @see ITU-T F.780.4 clause 8.5.2: latency under 50 ms, jitter not over 20 ms, packet loss not over 5 %.
 */
export const linkLimits = {
  /** One way: half of the round trip. Must stay under the limit. */
  latencyMs: 50,
  /** Must not be over the limit. */
  jitterMs: 20,
  /** 0 to 1. Must not be over the limit. */
  lossFraction: 0.05,
} as const;

/** `within` the limits (green), `exceeded` (amber: a call works, with repair and delay), `far-exceeded` by more than double (red). */
export const linkGrades = ['within', 'exceeded', 'far-exceeded'] as const;
export type LinkGrade = (typeof linkGrades)[number];

export interface LinkMeasurement {
  readonly roundTripMs: number;
  readonly jitterMs: number;
  /** Undefined when the measurement could not see loss. */
  readonly lossFraction: number | undefined;
}

export interface GradedValue { readonly value: number; readonly limit: number; readonly grade: LinkGrade }
export interface LinkReport {
  /** The worst of the single grades. */
  readonly grade: LinkGrade;
  readonly latencyMs: GradedValue;
  readonly jitterMs: GradedValue;
  readonly lossFraction?: GradedValue;
}

const gradeOf = (value: number, limit: number, limitItselfPasses: boolean): LinkGrade => {
  if (value < limit || (limitItselfPasses && value === limit)) return 'within';
  return value <= limit * 2 ? 'exceeded' : 'far-exceeded';
};

const worst = (grades: readonly LinkGrade[]): LinkGrade => linkGrades[Math.max(...grades.map((grade) => linkGrades.indexOf(grade)))]!;

/** Compares a measured link with the limits. What was not measured is left out, not guessed. */
export function classifyLink(measured: LinkMeasurement): LinkReport {
  const one = (value: number, limit: number, limitItselfPasses: boolean): GradedValue => ({ value, limit, grade: gradeOf(value, limit, limitItselfPasses) });
  const latencyMs = one(measured.roundTripMs / 2, linkLimits.latencyMs, false);
  const jitterMs = one(measured.jitterMs, linkLimits.jitterMs, true);
  if (measured.lossFraction === undefined) return { grade: worst([latencyMs.grade, jitterMs.grade]), latencyMs, jitterMs };
  const lossFraction = one(measured.lossFraction, linkLimits.lossFraction, true);
  return { grade: worst([latencyMs.grade, jitterMs.grade, lossFraction.grade]), latencyMs, jitterMs, lossFraction };
}
