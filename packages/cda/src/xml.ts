import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { CdaError } from './errors.ts';

/** An element, without namespace prefixes; or a text. */
export type XmlNode = XmlElement | string;
export interface XmlElement { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: readonly XmlNode[] }

const maxCharacters = 20_000_000;
const maxDepth = 120;
const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of an XML file by its byte order mark or declaration; UTF-8 without either. */
export function decodeXml(bytes: Uint8Array): string {
  const declared = /^[^<]{0,4}<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 300)))?.[1];
  const encoding = bytes[0] === 0xFF && bytes[1] === 0xFE ? 'utf-16le' : bytes[0] === 0xFE && bytes[1] === 0xFF ? 'utf-16be' : declared ?? 'utf-8';
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (cause) {
    if (cause instanceof RangeError) return new TextDecoder().decode(bytes);
    throw cause;
  }
}

/**
 * Parses XML that must have no DOCTYPE: so there are no entities to expand and nothing external to fetch.
 * @throws CdaError
 */
export function parseXml(text: string): XmlElement {
  if (text.length > maxCharacters) throw new CdaError('too-large', `The document is longer than ${maxCharacters} characters`);
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new CdaError('doctype', 'A document type declaration is not allowed');
  checkDepth(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new CdaError('not-xml', 'The document is not well-formed XML', valid.err.line);
  const parser = new XMLParser({
    preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', removeNSPrefix: true, parseTagValue: false, parseAttributeValue: false, trimValues: false,
    processEntities: false, htmlEntities: false, ignoreDeclaration: true, ignorePiTags: true, maxNestedTags: maxDepth + 5, commentPropName: false, cdataPropName: '#cdata',
  });
  let parsed: unknown;
  try {
    parsed = parser.parse(text);
  } catch (cause) {
    if (cause instanceof Error) throw new CdaError('not-xml', 'The document cannot be parsed');
    throw cause;
  }
  const root = (parsed as RawNode[]).map(convert).find((node): node is XmlElement => typeof node !== 'string');
  if (!root) throw new CdaError('not-xml', 'The document has no element');
  return root;
}

/** A look before any parser recurses, linear in the text. Tags inside comments and CDATA count too: a document that deep in them is refused as well. */
function checkDepth(text: string): void {
  let depth = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const next = text[at + 1];
    const end = next === '!' || next === '?' ? at + 1 : tagEnd(text, at + 1);
    if (end < 0) return;
    if (next === '/') depth -= 1;
    else if (next !== '!' && next !== '?' && text[end - 1] !== '/') depth += 1;
    if (depth > maxDepth) throw new CdaError('too-deep', `Elements are nested more than ${maxDepth} deep`);
    at = end;
  }
}

/** The `>` that closes a tag, quoted ones left out; -1 without one. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const c = text[at]!;
    if (quote) { if (c === quote) quote = ''; } else if (c === '"' || c === "'") quote = c;
    else if (c === '>') return at;
  }
  return -1;
}

type RawNode = Record<string, unknown>;

function convert(raw: RawNode): XmlNode {
  if ('#text' in raw) return decodeEntities(String(raw['#text']));
  const name = Object.keys(raw).find((key) => key !== ':@') ?? '';
  if (name === '#cdata') return (raw[name] as RawNode[]).map((part) => String(part['#text'] ?? '')).join('');
  const attributes = Object.fromEntries(Object.entries((raw[':@'] ?? {}) as Record<string, unknown>).map(([key, value]) => [key, decodeEntities(String(value))]));
  return { name, attributes, children: ((raw[name] as RawNode[] | undefined) ?? []).map(convert) };
}

/** The five entities of XML and character references; anything else stays as it is written. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name) return namedEntities[name] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10FFFF ? String.fromCodePoint(code) : whole;
  });
}

export const isElement = (node: XmlNode): node is XmlElement => typeof node !== 'string';
export const childrenNamed = (node: XmlElement | undefined, name: string): XmlElement[] => (node?.children ?? []).filter((c): c is XmlElement => isElement(c) && c.name === name);
export const child = (node: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined => path.reduce<XmlElement | undefined>((at, name) => childrenNamed(at, name)[0], node);
export const textOf = (node: XmlElement | undefined): string => (node?.children ?? []).map((c) => (isElement(c) ? textOf(c) : c)).join('').replace(/\s+/g, ' ').trim();
