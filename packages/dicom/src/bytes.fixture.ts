/** Writes Explicit VR Little Endian elements for tests: the smallest writer that can also write nonsense. */
export const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const u16 = (...values: number[]): Uint8Array => new Uint8Array(new Uint16Array(values).buffer);
const u32 = (...values: number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
const long = new Set(['OB', 'OW', 'SQ', 'UN', 'UT', 'OV']);

export const tagBytes = (tag: number): Uint8Array => u16(tag >>> 16, tag & 0xFFFF);
/** @param claimed length to claim instead of the true one. */
export function element(tag: number, vr: string, value: string | number[] | Uint8Array, claimed?: number): Uint8Array {
  let bytes = typeof value === 'string' ? ascii(value) : Array.isArray(value) ? u16(...value) : value;
  if (bytes.length % 2 === 1) bytes = join(bytes, ascii(vr === 'UI' || vr === 'OB' ? '\0' : ' '));
  const length = claimed ?? bytes.length;
  return join(tagBytes(tag), ascii(vr), long.has(vr) ? join(u16(0), u32(length)) : u16(length), bytes);
}
export const item = (bytes: Uint8Array, length = bytes.length): Uint8Array => join(tagBytes(0xFFFEE000), u32(length), bytes);
export const sequenceEnd = join(tagBytes(0xFFFEE0DD), u32(0));
export const itemEnd = join(tagBytes(0xFFFEE00D), u32(0));
export const undefinedLength = 0xFFFFFFFF;

export const file = (syntax: string, ...elements: readonly Uint8Array[]): Uint8Array =>
  join(new Uint8Array(128), ascii('DICM'), element(0x00020010, 'UI', syntax), ...elements);
export const identity = (n = 1): Uint8Array => join(
  element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'), element(0x00080018, 'UI', `1.2.3.${n}`),
  element(0x0020000D, 'UI', '1.2.3'), element(0x0020000E, 'UI', '1.2.3.4'));
export const image = (rows: number, columns: number, bits: number, frames?: number): Uint8Array => join(
  element(0x00280002, 'US', [1]), element(0x00280004, 'CS', 'MONOCHROME2'), ...(frames ? [element(0x00280008, 'IS', String(frames))] : []),
  element(0x00280010, 'US', [rows]), element(0x00280011, 'US', [columns]), element(0x00280100, 'US', [bits]));
export const encapsulated = (table: number[], ...fragments: readonly Uint8Array[]): Uint8Array => join(
  element(0x7FE00010, 'OB', new Uint8Array(0), undefinedLength), item(u32(...table)), ...fragments.map((f) => item(f)), sequenceEnd);

export const explicit = '1.2.840.10008.1.2.1';
export const jpeg = '1.2.840.10008.1.2.4.50';
