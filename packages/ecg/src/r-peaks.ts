import { findLead, type EcgRecording } from './recording.ts';

/**
 * Samples at which the ventricles beat, from one lead: band-pass by differences of running means, energy of the slope in a 120 ms window,
 * a threshold that follows the last beats, a 220 ms refractory time, and a second look where a beat is overdue. Pure; O(n).
 * @param signalUv any unit and polarity; NaN counts as the last value.
 */
export function detectRPeaks(signalUv: Float32Array, samplingHz: number): number[] {
  const n = signalUv.length;
  if (n < samplingHz / 2) return [];
  const band = bandPass(signalUv, samplingHz);
  const energy = slopeEnergy(band, samplingHz);
  const refractory = Math.round(0.22 * samplingHz);
  const half = Math.round(0.08 * samplingHz);
  const candidates = localMaxima(energy, refractory);
  const first = candidates.filter((at) => at < 4 * samplingHz).map((at) => energy[at]!).sort((a, b) => a - b);
  let level = median(first.slice(Math.floor(first.length / 2))) || 0;
  let noise = (median(first.slice(0, Math.ceil(first.length / 2))) || 0) * 0.5;
  const beats: number[] = [];
  let skipped: number[] = [];
  let interval = 0.8 * samplingHz;
  const accept = (at: number): void => {
    const last = beats.at(-1);
    if (last !== undefined) interval += 0.15 * (Math.min(at - last, 2 * interval) - interval);
    beats.push(at);
    skipped = skipped.filter((s) => s > at + refractory);
  };
  for (const at of candidates) {
    const threshold = noise + 0.28 * Math.max(level - noise, 0);
    const last = beats.at(-1);
    if (last !== undefined && at - last > 1.6 * interval) {
      const missed = skipped.filter((s) => s - last > refractory && at - s > refractory && energy[s]! > 0.5 * threshold).sort((a, b) => energy[b]! - energy[a]!)[0];
      if (missed !== undefined) {
        accept(missed);
        level += 0.2 * (energy[missed]! - level);
      }
    }
    // Soon after a beat and less steep: a tall T wave, which must not fill the pause after a premature beat either.
    const isTWave = last !== undefined && at - last < 0.45 * samplingHz && energy[at]! < 0.7 * energy[last]!;
    if (isTWave) continue;
    if (energy[at]! > threshold && energy[at]! > 0) {
      accept(at);
      level += 0.125 * (Math.min(energy[at]!, 3 * level) - level);
    } else {
      skipped.push(at);
      noise += 0.05 * (energy[at]! - noise);
    }
  }
  return beats.map((at) => peakNear(band, at, half));
}

/** Beats a minute from R peaks, by the median interval, so that one missed or extra beat does not change it; undefined with fewer than two. */
export function heartRate(peaks: readonly number[], samplingHz: number): number | undefined {
  if (peaks.length < 2) return undefined;
  const intervals = peaks.slice(1).map((at, n) => at - peaks[n]!).sort((a, b) => a - b);
  return (60 * samplingHz) / median(intervals);
}

/** The lead that R peaks are best looked for in: II, else V5, I, or the first one. */
export const rhythmLead = (recording: EcgRecording): EcgRecording['leads'][number] | undefined =>
  findLead(recording, 'II') ?? findLead(recording, 'V5') ?? findLead(recording, 'I') ?? recording.leads[0];

const median = (sorted: readonly number[]): number => {
  const middle = sorted.length >> 1;
  return sorted.length === 0 ? 0 : sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

function runningMean(signal: Float64Array | Float32Array, width: number): Float64Array {
  const out = new Float64Array(signal.length);
  const half = width >> 1;
  let sum = 0;
  let from = 0;
  let to = 0;
  for (let at = 0; at < signal.length; at += 1) {
    while (to < Math.min(signal.length, at + half + 1)) sum += signal[to++]!;
    while (from < at - half) sum -= signal[from++]!;
    out[at] = sum / (to - from);
  }
  return out;
}

/** About 5 to 25 Hz: a short mean against mains and muscle, minus a long one against drift and T waves. */
function bandPass(signal: Float32Array, samplingHz: number): Float64Array {
  const clean = new Float64Array(signal.length);
  let last = 0;
  for (let at = 0; at < signal.length; at += 1) clean[at] = last = Number.isFinite(signal[at]!) ? signal[at]! : last;
  const smooth = runningMean(clean, Math.max(1, Math.round(0.02 * samplingHz)));
  const drift = runningMean(smooth, Math.max(3, Math.round(0.15 * samplingHz)));
  return smooth.map((value, at) => value - drift[at]!);
}

function slopeEnergy(band: Float64Array, samplingHz: number): Float64Array {
  const step = Math.max(1, Math.round(0.01 * samplingHz));
  const squared = new Float64Array(band.length);
  for (let at = step; at < band.length - step; at += 1) squared[at] = (band[at + step]! - band[at - step]!) ** 2;
  return runningMean(squared, Math.max(3, Math.round(0.12 * samplingHz))).map(Math.sqrt);
}

/** Maxima that nothing within `apart` samples exceeds. */
function localMaxima(energy: Float64Array, apart: number): number[] {
  const out: number[] = [];
  for (let at = 1; at < energy.length - 1; at += 1) {
    if (energy[at]! < energy[at - 1]! || energy[at]! <= energy[at + 1]!) continue;
    const last = out.at(-1);
    if (last !== undefined && at - last < apart) {
      if (energy[at]! > energy[last]!) out[out.length - 1] = at;
    } else out.push(at);
  }
  return out;
}

function peakNear(band: Float64Array, at: number, half: number): number {
  let best = at;
  for (let n = Math.max(0, at - half); n <= Math.min(band.length - 1, at + half); n += 1) if (Math.abs(band[n]!) > Math.abs(band[best]!)) best = n;
  return best;
}
