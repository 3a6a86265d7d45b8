import type { Model } from '../model/model.ts';
import type { Found } from '../store/read.ts';
import { membersOf } from '../text/json-text.ts';
import type { SearchQuery } from './query.ts';

const always = ['resourceType', 'id', 'meta'];

/** Which top-level members `_summary` and `_elements` leave, or undefined for all. */
export function keptMembers(model: Model, query: Pick<SearchQuery, 'summary' | 'elements'>, type: string): ((name: string) => boolean) | undefined {
  const elements = model.type(type)!.properties;
  const elementOf = (name: string): { name: string; min: number; summary: boolean } | undefined => elements.get(name.replace(/^_/, ''))?.element;
  if (query.elements) {
    const wanted = new Set([...always, ...query.elements]);
    return (name) => { const e = elementOf(name); return wanted.has(name) || (e !== undefined && (wanted.has(e.name) || e.min > 0)); };
  }
  switch (query.summary) {
    case 'true': return (name) => always.includes(name) || elementOf(name)?.summary === true || (elementOf(name)?.min ?? 0) > 0;
    case 'text': return (name) => always.includes(name) || name === 'text' || (elementOf(name)?.min ?? 0) > 0;
    case 'data': return (name) => name !== 'text';
    default: return undefined;
  }
}

/** Cuts a stored text down and marks it SUBSETTED; what stays is verbatim. */
export function subset(text: string, keep: (name: string) => boolean): string {
  const members = membersOf(text).filter((m) => keep(m.key));
  return `{${members.map((m) => (m.key === 'meta' ? `"meta":${tagged(text, m.valueStart)}` : text.slice(m.start, m.end))).join(',')}}`;
}

function tagged(text: string, at: number): string {
  const mark = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}';
  const members = membersOf(text, at);
  const parts = members.map((m) => (m.key === 'tag' ? `"tag":[${text.slice(m.valueStart + 1, m.end - 1)},${mark}]` : text.slice(m.start, m.end)));
  if (!members.some((m) => m.key === 'tag')) parts.push(`"tag":[${mark}]`);
  return `{${parts.join(',')}}`;
}

const entry = (baseUrl: string, f: Found, mode: string, text: string): string =>
  `{"fullUrl":${JSON.stringify(`${baseUrl}/${f.type}/${f.id}`)},"resource":${text},"search":{"mode":"${mode}"}}`;

/** The searchset Bundle as text, the stored texts inside it verbatim. */
export function searchset(model: Model, baseUrl: string, query: SearchQuery, page: { rows: readonly Found[]; next?: string; total?: number }, added: readonly Found[]): string {
  const link = (relation: string, search: string): string => `{"relation":"${relation}","url":${JSON.stringify(`${baseUrl}/${query.type}${search === '' ? '' : `?${search}`}`)}}`;
  const current = query.cursor === undefined ? query.self : `${query.self}${query.self ? '&' : ''}_cursor=${query.cursor}`;
  const links = [link('self', current), ...(page.next === undefined ? [] : [link('next', `${query.self}${query.self ? '&' : ''}_cursor=${page.next}`)])];
  const keep = keptMembers(model, query, query.type);
  const entries = [
    ...page.rows.map((f) => entry(baseUrl, f, 'match', keep ? subset(f.text, keep) : f.text)),
    ...added.map((f) => entry(baseUrl, f, 'include', f.text)),
    ...(query.ignored.length === 0 ? [] : [`{"resource":${JSON.stringify({ resourceType: 'OperationOutcome', issue: query.ignored.map((name) => ({ severity: 'warning', code: 'not-supported', details: { text: 'The parameter was left out.' }, expression: [name.slice(0, 100)] })) })},"search":{"mode":"outcome"}}`]),
  ];
  return `{"resourceType":"Bundle","type":"searchset"${page.total === undefined ? '' : `,"total":${page.total}`},"link":[${links.join(',')}]${entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`}}`;
}
