import type { Coding, Questionnaire, QuestionnaireItem, QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';

/** Answers of a flat or grouped form by linkId, in the shape that inputs need: text for strings and instants, a code for a choice. */
export type Answers = Readonly<Record<string, string | number | boolean | undefined>>;

export const leaves = (items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] => (items ?? []).flatMap((item) => (item.type === 'group' ? leaves(item.item) : [item, ...leaves(item.item)]));
const answered = (items: readonly QuestionnaireResponseItem[] | undefined): QuestionnaireResponseItem[] => (items ?? []).flatMap((item) => [item, ...answered(item.item)]);

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';
interface Extended { readonly extension?: readonly { readonly url?: string; readonly extension?: readonly { readonly url?: string; readonly valueCode?: string; readonly valueString?: string }[] }[] }

/** A text of a resource in the wanted language, from the standard translation extension beside it. */
export function translated(resource: object, element: string, language: string): string {
  const values = resource as Readonly<Record<string, unknown>>;
  const beside = values[`_${element}`] as Extended | undefined;
  const match = beside?.extension?.filter((one) => one.url === TRANSLATION).find((one) => one.extension?.some((part) => part.url === 'lang' && part.valueCode?.split('-')[0] === language));
  const text = match?.extension?.find((part) => part.url === 'content')?.valueString;
  return text ?? (typeof values[element] === 'string' ? values[element] : '');
}
export const optionsOf = (item: QuestionnaireItem, language: string): { value: string; label: string }[] =>
  (item.answerOption ?? []).flatMap(({ valueCoding }) => (valueCoding?.code ? [{ value: valueCoding.code, label: translated(valueCoding, 'display', language) || valueCoding.code }] : []));

export function readAnswers(response: QuestionnaireResponse | undefined): Answers {
  return Object.fromEntries(answered(response?.item).flatMap((item) => {
    const answer = item.answer?.[0];
    const value = answer?.valueString ?? answer?.valueCoding?.code ?? answer?.valueDateTime ?? answer?.valueDate ?? answer?.valueInteger ?? answer?.valueDecimal ?? answer?.valueBoolean;
    return value === undefined || !item.linkId ? [] : [[item.linkId, value]];
  }));
}

function answerFor(item: QuestionnaireItem, value: string | number | boolean): QuestionnaireResponseItemAnswer | undefined {
  switch (item.type) {
    case 'choice': {
      const coding: Coding | undefined = item.answerOption?.find((one) => one.valueCoding?.code === value)?.valueCoding;
      return coding && { valueCoding: { ...(coding.system ? { system: coding.system } : {}), ...(coding.code ? { code: coding.code } : {}), ...(coding.display ? { display: coding.display } : {}) } };
    }
    case 'boolean': return { valueBoolean: value === true };
    case 'integer': return { valueInteger: Number(value) };
    case 'decimal': return { valueDecimal: Number(value) };
    case 'date': return { valueDate: String(value) };
    case 'dateTime': return { valueDateTime: String(value) };
    default: return { valueString: String(value) };
  }
}

/** Puts answers into a response of the questionnaire; empty ones are left out, the order is the form's. */
export function writeAnswers(questionnaire: Questionnaire, answers: Answers, before?: QuestionnaireResponse): QuestionnaireResponse {
  const items = (list: readonly QuestionnaireItem[] | undefined): QuestionnaireResponseItem[] => (list ?? []).flatMap((item): QuestionnaireResponseItem[] => {
    if (!item.linkId) return [];
    if (item.type === 'group') {
      const inner = items(item.item);
      return inner.length > 0 ? [{ linkId: item.linkId, item: inner }] : [];
    }
    const value = answers[item.linkId];
    const answer = value === undefined || value === '' ? undefined : answerFor(item, value);
    return answer ? [{ linkId: item.linkId, answer: [answer] }] : [];
  });
  return {
    ...before, resourceType: 'QuestionnaireResponse', status: before?.status ?? 'in-progress',
    questionnaire: before?.questionnaire ?? `${questionnaire.url ?? ''}${questionnaire.version ? `|${questionnaire.version}` : ''}`, item: items(questionnaire.item),
  };
}

export type Fault = 'missing' | 'too-long' | 'order';
/** Faults by linkId that a person can mend at once; the server checks everything again. */
export function faultsOf(questionnaire: Questionnaire, answers: Answers): Readonly<Record<string, Fault>> {
  const faults: Record<string, Fault> = {};
  for (const item of leaves(questionnaire.item)) {
    const value = answers[item.linkId ?? ''];
    const empty = value === undefined || (typeof value === 'string' && value.trim() === '');
    if (item.required && empty && item.linkId) faults[item.linkId] = 'missing';
    if (typeof value === 'string' && item.maxLength && value.length > item.maxLength && item.linkId) faults[item.linkId] = 'too-long';
  }
  const [start, end] = [answers['wished-start'], answers['wished-end']];
  if (typeof start === 'string' && typeof end === 'string' && Date.parse(end) < Date.parse(start)) faults['wished-end'] = 'order';
  return faults;
}

export interface Change { readonly linkId: string; readonly before: string | number | boolean | undefined; readonly after: string | number | boolean | undefined }
/** What differs between two versions of a form, in its order. */
export function changesBetween(questionnaire: Questionnaire, before: Answers, after: Answers): Change[] {
  return leaves(questionnaire.item).flatMap((item) => {
    const linkId = item.linkId ?? '';
    return before[linkId] === after[linkId] ? [] : [{ linkId, before: before[linkId], after: after[linkId] }];
  });
}
