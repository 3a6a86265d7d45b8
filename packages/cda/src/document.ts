import { CdaError } from './errors.ts';
import { readNarrative, safeImageTypes, type Media, type Narrative } from './narrative.ts';
import { child, childrenNamed, isElement, parseXml, textOf, type XmlElement } from './xml.ts';

export interface CdaPerson { readonly name: string; readonly organization?: string; readonly time?: string }
export interface CdaSection { readonly id: string; readonly title: string; readonly code?: string; readonly narrative: readonly Narrative[]; readonly sections: readonly CdaSection[] }
/** A C-CDA document as it may be shown: header and narrative, nothing active in it. Times are HL7 TS texts as ISO 8601. */
export interface CdaDocument {
  readonly title: string;
  readonly code?: string;
  readonly language?: string;
  readonly effectiveTime?: string;
  readonly confidentiality?: string;
  readonly patient: { readonly name: string; readonly birthTime?: string; readonly gender?: string; readonly ids: readonly string[] };
  readonly authors: readonly CdaPerson[];
  readonly custodian?: string;
  readonly legalAuthenticator?: CdaPerson;
  readonly encounter?: { readonly from?: string; readonly to?: string };
  readonly sections: readonly CdaSection[];
  /** The body when it is not XML, e.g. a PDF: base64 as written. */
  readonly nonXmlBody?: { readonly mediaType: string; readonly base64: string };
}

const maxSections = 2_000;

/**
 * Reads a CDA R2 document for showing. Hostile text is expected: there is no DOCTYPE, nothing is fetched, and of the narrative only a closed set of elements is kept.
 * @throws CdaError @see HL7 CDA R2, C-CDA 2.1
 */
export function readCda(xml: string): CdaDocument {
  const root = parseXml(xml);
  if (root.name !== 'ClinicalDocument') throw new CdaError('not-cda', 'The root is not a ClinicalDocument');
  const counter = { sections: 0 };
  const body = child(root, 'component', 'structuredBody');
  const role = child(root, 'recordTarget', 'patientRole');
  const encompassing = child(root, 'componentOf', 'encompassingEncounter', 'effectiveTime');
  const plain = child(root, 'component', 'nonXMLBody', 'text');
  const legal = person(child(root, 'legalAuthenticator'));
  const code = child(root, 'code')?.attributes['displayName'];
  return {
    title: textOf(child(root, 'title')) || code || '',
    ...optional('code', code),
    ...optional('language', child(root, 'languageCode')?.attributes['code']),
    ...optional('effectiveTime', time(child(root, 'effectiveTime'))),
    ...optional('confidentiality', child(root, 'confidentialityCode')?.attributes['code']),
    patient: {
      name: nameText(preferredName(child(role, 'patient'))),
      ...optional('birthTime', time(child(role, 'patient', 'birthTime'))),
      ...optional('gender', child(role, 'patient', 'administrativeGenderCode')?.attributes['code']),
      ids: childrenNamed(role, 'id').map((id) => id.attributes['extension'] ?? '').filter(Boolean).slice(0, 10),
    },
    authors: childrenNamed(root, 'author').map(person).filter((p): p is CdaPerson => p !== undefined).slice(0, 20),
    ...optional('custodian', textOf(child(root, 'custodian', 'assignedCustodian', 'representedCustodianOrganization', 'name'))),
    ...(legal && { legalAuthenticator: legal }),
    ...(encompassing && { encounter: { ...optional('from', time(child(encompassing, 'low')) ?? time(encompassing)), ...optional('to', time(child(encompassing, 'high'))) } }),
    sections: childrenNamed(body, 'component').flatMap((c) => childrenNamed(c, 'section')).map((s) => section(s, counter)),
    ...(plain && { nonXmlBody: { mediaType: plain.attributes['mediaType'] ?? 'text/plain', base64: textOf(plain).replaceAll(' ', '') } }),
  };
}

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value ? { [key]: value } as Record<K, string> : {});

function section(node: XmlElement, counter: { sections: number }): CdaSection {
  counter.sections += 1;
  if (counter.sections > maxSections) throw new CdaError('too-large', 'The document has too many sections');
  const media = new Map<string, Media>();
  collectMedia(node, media);
  const code = child(node, 'code');
  return {
    id: `section-${counter.sections}`,
    title: textOf(child(node, 'title')) || code?.attributes['displayName'] || '',
    ...optional('code', code?.attributes['code']),
    narrative: readNarrative(child(node, 'text')?.children ?? [], media),
    sections: childrenNamed(node, 'component').flatMap((c) => childrenNamed(c, 'section')).map((s) => section(s, counter)),
  };
}

/** Pictures carried in the entries of a section, by ID. */
function collectMedia(node: XmlElement, into: Map<string, Media>): void {
  for (const part of node.children) {
    if (!isElement(part) || part.name === 'text' || part.name === 'section') continue;
    const id = part.attributes['ID'];
    if ((part.name === 'observationMedia' || part.name === 'regionOfInterest') && id) {
      const value = child(part, 'value') ?? child(part, 'entryRelationship', 'observationMedia', 'value');
      const mediaType = (value?.attributes['mediaType'] ?? '').toLowerCase();
      const base64 = value?.attributes['representation'] === 'B64' ? textOf(value).replaceAll(' ', '') : '';
      if ((safeImageTypes as readonly string[]).includes(mediaType) && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)) into.set(id, { mediaType, base64 });
    }
    collectMedia(part, into);
  }
}

function person(node: XmlElement | undefined): CdaPerson | undefined {
  if (!node) return undefined;
  const role = child(node, 'assignedAuthor') ?? child(node, 'assignedEntity');
  const someone = child(role, 'assignedPerson');
  const device = child(role, 'assignedAuthoringDevice');
  const organization = textOf(child(role, 'representedOrganization', 'name'));
  const name = someone ? nameText(preferredName(someone)) : textOf(child(device, 'softwareName')) || textOf(child(device, 'manufacturerModelName'));
  if (!name && !organization) return undefined;
  return { name, ...optional('organization', organization), ...optional('time', time(child(node, 'time'))) };
}

const preferredName = (node: XmlElement | undefined): XmlElement | undefined => {
  const names = childrenNamed(node, 'name');
  return names.find((n) => n.attributes['use'] === 'L') ?? names[0];
};

/** Prefix, given, family, suffix in the order the document writes them. */
const nameText = (name: XmlElement | undefined): string => {
  if (!name) return '';
  const parts = name.children.filter(isElement).filter((p) => !p.attributes['qualifier']?.includes('CL')).map(textOf).filter(Boolean);
  return parts.length > 0 ? parts.join(' ') : textOf(name);
};

/** `20150622103000-0500` as `2015-06-22T10:30:00-05:00`, to the precision written; undefined when it is not a time. */
function time(node: XmlElement | undefined): string | undefined {
  const value = node?.attributes['value'] ?? child(node, 'low')?.attributes['value'];
  const parts = /^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d+)?)?([+-]\d{4})?$/.exec(value ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, zone] = parts;
  const date = [year, month, day].filter(Boolean).join('-');
  if (!hour || !day) return date;
  return `${date}T${hour}:${minute ?? '00'}:${second ?? '00'}${zone ? `${zone.slice(0, 3)}:${zone.slice(3)}` : ''}`;
}
