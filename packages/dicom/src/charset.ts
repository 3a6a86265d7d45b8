import { plainText, trimPadding, type DataSet, type Element } from './dataset.ts';
import { tags } from './tags.ts';

/** Encodings without code extensions. @see PS3.3 C.12.1.1.2 Tables C.12-2 and C.12-5 */
const single: Readonly<Record<string, string>> = {
  '': 'latin1', 'ISO_IR 6': 'latin1', 'ISO_IR 100': 'iso-8859-1', 'ISO_IR 101': 'iso-8859-2', 'ISO_IR 109': 'iso-8859-3', 'ISO_IR 110': 'iso-8859-4', 'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6', 'ISO_IR 126': 'iso-8859-7', 'ISO_IR 138': 'iso-8859-8', 'ISO_IR 148': 'iso-8859-9', 'ISO_IR 203': 'iso-8859-15', 'ISO_IR 13': 'shift_jis', 'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8', 'GB18030': 'gb18030', 'GBK': 'gbk',
};

/** Code elements that an escape sequence puts into G0 or G1. @see PS3.3 Tables C.12-3 and C.12-4 */
interface CodeElement { readonly escape: string; readonly half: 'g0' | 'g1'; readonly bytesPerCharacter: 1 | 2; readonly encoding: string; readonly prefix?: number }
const codeElements: readonly CodeElement[] = [
  { escape: '(B', half: 'g0', bytesPerCharacter: 1, encoding: 'latin1' },
  { escape: '(J', half: 'g0', bytesPerCharacter: 1, encoding: 'latin1' },
  { escape: ')I', half: 'g1', bytesPerCharacter: 1, encoding: 'shift_jis' },
  { escape: '-A', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-1' },
  { escape: '-B', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-2' },
  { escape: '-C', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-3' },
  { escape: '-D', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-4' },
  { escape: '-L', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-5' },
  { escape: '-G', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-6' },
  { escape: '-F', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-7' },
  { escape: '-H', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-8' },
  { escape: '-M', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-9' },
  { escape: '-b', half: 'g1', bytesPerCharacter: 1, encoding: 'iso-8859-15' },
  { escape: '-T', half: 'g1', bytesPerCharacter: 1, encoding: 'windows-874' },
  { escape: '$B', half: 'g0', bytesPerCharacter: 2, encoding: 'euc-jp' },
  { escape: '$(D', half: 'g0', bytesPerCharacter: 2, encoding: 'euc-jp', prefix: 0x8F },
  { escape: '$)C', half: 'g1', bytesPerCharacter: 2, encoding: 'euc-kr' },
  { escape: '$)A', half: 'g1', bytesPerCharacter: 2, encoding: 'gbk' },
];
const ascii: CodeElement = codeElements[0]!;

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = (): ((encoding: string) => Decoder) => {
  const made = new Map<string, Decoder>();
  return (encoding) => {
    let decoder = made.get(encoding);
    if (!decoder) made.set(encoding, decoder = new TextDecoder(encoding));
    return decoder;
  };
};
const decoderOf = decoders();

/** The repertoires of a data set, inherited by items that do not name their own. */
export function characterSets(set: DataSet): string[] {
  for (let at: DataSet | undefined = set; at; at = at.parent) {
    if (at.elements.has(tags.SpecificCharacterSet)) return (plainText(at, tags.SpecificCharacterSet) ?? '').split('\\').map(trimPadding);
  }
  return [''];
}

/** VRs whose text is in the repertoire of the data set. @see PS3.5 6.1.2.2 */
export const textVrs: ReadonlySet<string> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Text of an element in the repertoire of its data set, padding removed; undefined when absent, empty or not kept. */
export function text(set: DataSet, tag: number): string | undefined {
  const element = set.elements.get(tag);
  const decoded = element && elementText(set, element);
  return decoded === '' ? undefined : decoded;
}

export function elementText(set: DataSet, element: Element): string | undefined {
  if (!element.bytes) return undefined;
  const terms = textVrs.has(element.vr) || element.vr === 'UN' ? characterSets(set) : [''];
  return trimPadding(decodeText(element.bytes, terms));
}

/**
 * Decodes text. A repertoire that is not known is read as UTF-8 when it is that, else as Latin 1, so that a record is still found; nothing is thrown.
 * @param terms values of Specific Character Set (0008,0005).
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[]): string {
  if (bytes.every((byte) => byte < 0x80 && byte !== 0x1B)) return decoderOf('latin1').decode(bytes);
  const first = (terms[0] ?? '').replace(/^ISO[ _]2022[ _]IR[ _]/, 'ISO_IR ').replace(/^ISO IR /, 'ISO_IR ');
  const encoding = single[first];
  if (bytes.includes(0x1B) && encoding !== 'utf-8' && encoding !== 'gb18030') return decodeExtended(bytes, encoding ?? 'latin1');
  if (encoding !== undefined && !(first === '' && looksLikeUtf8(bytes))) return decoderOf(encoding).decode(bytes);
  return looksLikeUtf8(bytes) ? decoderOf('utf-8').decode(bytes) : decoderOf('latin1').decode(bytes);
}

const looksLikeUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** ISO 2022 code extensions: runs between escape sequences, each in the code elements that hold there. */
function decodeExtended(bytes: Uint8Array, initial: string): string {
  const upper: CodeElement = { escape: '', half: 'g1', bytesPerCharacter: 1, encoding: initial };
  let g0 = ascii;
  let g1 = upper;
  let out = '';
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x1B) {
      const found = codeElements.find(({ escape }) => [...escape].every((c, n) => bytes[at + 1 + n] === c.charCodeAt(0)));
      if (found?.half === 'g0') g0 = found;
      if (found?.half === 'g1') g1 = found;
      at += 1 + (found?.escape.length ?? 0);
      continue;
    }
    let end = at;
    const high = bytes[at]! >= 0x80;
    while (end < bytes.length && bytes[end] !== 0x1B && (bytes[end]! >= 0x80) === high && !(end > at && isReset(bytes[end]!) && g0.bytesPerCharacter === 1)) end += 1;
    const run = bytes.subarray(at, end);
    out += decodeRun(run, high ? g1 : g0);
    // Delimiters and line ends go back to the initial repertoire. @see PS3.5 6.1.2.5.3
    if (!high && g0.bytesPerCharacter === 1 && isReset(run[0]!)) { g0 = ascii; g1 = upper; }
    at = end;
  }
  return out;
}

/** CR, LF, FF, TAB, backslash, `^` and `=`. */
const isReset = (byte: number): boolean => byte === 0x0A || byte === 0x0C || byte === 0x0D || byte === 0x09 || byte === 0x5C || byte === 0x5E || byte === 0x3D;

function decodeRun(run: Uint8Array, element: CodeElement): string {
  if (element.bytesPerCharacter === 1 || element.half === 'g1') return decoderOf(element.encoding).decode(run);
  const prefix = element.prefix;
  const size = prefix === undefined ? 2 : 3;
  const euc = new Uint8Array(Math.floor(run.length / 2) * size);
  for (let n = 0, to = 0; n + 1 < run.length; n += 2) {
    if (prefix !== undefined) euc[to++] = prefix;
    euc[to++] = run[n]! | 0x80;
    euc[to++] = run[n + 1]! | 0x80;
  }
  return decoderOf(element.encoding).decode(euc);
}
