import type { CodeableConcept, Observation, SampledData } from '@medplum/fhirtypes';
import { EcgError } from './errors.ts';
import { leadName, type EcgLead, type EcgRecording } from './recording.ts';

const maxSamples = 20_000_000;
const microvolts: Readonly<Record<string, number>> = { 'uV': 1, 'µV': 1, 'mV': 1e3, 'V': 1e6, 'nV': 1e-3 };

/** The dimensions of a SampledData in the unit of its origin, one array each, and its rate. */
export interface DecodedSamples { readonly samplingHz: number; readonly unit: string; readonly dimensions: readonly Float64Array[] }

/**
 * Decodes FHIR SampledData: each number times factor plus origin; `E` (no reading) is NaN, `L` and `U` (out of range) are the limits, or NaN without one.
 * @param at FHIRPath of the element, for errors. @throws EcgError @see https://hl7.org/fhir/R4/datatypes.html#SampledData
 */
export function decodeSampledData(data: SampledData, at = 'valueSampledData'): DecodedSamples {
  const { period, dimensions, factor = 1, origin } = data;
  if (!(period > 0) || !Number.isFinite(period)) throw new EcgError('bad-period', 'The period must be more than 0 ms', `${at}.period`);
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > 256) throw new EcgError('bad-dimensions', 'The number of dimensions must be from 1 to 256', `${at}.dimensions`);
  const text = data.data?.trim() ?? '';
  if (text === '') throw new EcgError('no-samples', 'There are no samples', `${at}.data`);
  const parts = text.split(/\s+/);
  if (parts.length > maxSamples) throw new EcgError('too-long', 'Too many samples', `${at}.data`);
  if (parts.length % dimensions !== 0) throw new EcgError('bad-dimensions', 'The samples do not fill the dimensions', `${at}.data`);
  const offset = origin?.value ?? 0;
  const out = Array.from({ length: dimensions }, () => new Float64Array(parts.length / dimensions));
  for (const [n, part] of parts.entries()) {
    out[n % dimensions]![Math.floor(n / dimensions)] = raw(part, data, `${at}.data`, n) * factor + offset;
  }
  return { samplingHz: 1000 / period, unit: origin?.code ?? origin?.unit ?? '', dimensions: out };
}

/** The limits are raw, as the samples are: before factor and origin. */
function raw(part: string, data: SampledData, at: string, n: number): number {
  if (part === 'E') return Number.NaN;
  if (part === 'L') return data.lowerLimit ?? Number.NaN;
  if (part === 'U') return data.upperLimit ?? Number.NaN;
  const value = Number(part);
  if (Number.isNaN(value)) throw new EcgError('bad-number', `Sample ${n + 1} is not a number`, at);
  return value;
}

/**
 * The recording in an Observation: a component per lead, or one SampledData whose dimensions are the leads named by the components' order.
 * @throws EcgError when nothing can be read, or the leads were sampled at different rates.
 */
export function recordingFromObservation(observation: Observation): EcgRecording {
  const leads: EcgLead[] = [];
  let samplingHz: number | undefined;
  const add = (data: SampledData, code: CodeableConcept | undefined, at: string): void => {
    const decoded = decodeSampledData(data, at);
    const scale = microvolts[decoded.unit];
    if (scale === undefined) throw new EcgError('unit-unknown', 'The unit of an ECG is a voltage', `${at}.origin`);
    if (samplingHz !== undefined && Math.abs(samplingHz - decoded.samplingHz) > 1e-6 * samplingHz) throw new EcgError('rates-differ', 'The leads are sampled at different rates', `${at}.period`);
    samplingHz = decoded.samplingHz;
    for (const [n, values] of decoded.dimensions.entries()) {
      leads.push({ name: decoded.dimensions.length === 1 ? nameOf(code, leads.length) : nameOf(code?.coding?.[n] && { coding: [code.coding[n]] }, leads.length), code: code?.coding?.[0]?.code ?? '', samplesUv: Float32Array.from(values, (v) => v * scale) });
    }
  };
  if (observation.valueSampledData) add(observation.valueSampledData, observation.code, 'Observation.value');
  for (const [n, component] of (observation.component ?? []).entries()) {
    if (component.valueSampledData) add(component.valueSampledData, component.code, `Observation.component[${n}].value`);
  }
  if (samplingHz === undefined) throw new EcgError('no-samples', 'The observation holds no sampled data', 'Observation');
  return { samplingHz, leads };
}

const nameOf = (code: CodeableConcept | undefined, n: number): string => {
  const candidates = [...(code?.coding ?? []).flatMap((c) => [c.code, c.display]), code?.text];
  for (const candidate of candidates) {
    const name = candidate && leadName(candidate);
    if (name) return name;
  }
  return code?.text ?? code?.coding?.[0]?.display ?? String(n + 1);
};
