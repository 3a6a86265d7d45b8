import { membersOf, minify } from './json-text.ts';

/** The stored text but for version and instant, which the database knows last. */
export interface Content { readonly before: string; readonly after: string }
/** What stands between the version and the instant. */
export const betweenVersionAndInstant = '","lastUpdated":"';
export const wholeText = (content: Content, version: number, lastUpdated: Date): string =>
  `${content.before}${version}${betweenVersionAndInstant}${lastUpdated.toISOString()}${content.after}`;

/**
 * Puts id, versionId and lastUpdated into the text of a resource without touching anything else, so that decimals keep their
 * digits (JSON.parse would make 1.10 of 1.1).
 * @param source valid JSON of a resource.
 */
export function spliceContent(source: string, type: string, id: string): Content {
  const text = minify(source);
  let meta = '';
  const rest: string[] = [];
  for (const m of membersOf(text)) {
    if (m.key === 'resourceType' || m.key === 'id') continue;
    if (m.key === 'meta') {
      const kept = membersOf(text, m.valueStart).filter((x) => x.key !== 'versionId' && x.key !== 'lastUpdated').map((x) => text.slice(x.start, x.end));
      meta = kept.map((x) => `,${x}`).join('');
    } else rest.push(text.slice(m.start, m.end));
  }
  const tail = rest.length > 0 ? `,${rest.join(',')}` : '';
  return {
    before: `{"resourceType":"${type}","id":"${id}","meta":{"versionId":"`,
    after: `"${meta}}${tail}}`,
  };
}

/** Text of a resource without the members that are not in `keep`; nested text is verbatim. */
export function pickMembers(text: string, keep: (key: string) => boolean): string {
  return `{${membersOf(text).filter((m) => keep(m.key)).map((m) => text.slice(m.start, m.end)).join(',')}}`;
}
