import { isElement, textOf, type XmlElement, type XmlNode } from './xml.ts';

/** What narrative may become. A closed set: nothing that is not listed here reaches a page. @see CDA R2 4.3.5 */
export type Narrative =
  | string
  | { readonly kind: 'paragraph' | 'content' | 'sub' | 'sup' | 'caption' | 'item' | 'footnote'; readonly id?: string; readonly styles: readonly StyleCode[]; readonly children: readonly Narrative[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly children: readonly Narrative[] }
  | { readonly kind: 'table' | 'thead' | 'tbody' | 'tfoot' | 'row'; readonly children: readonly Narrative[] }
  | { readonly kind: 'cell'; readonly header: boolean; readonly columns: number; readonly rows: number; readonly id?: string; readonly styles: readonly StyleCode[]; readonly children: readonly Narrative[] }
  | { readonly kind: 'link'; readonly href: string; readonly inside: boolean; readonly children: readonly Narrative[] }
  | { readonly kind: 'image'; readonly mediaType: string; readonly base64: string; readonly caption: string }
  | { readonly kind: 'missing-image'; readonly caption: string };

export const styleCodes = ['Bold', 'Underline', 'Italics', 'Emphasis'] as const;
export type StyleCode = (typeof styleCodes)[number];

/** Pictures that browsers show without running anything; SVG is not one of them. */
export const safeImageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'] as const;
export interface Media { readonly mediaType: string; readonly base64: string }

const maxSpan = 100;
/** Elements whose very text is not for readers. */
const dropped = new Set(['script', 'style', 'iframe', 'object', 'embed', 'svg', 'math', 'form', 'template', 'noscript', 'head']);

/** Turns the children of a section's text into the closed set; what is not known keeps its text and loses its element. */
export function readNarrative(nodes: readonly XmlNode[], media: ReadonlyMap<string, Media>): Narrative[] {
  return nodes.flatMap((node): Narrative[] => {
    if (!isElement(node)) return [node.replace(/\s+/g, ' ')];
    return element(node, media);
  });
}

function element(node: XmlElement, media: ReadonlyMap<string, Media>): Narrative[] {
  const children = (): Narrative[] => readNarrative(node.children, media);
  const blocks = (): Narrative[] => children().filter((c) => typeof c !== 'string' || c.trim() !== '');
  const id = idOf(node);
  const base = { ...(id !== undefined && { id }), styles: stylesOf(node) };
  switch (node.name) {
    case 'paragraph': case 'p': return [{ kind: 'paragraph', ...base, children: children() }];
    case 'content': case 'span': return [{ kind: 'content', ...base, children: children() }];
    case 'b': case 'strong': return [{ kind: 'content', ...base, styles: ['Bold'], children: children() }];
    case 'sub': case 'sup': case 'caption': case 'item': case 'footnote': return [{ kind: node.name, ...base, children: children() }];
    case 'footnoteRef': return [];
    case 'br': return [{ kind: 'break' }];
    case 'list': return [{ kind: 'list', ordered: node.attributes['listType'] === 'ordered', children: blocks() }];
    case 'table': case 'thead': case 'tbody': case 'tfoot': return [{ kind: node.name, children: blocks() }];
    case 'tr': return [{ kind: 'row', children: blocks() }];
    case 'td': case 'th': return [{ kind: 'cell', header: node.name === 'th', columns: span(node, 'colspan'), rows: span(node, 'rowspan'), ...base, children: children() }];
    case 'linkHtml': case 'a': return link(node, children());
    case 'renderMultiMedia': return pictures(node, media);
    case 'colgroup': case 'col': return [];
    default: return dropped.has(node.name.toLowerCase()) ? [] : children();
  }
}

const idOf = (node: XmlElement): string | undefined => {
  const id = node.attributes['ID'] ?? node.attributes['id'];
  return id && /^[\w.:-]{1,200}$/.test(id) ? id : undefined;
};

const stylesOf = (node: XmlElement): StyleCode[] => {
  const wanted = (node.attributes['styleCode'] ?? '').toLowerCase().split(/\s+/);
  return styleCodes.filter((code) => wanted.includes(code.toLowerCase()));
};

const span = (node: XmlElement, name: string): number => {
  const value = Number(node.attributes[name] ?? 1);
  return Number.isInteger(value) && value >= 1 && value <= maxSpan ? value : 1;
};

/** Only fragments of the same document and plain web addresses; `javascript:`, `data:`, `file:` and the like keep their text and lose their link. */
function link(node: XmlElement, children: Narrative[]): Narrative[] {
  const href = (node.attributes['href'] ?? '').trim();
  if (/^#[\w.:-]{1,200}$/.test(href)) return [{ kind: 'link', href: href.slice(1), inside: true, children }];
  let url: URL;
  try {
    url = new URL(href);
  } catch (cause) {
    if (cause instanceof TypeError) return children;
    throw cause;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return children;
  return [{ kind: 'link', href: url.href, inside: false, children: children.length > 0 ? children : [url.href] }];
}

/** Inline pictures only: what a document refers to elsewhere is not fetched. */
function pictures(node: XmlElement, media: ReadonlyMap<string, Media>): Narrative[] {
  const caption = textOf(node);
  return (node.attributes['referencedObject'] ?? '').split(/\s+/).filter(Boolean).slice(0, 50).map((id) => {
    const found = media.get(id);
    return found ? { kind: 'image', mediaType: found.mediaType, base64: found.base64, caption } : { kind: 'missing-image', caption };
  });
}
