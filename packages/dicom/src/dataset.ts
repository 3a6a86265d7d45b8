import { DicomError } from './errors.ts';

/** One element. A value that was too large to keep has `bytes` undefined: it lies in the file at `offset`. */
export interface Element {
  readonly tag: number;
  readonly vr: string;
  /** Byte of the value in the file. */
  readonly offset: number;
  /** Bytes of the value; -1 when the length was undefined. */
  length: number;
  bytes?: Uint8Array;
  items?: DataSet[];
}

export interface DataSet {
  readonly elements: Map<number, Element>;
  readonly littleEndian: boolean;
  /** The data set that this one is an item of: Specific Character Set is inherited from it. */
  readonly parent: DataSet | undefined;
}

export const newDataSet = (littleEndian: boolean, parent?: DataSet): DataSet => ({ elements: new Map(), littleEndian, parent });

const ascii = new TextDecoder('latin1');
export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text of an element whose repertoire is the default one (UI, CS, DS, IS, DA, TM): padding removed; undefined when absent or empty. */
export function plainText(set: DataSet, tag: number): string | undefined {
  const bytes = set.elements.get(tag)?.bytes;
  if (!bytes || bytes.length === 0) return undefined;
  const text = trimPadding(ascii.decode(bytes));
  return text === '' ? undefined : text;
}

/** Padding of any device: spaces and NULs on either side. */
export const trimPadding = (text: string): string => {
  let from = 0;
  let to = text.length;
  const pad = (at: number): boolean => { const c = text.charCodeAt(at); return c === 0 || c === 32; };
  while (from < to && pad(from)) from += 1;
  while (to > from && pad(to - 1)) to -= 1;
  return text.slice(from, to);
};

/** All values of a DS or IS element, or of US/SS/UL/SL/FL/FD ones. @throws DicomError `bad-value`. */
export function numbers(set: DataSet, tag: number): number[] {
  const element = set.elements.get(tag);
  if (!element?.bytes) return [];
  const { vr, bytes } = element;
  if (vr === 'IS' || vr === 'DS') {
    const text = trimPadding(ascii.decode(bytes));
    if (text === '') return [];
    return text.split('\\').map((part) => {
      const value = Number(trimPadding(part) === '' ? Number.NaN : trimPadding(part));
      if (!Number.isFinite(value)) throw new DicomError('bad-value', 'Not a number', { tag, offset: element.offset });
      return value;
    });
  }
  return binaryNumbers(bytes, numericVr(element), set.littleEndian);
}

/** First value of a numeric element. */
export const number = (set: DataSet, tag: number): number | undefined => numbers(set, tag)[0];

/** Implicit VR without a dictionary leaves US and SS as UN: both are read as what a 2- or 4-byte unsigned value is. */
const numericVr = (element: Element): string => {
  if (element.vr !== 'UN') return element.vr;
  return element.length === 2 ? 'US' : 'UL';
};

/** Bytes of one value of each binary numeric VR. @see PS3.5 6.2 */
export const binarySizes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, SV: 8, UV: 8, OW: 2, OF: 4, OD: 8, OL: 4, OV: 8 };

export function binaryNumbers(bytes: Uint8Array, vr: string, littleEndian: boolean): number[] {
  const size = binarySizes[vr];
  if (!size) return [];
  const data = view(bytes);
  const out: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) out.push(readNumber(data, at, vr, littleEndian));
  return out;
}

function readNumber(data: DataView, at: number, vr: string, le: boolean): number {
  switch (vr) {
    case 'US': case 'OW': return data.getUint16(at, le);
    case 'SS': return data.getInt16(at, le);
    case 'UL': case 'OL': return data.getUint32(at, le);
    case 'SL': return data.getInt32(at, le);
    case 'FL': case 'OF': return data.getFloat32(at, le);
    case 'FD': case 'OD': return data.getFloat64(at, le);
    case 'SV': return Number(data.getBigInt64(at, le));
    default: return Number(data.getBigUint64(at, le));
  }
}

/** Items of a sequence; none when it is absent. */
export const items = (set: DataSet, tag: number): readonly DataSet[] => set.elements.get(tag)?.items ?? [];
