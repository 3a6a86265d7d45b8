import type { Composition, CompositionSection } from '@medplum/fhirtypes';
import { systems } from '../vocabulary.ts';

/** Text of the report's sections by code. */
export type Sections = Readonly<Record<string, string>>;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Plain text of a narrative: line breaks stay, every other mark is dropped. Never put into the page as HTML. */
export function narrativeText(div: string | undefined): string {
  return (div ?? '').replaceAll(/<br\s*\/?>|<\/p>/giu, '\n').replaceAll(/<[^>]*>/gu, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&').trim();
}
const codeOf = (section: CompositionSection): string | undefined => section.code?.coding?.find((coding) => coding.system === systems.section)?.code ?? section.code?.coding?.[0]?.code;

export const readSections = (composition: Composition | undefined): Sections => Object.fromEntries((composition?.section ?? []).flatMap((section) => {
  const code = codeOf(section);
  return code ? [[code, narrativeText(section.text?.div)] as const] : [];
}));

/** A Composition as `write-report` takes it; the server completes authors, date and status. */
export function writeSections(sections: Sections, order: readonly string[], title: string): Composition {
  return {
    resourceType: 'Composition', status: 'preliminary', date: new Date().toISOString(), author: [{ display: 'author' }], title,
    type: { coding: [{ system: 'http://loinc.org', code: '11488-4', display: 'Consultation note' }] },
    section: order.filter((code) => (sections[code] ?? '').trim() !== '').map((code): CompositionSection => ({
      code: { coding: [{ system: systems.section, code }] },
      text: { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${escape((sections[code] ?? '').trim()).replaceAll('\n', '<br/>')}</div>` },
    })),
  };
}
export const isComplete = (sections: Sections, order: readonly string[]): boolean => order.every((code) => (sections[code] ?? '').trim() !== '');
