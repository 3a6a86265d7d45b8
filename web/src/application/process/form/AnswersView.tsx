import { Stack } from '@mantine/core';
import type { Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/index.ts';
import { Fact } from '../../../primitives/index.ts';
import { leaves, optionsOf, translated, type Answers } from './answers.ts';

/** An answer as a person reads it. */
export function useAnswerText(): (item: QuestionnaireItem, value: Answers[string]) => string {
  const { t, i18n } = useTranslation('process');
  const { dateTime, date, number } = useFormat();
  return (item, value) => {
    if (value === undefined || value === '') return '';
    if (item.type === 'choice') return optionsOf(item, i18n.language).find((option) => option.value === value)?.label ?? String(value);
    if (item.type === 'dateTime') return dateTime(String(value));
    if (item.type === 'date') return date(String(value));
    if (typeof value === 'boolean') return value ? t('yes') : t('no');
    return typeof value === 'number' ? number(value) : value;
  };
}

/** A filled-in form to read; questions without an answer are left out. */
export function AnswersView({ questionnaire, answers }: { questionnaire: Questionnaire; answers: Answers }) {
  const { i18n } = useTranslation('process');
  const text = useAnswerText();
  return (
    <Stack gap="sm">
      {leaves(questionnaire.item).filter((item) => answers[item.linkId ?? ''] !== undefined).map((item) => (
        <Fact key={item.linkId} label={translated(item, 'text', i18n.language)}><span dir="auto" style={{ whiteSpace: 'pre-wrap', display: 'block', textAlign: 'start' }}>{text(item, answers[item.linkId ?? ''])}</span></Fact>
      ))}
    </Stack>
  );
}
