import { estimatedGfr } from './laboratory.ts';
import type { Vitals, Writer } from './writer.ts';

/** Days before today at which somebody was seen: from `since` on, about every `every` days, the last one within that distance. */
export function visitsSince(w: Writer, since: number, every: number): number[] {
  const days: number[] = [];
  for (let at = since; at > 3; at -= Math.max(7, Math.round(w.random.normal(every, every / 6)))) days.push(at);
  return days.slice(-24);
}

/** Where a quantity is on its way from one value to another: 0 at the first visit, 1 today. */
export const along = (from: number, to: number, daysAgo: number, since: number): number => from + (to - from) * (1 - daysAgo / since);

/** Somebody's usual vital signs with their day-to-day change. */
export function usualVitals(w: Writer, about: { systolic?: number; weightKg?: number; heartRate?: number; spo2?: number } = {}): Vitals {
  const { random: r } = w;
  const systolic = r.normal(about.systolic ?? 122, 6);
  return {
    systolic, diastolic: systolic * 0.62 + r.normal(3, 3), heartRate: r.normal(about.heartRate ?? 74, 5),
    ...(about.weightKg === undefined ? {} : { weightKg: r.normal(about.weightKg, 0.6) }),
    spo2: Math.min(100, r.normal(about.spo2 ?? w.usual.spo2, 0.7)), temperature: r.normal(36.6, 0.2),
  };
}

/** Creatinine with the filtration that follows from it. */
export function kidney(w: Writer, creatinine: number, daysAgo: number): { creatinine: number; egfr: number } {
  return { creatinine, egfr: estimatedGfr(creatinine, w.days.ageAt(w.patient.birthDate, daysAgo), w.patient.gender) };
}
