/** One lead of a recording. NaN where nothing was measured. */
export interface EcgLead { readonly name: string; readonly code: string; readonly samplesUv: Float32Array }

/** Leads sampled together at one rate. What every source (DICOM, FHIR SampledData, MFER...) is turned into. */
export interface EcgRecording { readonly samplingHz: number; readonly leads: readonly EcgLead[] }

/** The order of paper: limb, augmented, chest. */
export const standardLeads = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;

/** ISO/IEEE 11073-10101 reference ids of the standard leads (MDC_ECG_LEAD_*, partition 2). */
const mdc: Readonly<Record<string, string>> = {
  131329: 'I', 131330: 'II', 131389: 'III', 131390: 'aVR', 131391: 'aVL', 131392: 'aVF',
  131331: 'V1', 131332: 'V2', 131333: 'V3', 131334: 'V4', 131335: 'V5', 131336: 'V6',
};

/** Name of a lead from its code or label: `131329`, `MDC_ECG_LEAD_AVR`, `Lead aVR`, `v1`; undefined when it is none of the standard ones. */
export function leadName(codeOrLabel: string): string | undefined {
  const known = mdc[codeOrLabel];
  if (known) return known;
  const plain = codeOrLabel.replace(/^MDC_ECG_(LEAD|ELEC_POTL)_/i, '').replace(/lead|ecg|[^a-z0-9]/gi, '');
  return standardLeads.find((lead) => lead.toLowerCase() === plain.toLowerCase());
}

export const findLead = (recording: EcgRecording, name: string): EcgLead | undefined => recording.leads.find((lead) => lead.name === name);

export const durationSeconds = (recording: EcgRecording): number =>
  recording.leads.reduce((most, lead) => Math.max(most, lead.samplesUv.length), 0) / recording.samplingHz;

/**
 * Adds III, aVR, aVL and aVF when they are missing and I and II are there: they hold nothing that those two do not.
 * @see Einthoven: III = II - I; Goldberger: aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2.
 */
export function withDerivedLeads(recording: EcgRecording): EcgRecording {
  const one = findLead(recording, 'I')?.samplesUv;
  const two = findLead(recording, 'II')?.samplesUv;
  if (!one || !two) return recording;
  const make = (name: string, of: (i: number, ii: number) => number): EcgLead[] =>
    findLead(recording, name) ? [] : [{ name, code: '', samplesUv: one.map((i, n) => of(i, two[n] ?? Number.NaN)) }];
  const derived = [...make('III', (i, ii) => ii - i), ...make('aVR', (i, ii) => -(i + ii) / 2), ...make('aVL', (i, ii) => i - ii / 2), ...make('aVF', (i, ii) => ii - i / 2)];
  return derived.length === 0 ? recording : { ...recording, leads: [...recording.leads, ...derived] };
}
