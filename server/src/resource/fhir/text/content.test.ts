import fc from 'fast-check';
import { expect, test } from 'vitest';
import { membersOf, minify } from './json-text.ts';
import { spliceContent, wholeText } from './content.ts';

test('splicing changes id, version and instant and nothing else', () => {
  const source = '{ "resourceType": "Observation", "meta": {"tag":[{"code":"a, \\"b\\" : c"}], "versionId":"7"}, "status":"final", "valueQuantity": {"value": 1.50e2}, "note":[{"text":"x \\\\"}] }';
  const text = wholeText(spliceContent(source, 'Observation', 'id1'), 3, new Date(0));
  expect(text).toBe('{"resourceType":"Observation","id":"id1","meta":{"versionId":"3","lastUpdated":"1970-01-01T00:00:00.000Z","tag":[{"code":"a, \\"b\\" : c"}]},"status":"final","valueQuantity":{"value":1.50e2},"note":[{"text":"x \\\\"}]}');
});

test('minifying any JSON, however it is laid out, keeps its value, and members are found where they are', () => {
  fc.assert(fc.property(fc.dictionary(fc.string().filter((k) => k !== '__proto__'), fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
    const text = JSON.stringify(value, null, indent);
    const parsed: unknown = JSON.parse(text);
    expect(JSON.parse(minify(text))).toEqual(parsed);
    expect(Object.fromEntries(membersOf(text).map((m) => [m.key, JSON.parse(text.slice(m.valueStart, m.end)) as unknown]))).toEqual(parsed);
  }));
});

test('a member that stands twice is refused: two readers could see two resources', () => {
  expect(() => membersOf('{"a":1,"b":2,"a":3}')).toThrow(expect.objectContaining({ code: 'json-duplicate' }));
});
