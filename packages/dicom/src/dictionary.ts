import { dictionary } from 'dcmjs/dictionary';

/** VR of a tag; `signed` settles the ones that may be US or SS. */
export type VrLookup = (tag: number, signed?: boolean) => string | undefined;

/**
 * VR of a public tag for Implicit VR files, from dcmjs's PS3.6 table; undefined for private and unknown ones. An entry point of its own,
 * since the table is large and a browser that reads Explicit VR does not need it.
 */
export function dictionaryVr(): VrLookup {
  const table = new Map<number, string>();
  for (const entry of Object.values(dictionary)) {
    const hex = /^\(([0-9A-Fa-fx]{4}),([0-9A-Fa-fx]{4})\)$/.exec(entry.tag);
    if (hex && entry.vr) table.set(Number.parseInt((hex[1]! + hex[2]!).replaceAll('x', '0'), 16), entry.vr);
  }
  table.set(0x60003000, 'OW');
  return (tag, signed) => {
    const group = tag >>> 16;
    const element = tag & 0xFFFF;
    if (group % 2 === 1) return element >= 0x10 && element <= 0xFF ? 'LO' : undefined;
    if (element === 0) return 'UL';
    // Repeating groups: overlays and curves share one definition. @see PS3.5 7.6
    const base = (group >= 0x6000 && group <= 0x601E) || (group >= 0x5000 && group <= 0x501E) ? (((group & 0xFF00) << 16) | element) >>> 0 : tag;
    return settle(table.get(base), signed ?? false);
  };
}

/** The table writes VRs that depend on other elements in lower case. */
const settle = (vr: string | undefined, signed: boolean): string | undefined => {
  if (vr === 'ox' || vr === 'lt') return 'OW';
  if (vr === 'xs') return signed ? 'SS' : 'US';
  if (vr === 'up') return 'UL';
  return vr && /^[A-Z]{2}$/.test(vr) ? vr : undefined;
};
