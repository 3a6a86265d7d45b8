import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { changesBetween, faultsOf, optionsOf, readAnswers, translated, writeAnswers } from './answers.ts';

const word = (lang: string, content: string) => ({ extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/translation', extension: [{ url: 'lang', valueCode: lang }, { url: 'content', valueString: content }] }] });
const form: Questionnaire = {
  resourceType: 'Questionnaire', status: 'active', url: 'urn:form', version: '1', title: 'Form', item: [
    { linkId: 'reason', type: 'string', text: 'Reason', required: true, maxLength: 10, _text: word('fr', 'Motif') } as never,
    { linkId: 'urgency', type: 'choice', text: 'Urgency', required: true, answerOption: [{ valueCoding: { system: 's', code: 'urgent', display: 'Urgent', _display: word('es', 'Urgente') } as never }, { valueCoding: { system: 's', code: 'routine', display: 'Routine' } }] },
    { linkId: 'when', type: 'group', item: [{ linkId: 'wished-start', type: 'dateTime' }, { linkId: 'wished-end', type: 'dateTime' }] },
    { linkId: 'score', type: 'integer' },
  ],
};

describe('answers of a form', () => {
  it('come back as they were written', () => {
    const answers = { 'reason': 'Dyspnoea', 'urgency': 'urgent', 'wished-start': '2026-03-01T09:00:00Z', 'score': 4 };
    const response = writeAnswers(form, answers);
    expect(readAnswers(response)).toEqual(answers);
    expect(response.questionnaire).toBe('urn:form|1');
    expect(response.item?.[1]?.answer?.[0]?.valueCoding).toEqual({ system: 's', code: 'urgent', display: 'Urgent' });
    expect(response.item?.[2]?.item?.[0]?.linkId).toBe('wished-start');
  });
  it('leave out what is empty', () => {
    expect(writeAnswers(form, { reason: '', urgency: undefined }).item).toEqual([]);
  });
  it('name what is missing, too long or in the wrong order', () => {
    expect(faultsOf(form, { 'reason': ' ' })).toEqual({ reason: 'missing', urgency: 'missing' });
    expect(faultsOf(form, { 'reason': '12345678901', 'urgency': 'urgent', 'wished-start': '2026-03-02T09:00:00Z', 'wished-end': '2026-03-01T09:00:00Z' })).toEqual({ 'reason': 'too-long', 'wished-end': 'order' });
    expect(faultsOf(form, { reason: 'ok', urgency: 'urgent' })).toEqual({});
  });
  it('show what changed between two versions', () => {
    expect(changesBetween(form, { reason: 'a', urgency: 'urgent' }, { reason: 'b', urgency: 'urgent', score: 2 })).toEqual([{ linkId: 'reason', before: 'a', after: 'b' }, { linkId: 'score', before: undefined, after: 2 }]);
  });
});

describe('words of a form', () => {
  it('are in the language of the person, English otherwise', () => {
    expect(translated(form.item?.[0] ?? {}, 'text', 'fr')).toBe('Motif');
    expect(translated(form.item?.[0] ?? {}, 'text', 'ar')).toBe('Reason');
    expect(optionsOf(form.item?.[1] ?? { type: 'choice', linkId: 'x' }, 'es')).toEqual([{ value: 'urgent', label: 'Urgente' }, { value: 'routine', label: 'Routine' }]);
  });
});
