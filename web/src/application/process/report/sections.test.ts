import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isComplete, narrativeText, readSections, writeSections } from './sections.ts';

it('gives back every text that was written, whatever characters are in it', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const wanted = text.replaceAll(/\r\n?/gu, '\n').trim();
    const read = readSections(writeSections({ findings: wanted }, ['findings'], 'Report'));
    expect(read['findings'] ?? '').toBe(wanted);
  }));
});
it('drops markup instead of showing it', () => {
  expect(narrativeText('<div><p>One</p><script>alert(1)</script>Two<br/>Three</div>')).toBe('One\nalert(1)Two\nThree');
});
it('is complete when every section has words', () => {
  expect(isComplete({ findings: 'a', opinion: ' ' }, ['findings', 'opinion'])).toBe(false);
  expect(isComplete({ findings: 'a', opinion: 'b' }, ['findings', 'opinion'])).toBe(true);
});
