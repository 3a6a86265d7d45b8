import type { Coding, Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { languages, type Language } from '../../kernel/index.ts';

/** A text in every language. */
export type Words = Readonly<Record<Language, string>>;

const translations = (w: Words): { extension: Extension[] } => ({
  extension: languages.filter((l) => l !== 'en').map((lang) => ({
    url: 'http://hl7.org/fhir/StructureDefinition/translation',
    extension: [{ url: 'lang', valueCode: lang }, { url: 'content', valueString: w[lang] }],
  })),
});

type Translated<T> = T & { _text?: { extension: Extension[] }; _title?: { extension: Extension[] }; _display?: { extension: Extension[] } };

/** A question with its label in every language (standard translation extension). */
export function question(linkId: string, type: QuestionnaireItem['type'], label: Words, more: Partial<QuestionnaireItem> = {}): QuestionnaireItem {
  const item: Translated<QuestionnaireItem> = { linkId, type, text: label.en, _text: translations(label), ...more };
  return item;
}
/** An answer option with its name in every language. */
export function option(system: string, code: string, label: Words): { valueCoding: Coding } {
  const valueCoding: Translated<Coding> = { system, code, display: label.en, _display: translations(label) };
  return { valueCoding };
}
export function questionnaire(code: string, version: string, title: Words, item: QuestionnaireItem[]): Questionnaire & { id: string; url: string } {
  const resource: Translated<Questionnaire & { id: string; url: string }> = {
    resourceType: 'Questionnaire', id: `${code}-${version}`, url: `urn:bedside:questionnaire:${code}`, version, status: 'active',
    subjectType: ['Patient'], title: title.en, _title: translations(title), item,
  };
  return resource;
}
