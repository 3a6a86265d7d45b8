import { text } from './charset.ts';
import { items, number, plainText, view, type DataSet } from './dataset.ts';
import { DicomError } from './errors.ts';
import type { Part10 } from './read.ts';
import { tags } from './tags.ts';

export interface WaveformLead {
  /** Name to show: `I`, `aVR`, `V1`, or the channel's own label. */
  readonly name: string;
  /** Code of the channel source, e.g. `MDC:2:1` or `SCPECG:5.6.3-9-1`. */
  readonly code: string;
  /** Unit of the file: `uV`, `mV`, `mmHg`... `samplesUv` is in µV when it is a voltage, else in this unit. */
  readonly unit: string;
  /** NaN where the file marks a sample as padding. */
  readonly samplesUv: Float32Array;
  /** How much later than the group's clock the channel was sampled. */
  readonly skewSeconds: number;
}
/** One multiplex group: channels sampled together. */
export interface WaveformGroup {
  readonly label: string;
  readonly originality: 'ORIGINAL' | 'DERIVED';
  readonly samplingHz: number;
  /** From the first group's start. */
  readonly offsetMs: number;
  readonly leads: readonly WaveformLead[];
}

const t = {
  offset: 0x00181068, originality: 0x003A0004, channels: 0x003A0005, samples: 0x003A0010, frequency: 0x003A001A, groupLabel: 0x003A0020, channelDefinitions: 0x003A0200,
  channelLabel: 0x003A0203, source: 0x003A0208, sensitivity: 0x003A0210, units: 0x003A0211, correction: 0x003A0212, baseline: 0x003A0213, timeSkew: 0x003A0214, sampleSkew: 0x003A0215,
  bits: 0x54001004, interpretation: 0x54001006, padding: 0x5400100A, data: 0x54001010, codeValue: 0x00080100, scheme: 0x00080102, meaning: 0x00080104,
} as const;

const maxSamples = 50_000_000;

/**
 * The waveforms of a DICOM object, each group apart since groups may differ in rate and length.
 * @throws DicomError `no-waveform`, or the element that is wrong. @see PS3.3 C.10.9
 */
export function decodeWaveforms(file: Pick<Part10, 'dataset'>): WaveformGroup[] {
  const groups = items(file.dataset, tags.WaveformSequence);
  if (groups.length === 0) throw new DicomError('no-waveform', 'The object holds no waveform', { tag: tags.WaveformSequence });
  return groups.map(decodeGroup);
}

/** The twelve-lead view of an object: the longest original group. */
export function primaryWaveform(groups: readonly WaveformGroup[]): WaveformGroup {
  const rank = (group: WaveformGroup): number => (group.originality === 'ORIGINAL' ? 1e12 : 0) + group.leads.length * 1e9 + (group.leads[0]?.samplesUv.length ?? 0);
  return [...groups].sort((a, b) => rank(b) - rank(a))[0]!;
}

function need(set: DataSet, tag: number, least: number, most: number): number {
  const value = number(set, tag);
  if (value === undefined) throw new DicomError('value-missing', 'Needed to read the waveform', { tag });
  if (!(value >= least && value <= most)) throw new DicomError('bad-value', `Must be from ${least} to ${most}`, { tag });
  return value;
}

function decodeGroup(group: DataSet): WaveformGroup {
  const channels = need(group, t.channels, 1, 512);
  const samples = need(group, t.samples, 1, maxSamples);
  const samplingHz = need(group, t.frequency, 1e-3, 1e7);
  if (channels * samples > maxSamples) throw new DicomError('head-too-large', 'Too many samples', { tag: t.samples });
  const definitions = items(group, t.channelDefinitions);
  if (definitions.length !== channels) throw new DicomError('bad-value', 'The channels are not all defined', { tag: t.channelDefinitions });
  const raw = readSamples(group, channels, samples);
  const leads = definitions.map((definition, channel) => lead(definition, channel, raw, channels, samples, samplingHz));
  return {
    label: text(group, t.groupLabel) ?? '', originality: plainText(group, t.originality) === 'DERIVED' ? 'DERIVED' : 'ORIGINAL',
    samplingHz, offsetMs: number(group, t.offset) ?? 0, leads,
  };
}

