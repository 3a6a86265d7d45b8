import { binaryNumbers, binarySizes, trimPadding, type DataSet, type Element } from './dataset.ts';
import { elementText } from './charset.ts';
import { tagHex } from './errors.ts';
import { isPixelData, tags } from './tags.ts';

export interface JsonPersonName { Alphabetic?: string; Ideographic?: string; Phonetic?: string }
export type JsonValue = string | number | null | JsonPersonName | DicomJson;
export interface JsonAttribute { vr: string; Value?: JsonValue[]; InlineBinary?: string; BulkDataURI?: string }
/** A data set in the DICOM JSON model. @see PS3.18 Annex F */
export type DicomJson = { [tag: string]: JsonAttribute };

export interface JsonOptions {
  /** Address of a value that is not inlined, from its place in the file. */
  readonly bulkUri: (at: { offset: number; length: number }) => string;
  /** Longest binary value that is inlined as base64. Default 1,024 bytes. */
  readonly maxInlineBytes?: number;
}

/** The data set without pixel data and group lengths, text decoded to Unicode. */
export function toDicomJson(set: DataSet, options: JsonOptions): DicomJson {
  const json: DicomJson = {};
  for (const element of [...set.elements.values()].sort((a, b) => a.tag - b.tag)) {
    if (isPixelData(element.tag) || (element.tag & 0xFFFF) === 0) continue;
    json[tagHex(element.tag)] = attribute(set, element, options);
  }
  return json;
}

function attribute(set: DataSet, element: Element, options: JsonOptions): JsonAttribute {
  const { vr, bytes } = element;
  if (element.items) return element.items.length > 0 ? { vr: 'SQ', Value: element.items.map((item) => toDicomJson(item, options)) } : { vr: 'SQ' };
  if (!bytes) return { vr, BulkDataURI: options.bulkUri({ offset: element.offset, length: element.length }) };
  if (bytes.length === 0) return { vr };
  if (binary.has(vr)) {
    // A document is something to open, however small: always at an address.
    // Look-up tables and palettes are needed to show anything: viewers expect them in place.
    const most = element.tag >>> 16 === 0x0028 ? 262_144 : options.maxInlineBytes ?? 1024;
    if (bytes.length > most || element.tag === tags.EncapsulatedDocument) return { vr, BulkDataURI: options.bulkUri({ offset: element.offset, length: element.length }) };
    return { vr, InlineBinary: base64(littleEndianBytes(bytes, vr, set.littleEndian)) };
  }
  const values = valuesOf(set, element);
  return values.every((value) => value === null) ? { vr } : { vr, Value: values };
}

const binary = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const unsplit = new Set(['LT', 'ST', 'UT', 'UR']);

function valuesOf(set: DataSet, element: Element): JsonValue[] {
  const { vr, bytes } = element;
  if (vr === 'AT') return tagsOf(bytes!, set.littleEndian);
  if (binarySizes[vr]) return bigSafe(bytes!, vr, set.littleEndian);
  const text = elementText(set, element) ?? '';
  const parts = unsplit.has(vr) ? [text] : text.split('\\').map((part) => (vr === 'UC' ? part : trimPadding(part)));
  return parts.map((part) => {
    if (part === '') return null;
    if (vr === 'PN') return personName(part);
    if (vr === 'IS' || vr === 'DS') {
      const value = Number(part);
      return Number.isFinite(value) ? value : part;
    }
    return part;
  });
}

/** 64-bit values beyond what a double holds exactly are strings, as F.2.3 allows; NaN and infinities have no JSON number. */
function bigSafe(bytes: Uint8Array, vr: string, littleEndian: boolean): (number | string)[] {
  if (vr === 'SV' || vr === 'UV') {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length >> 3 }, (_, n) => {
      const value = vr === 'SV' ? data.getBigInt64(n * 8, littleEndian) : data.getBigUint64(n * 8, littleEndian);
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    });
  }
  return binaryNumbers(bytes, vr, littleEndian).map((value) => (Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf'));
}

function personName(text: string): JsonPersonName {
  const [alphabetic, ideographic, phonetic] = text.split('=').map(trimPadding);
  return { ...(alphabetic && { Alphabetic: alphabetic }), ...(ideographic && { Ideographic: ideographic }), ...(phonetic && { Phonetic: phonetic }) };
}

function tagsOf(bytes: Uint8Array, littleEndian: boolean): string[] {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, n) => tagHex(((data.getUint16(n * 4, littleEndian) << 16) | data.getUint16(n * 4 + 2, littleEndian)) >>> 0));
}

/** InlineBinary is little endian whatever the file is. @see PS3.18 F.2.7 */
function littleEndianBytes(bytes: Uint8Array, vr: string, littleEndian: boolean): Uint8Array {
  const size = binarySizes[vr];
  if (littleEndian || !size) return bytes;
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at + size <= bytes.length; at += size) for (let n = 0; n < size; n += 1) out[at + n] = bytes[at + size - 1 - n]!;
  return out;
}

function base64(bytes: Uint8Array): string {
  let binaryText = '';
  for (const byte of bytes) binaryText += String.fromCharCode(byte);
  return btoa(binaryText);
}
