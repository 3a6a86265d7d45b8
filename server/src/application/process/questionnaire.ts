import type { Questionnaire, QuestionnaireItem, QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer } from '@medplum/fhirtypes';
import { unprocessable } from '../../kernel/index.ts';

type Answered = QuestionnaireResponse | QuestionnaireResponseItem;

/** All answers given under a linkId, at any depth. */
export function answers(response: Answered, linkId: string): QuestionnaireResponseItemAnswer[] {
  return (response.item ?? []).flatMap((i) => [...(i.linkId === linkId ? i.answer ?? [] : []), ...answers(i, linkId)]);
}

/** The first answer as plain text (code of a coding, text of a string, an instant as it stands). */
export function answerText(response: Answered, linkId: string): string | undefined {
  const a = answers(response, linkId)[0];
  const value = a?.valueString ?? a?.valueCoding?.code ?? a?.valueDateTime ?? a?.valueDate ?? a?.valueInteger ?? a?.valueDecimal ?? a?.valueBoolean;
  return value === undefined ? undefined : String(value);
}

const leaves = (items: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] =>
  (items ?? []).flatMap((i) => (i.type === 'group' ? leaves(i.item) : [i, ...leaves(i.item)]));

const answerKeys: Readonly<Record<string, keyof QuestionnaireResponseItemAnswer>> = {
  string: 'valueString', text: 'valueString', choice: 'valueCoding', boolean: 'valueBoolean', integer: 'valueInteger', decimal: 'valueDecimal',
  date: 'valueDate', dateTime: 'valueDateTime', reference: 'valueReference', quantity: 'valueQuantity',
};

/** linkIds of required questions that have no answer. */
export function missingAnswers(questionnaire: Questionnaire, response: QuestionnaireResponse): string[] {
  return leaves(questionnaire.item).filter((i) => i.required && !answers(response, i.linkId!).some((a) => {
    const value = a[answerKeys[i.type!] ?? 'valueString'];
    return value !== undefined && (typeof value !== 'string' || value.trim() !== '');
  })).map((i) => i.linkId!);
}

/**
 * Checks answers against their questions: known linkIds, right types, allowed options, lengths. A draft may be incomplete, never malformed.
 * @throws unprocessable naming the linkId.
 */
export function checkAnswers(questionnaire: Questionnaire, response: QuestionnaireResponse): void {
  const questions = new Map(leaves(questionnaire.item).map((i) => [i.linkId!, i]));
  const groups = new Set<string>();
  const collectGroups = (items: readonly QuestionnaireItem[] | undefined): void => {
    for (const i of items ?? []) if (i.type === 'group') { groups.add(i.linkId!); collectGroups(i.item); }
  };
  collectGroups(questionnaire.item);
  const bad = (linkId: string, what: string): never => {
    throw unprocessable('wrong-answer', `Question ${linkId.slice(0, 64)}: ${what}.`, { details: { at: `QuestionnaireResponse.item.where(linkId='${linkId.slice(0, 64)}')` } });
  };
  const walk = (items: readonly QuestionnaireResponseItem[] | undefined, depth: number): void => {
    if ((items?.length ?? 0) > 200 || depth > 8) bad('-', 'there are too many answers');
    for (const item of items ?? []) {
      const linkId = String(item.linkId);
      if (groups.has(linkId)) { walk(item.item, depth + 1); continue; }
      const question = questions.get(linkId) ?? bad(linkId, 'is not in the form');
      if ((item.answer?.length ?? 0) > (question.repeats ? 50 : 1)) bad(linkId, 'has too many answers');
      for (const answer of item.answer ?? []) {
        const key = answerKeys[question.type!] ?? 'valueString';
        const value = answer[key];
        if (value === undefined) bad(linkId, `needs ${String(key)}`);
        if (typeof value === 'string' && value.length > (question.maxLength ?? 10_000)) bad(linkId, 'is too long');
        const bound = (name: string): number | undefined => question.extension?.find((e) => e.url === `http://hl7.org/fhir/StructureDefinition/${name}`)?.valueInteger;
        if (typeof value === 'number' && (value < (bound('minValue') ?? -Infinity) || value > (bound('maxValue') ?? Infinity))) bad(linkId, 'is out of range');
        if (question.type === 'choice' && !question.answerOption?.some((o) => o.valueCoding?.code === answer.valueCoding?.code && o.valueCoding?.system === answer.valueCoding?.system)) bad(linkId, 'is not one of the options');
      }
      walk(item.item, depth + 1);
    }
  };
  walk(response.item, 0);
}
