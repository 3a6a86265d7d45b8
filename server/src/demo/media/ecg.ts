import type { Random } from '../random.ts';

/**
 * A twelve-lead electrocardiogram computed from a model of ours: the heart as one electric dipole that turns in space during each beat
 * (a sum of bell curves in time for each of its three directions), seen by twelve leads as its projection on their axes. Nothing is copied from a recording.
 */
export interface EcgModel {
  readonly rhythm: 'sinus' | 'atrial-fibrillation';
  readonly heartRate: number;
  readonly seconds: number;
  readonly samplingHz: number;
}
export interface SynthesisedEcg extends EcgModel {
  /** Whole microvolts for each lead, in the order of paper. */
  readonly leads: readonly { readonly name: string; readonly microvolts: Int16Array }[];
}

/** x to the left, y to the feet, z to the front of the patient. */
type Direction = readonly [x: number, y: number, z: number];
interface Wave { readonly centreS: number; readonly widthS: number; readonly microvolts: Direction }

const limbLeads: Readonly<Record<string, Direction>> = { I: [1, 0, 0], II: [0.5, 0.866, 0] };
const chest = (angle: number, gain: number, down = 0.12): Direction => [gain * Math.cos((angle * Math.PI) / 180), gain * down, gain * Math.sin((angle * Math.PI) / 180)];
const chestLeads: Readonly<Record<string, Direction>> = { V1: chest(118, 1.25, -0.05), V2: chest(95, 1.7), V3: chest(75, 1.75), V4: chest(55, 1.7, 0.2), V5: chest(28, 1.35, 0.2), V6: chest(5, 1.1, 0.2) };

const atrial: readonly Wave[] = [
  { centreS: -0.172, widthS: 0.021, microvolts: [55, 95, 70] },
  { centreS: -0.142, widthS: 0.023, microvolts: [65, 85, -45] },
];
const ventricular: readonly Wave[] = [
  { centreS: -0.026, widthS: 0.0085, microvolts: [-110, -60, 190] }, // septum, to the right and the front
  { centreS: 0.002, widthS: 0.0125, microvolts: [880, 820, -360] }, // both walls, to the left and the feet
  { centreS: 0.036, widthS: 0.0105, microvolts: [-190, -210, -250] }, // base, upwards and to the back
];
const recovery = (rrS: number): Wave[] => {
  const stretch = Math.sqrt(rrS / 0.8);
  return [
    { centreS: 0.235 * stretch, widthS: 0.052 * stretch, microvolts: [150, 140, 80] },
    { centreS: 0.285 * stretch, widthS: 0.036 * stretch, microvolts: [130, 120, 85] },
  ];
};

/** Times of the R peaks: breathing moves them a little in sinus rhythm, chance does in fibrillation. */
function beats(model: EcgModel, random: Random): number[] {
  const mean = 60 / model.heartRate;
  const at: number[] = [];
  for (let t = -mean * random.next(); t < model.seconds + 1;) {
    at.push(t);
    t += model.rhythm === 'sinus' ? mean * (1 + 0.03 * Math.sin(2 * Math.PI * 0.24 * t)) + random.normal(0, 0.006) : Math.max(0.34, random.normal(mean, mean * 0.21));
  }
  return at;
}

function addWave(dipole: readonly Float64Array[], at: number, wave: Wave, samplingHz: number, gain: number): void {
  const centre = (at + wave.centreS) * samplingHz;
  const width = wave.widthS * samplingHz;
  const last = Math.min(dipole[0]!.length - 1, Math.ceil(centre + 5 * width));
  for (let n = Math.max(0, Math.floor(centre - 5 * width)); n <= last; n++) {
    const bell = gain * Math.exp(-((n - centre) ** 2) / (2 * width * width));
    for (let axis = 0; axis < 3; axis++) dipole[axis]![n]! += bell * wave.microvolts[axis]!;
  }
}

/** The small waves of atria that do not contract together: five to seven a second, of changing size, strongest in front. */
function addFibrillation(dipole: readonly Float64Array[], samplingHz: number, random: Random): void {
  const parts = Array.from({ length: 5 }, () => ({ hz: 5 + 2.4 * random.next(), phase: 2 * Math.PI * random.next(), sway: 0.15 + 0.4 * random.next(), size: 22 + 16 * random.next() }));
  for (let n = 0; n < dipole[0]!.length; n++) {
    const t = n / samplingHz;
    const wave = parts.reduce((sum, p) => sum + p.size * (1 + 0.5 * Math.sin(2 * Math.PI * p.sway * t + p.phase)) * Math.sin(2 * Math.PI * p.hz * t + p.phase), 0);
    dipole[0]![n]! += 0.25 * wave;
    dipole[1]![n]! += 0.55 * wave;
    dipole[2]![n]! += 0.75 * wave;
  }
}

/** Computes the recording; the same chance gives the same one. */
export function synthesiseEcg(model: EcgModel, random: Random): SynthesisedEcg {
  const samples = Math.round(model.seconds * model.samplingHz);
  const dipole = [new Float64Array(samples), new Float64Array(samples), new Float64Array(samples)];
  const peaks = beats(model, random);
  for (const [n, at] of peaks.entries()) {
    const breath = 1 + 0.04 * Math.sin(2 * Math.PI * 0.24 * at);
    const waves = [...(model.rhythm === 'sinus' ? atrial : []), ...ventricular, ...recovery((peaks[n + 1] ?? at + 0.8) - at)];
    for (const wave of waves) addWave(dipole, at, wave, model.samplingHz, breath);
  }
  if (model.rhythm === 'atrial-fibrillation') addFibrillation(dipole, model.samplingHz, random);
  const seen = (axis: Direction, noise: Random): Int16Array => {
    const drift = 18 * noise.next();
    const phase = 2 * Math.PI * noise.next();
    return Int16Array.from({ length: samples }, (_, n) => Math.round(axis[0] * dipole[0]![n]! + axis[1] * dipole[1]![n]! + axis[2] * dipole[2]![n]! + drift * Math.sin((2 * Math.PI * 0.13 * n) / model.samplingHz + phase) + noise.normal(0, 4)));
  };
  const one = seen(limbLeads['I']!, random.fork('I'));
  const two = seen(limbLeads['II']!, random.fork('II'));
  // The other limb leads are what the machine computes from these two. @see Einthoven, Goldberger
  const from = (of: (i: number, ii: number) => number): Int16Array => Int16Array.from(one, (i, n) => Math.round(of(i, two[n]!)));
  const limb = { I: one, II: two, III: from((i, ii) => ii - i), aVR: from((i, ii) => -(i + ii) / 2), aVL: from((i, ii) => i - ii / 2), aVF: from((i, ii) => ii - i / 2) };
  const front = Object.fromEntries(Object.entries(chestLeads).map(([name, axis]) => [name, seen(axis, random.fork(name))]));
  return { ...model, leads: Object.entries({ ...limb, ...front }).map(([name, microvolts]) => ({ name, microvolts })) };
}