function lead(definition: DataSet, channel: number, raw: Float64Array, channels: number, samples: number, samplingHz: number): WaveformLead {
  const unit = unitOf(definition);
  const factor = (number(definition, t.sensitivity) ?? 1) * (number(definition, t.correction) ?? 1) * (microvolts[unit] ?? 1);
  // The baseline is in the unit of the sensitivity, as the samples are after scaling. @see PS3.3 C.10.9.1.4.2
  const baseline = (number(definition, t.baseline) ?? 0) * (microvolts[unit] ?? 1);
  const samplesUv = new Float32Array(samples);
  for (let n = 0; n < samples; n += 1) samplesUv[n] = raw[n * channels + channel]! * factor + baseline;
  const source = items(definition, t.source)[0];
  const meaning = source && text(source, t.meaning);
  const skewSeconds = number(definition, t.timeSkew) ?? (number(definition, t.sampleSkew) ?? 0) / samplingHz;
  return {
    name: leadName(text(definition, t.channelLabel) ?? meaning ?? String(channel + 1)),
    code: source ? `${plainText(source, t.scheme) ?? ''}:${text(source, t.codeValue) ?? ''}` : '',
    unit, samplesUv, skewSeconds,
  };
}

/** `Lead I (Einthoven)`, `Lead aVR`, `ECG LEAD V1` all become what stands on paper. */
const leadName = (label: string): string => {
  const known = /\b(aVR|aVL|aVF|V[1-9]R?|III|II|I)\b/i.exec(label.replace(/lead|ecg|einthoven|augmented voltage/gi, ' '));
  if (!known) return label;
  const name = known[1]!;
  return /^av/i.test(name) ? `aV${name[2]!.toUpperCase()}` : name.toUpperCase();
};

const microvolts: Readonly<Record<string, number>> = { 'uV': 1, 'mV': 1e3, 'V': 1e6, 'nV': 1e-3 };

function unitOf(definition: DataSet): string {
  const units = items(definition, t.units)[0];
  const code = (units && text(units, t.codeValue)) ?? '';
  return ({ 'µV': 'uV', 'UV': 'uV', 'MV': 'mV', 'microvolt': 'uV', 'millivolt': 'mV' } as Record<string, string>)[code] ?? code;
}

function readSamples(group: DataSet, channels: number, samples: number): Float64Array {
  const element = group.elements.get(t.data);
  if (!element) throw new DicomError('value-missing', 'The group holds no data', { tag: t.data });
  const bits = need(group, t.bits, 8, 64);
  const interpretation = plainText(group, t.interpretation) ?? '';
  const width = bits / 8;
  const bytes = element.bytes;
  if (!bytes) throw new DicomError('head-too-large', 'The waveform was not kept when the file was read', { tag: t.data, offset: element.offset });
  if (bytes.length < channels * samples * width) throw new DicomError('truncated', 'The waveform is shorter than its channels and samples', { tag: t.data, offset: element.offset });
  const read = reader(interpretation, bits, view(bytes), group.littleEndian, element.offset);
  const padding = group.elements.get(t.padding)?.bytes;
  const pad = padding && padding.length >= width ? reader(interpretation, bits, view(padding), group.littleEndian, 0)(0) : undefined;
  const out = new Float64Array(channels * samples);
  for (let n = 0; n < out.length; n += 1) {
    const value = read(n * width);
    out[n] = value === pad ? Number.NaN : value;
  }
  return out;
}

/** @see PS3.3 C.10.9.1.5 */
function reader(interpretation: string, bits: number, data: DataView, le: boolean, offset: number): (at: number) => number {
  switch (`${interpretation}${bits}`) {
    case 'SB8': return (at) => data.getInt8(at);
    case 'UB8': return (at) => data.getUint8(at);
    case 'MB8': return (at) => muLaw(data.getUint8(at));
    case 'AB8': return (at) => aLaw(data.getUint8(at));
    case 'SS16': return (at) => data.getInt16(at, le);
    case 'US16': return (at) => data.getUint16(at, le);
    case 'SL32': return (at) => data.getInt32(at, le);
    case 'UL32': return (at) => data.getUint32(at, le);
    case 'SV64': return (at) => Number(data.getBigInt64(at, le));
    case 'UV64': return (at) => Number(data.getBigUint64(at, le));
    default: throw new DicomError('unsupported', 'A sample interpretation that is not known', { tag: t.interpretation, offset });
  }
}

/** @see ITU-T G.711 */
const muLaw = (byte: number): number => {
  const u = ~byte & 0xFF;
  const magnitude = ((((u & 0x0F) << 3) + 0x84) << ((u & 0x70) >> 4)) - 0x84;
  return u & 0x80 ? -magnitude : magnitude;
};
const aLaw = (byte: number): number => {
  const a = byte ^ 0x55;
  const exponent = (a & 0x70) >> 4;
  const mantissa = (a & 0x0F) << 4;
  const magnitude = exponent === 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1);
  return a & 0x80 ? magnitude : -magnitude;
};
