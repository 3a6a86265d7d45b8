import { Button, Group, Rating, Stack, Text, Textarea, Input } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconStar } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../drafts/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, ErrorNotice, Section, Stars } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { readAnswers, writeAnswers } from '../form/answers.ts';
import { useQuestionnaire } from '../form/questionnaires.ts';
import { usePerform } from '../hooks.ts';

/** How good it was: stars and a few words. */
export function Evaluation({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  const allowed = may(offers, 'evaluate');
  return (
    <Section title={t('evaluation')} icon={IconStar}>
      {view.evaluations.length === 0 && !allowed && <Empty title={t('noEvaluation')} />}
      {view.evaluations.map((one) => {
        const answers = readAnswers(one);
        return <Stack key={one.id} gap={2}><Stars value={Number(answers['score'] ?? 0)} />{answers['comment'] !== undefined && <Text dir="auto" ta="start">{String(answers['comment'])}</Text>}<Text size="sm" c="dimmed">{dateTime(one.authored)}</Text></Stack>;
      })}
      {allowed && <Give view={view} />}
    </Section>
  );
}

function Give({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const [score, setScore] = useState(0);
  const comment = useDraft(`evaluation.${view.id}`, '');
  const questionnaire = useQuestionnaire(`urn:bedside:questionnaire:${view.application}-evaluation|1`);
  const send = usePerform(view.id);
  const submit = (): void => {
    if (!questionnaire.data || score === 0) return;
    const response = { ...writeAnswers(questionnaire.data, { score, comment: comment.value.trim() }), status: 'completed' as const };
    send.mutate({ action: 'evaluate', input: [{ name: 'evaluation', resource: response }] }, { onSuccess: () => { comment.saved(''); notifications.show({ message: t('thanks'), color: 'green' }); } });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Stack>
        <Input.Wrapper label={t('score')} size="md" labelElement="div"><Rating value={score} onChange={setScore} size="xl" mt={4} getSymbolLabel={(value) => t('primitives:stars.of', { value })} /></Input.Wrapper>
        <Textarea label={t('comment')} value={comment.value} onChange={(event) => comment.set(event.currentTarget.value)} maxLength={2_000} dir="auto" />
        {(send.error ?? questionnaire.error) && <ErrorNotice error={send.error ?? questionnaire.error} onRetry={submit} />}
        <Group><Button type="submit" disabled={score === 0} loading={send.isPending}>{t('action.evaluate')}</Button></Group>
      </Stack>
    </form>
  );
}
