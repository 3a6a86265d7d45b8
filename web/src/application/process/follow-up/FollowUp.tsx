import { ActionIcon, Badge, Button, Group, Paper, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { notifications } from '@mantine/notifications';
import type { Task } from '@medplum/fhirtypes';
import { IconCircleCheck, IconListCheck, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../drafts/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Ask, Empty, ErrorNotice, Section } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

interface Planned { readonly description: string; readonly due: string }
const empty: readonly Planned[] = [{ description: '', due: '' }];

/** What has to be done after the consultation, until when, and what came of it. */
export function FollowUp({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const tasks = [...view.followUps].sort((a, b) => (a.restriction?.period?.end ?? '').localeCompare(b.restriction?.period?.end ?? ''));
  const plans = may(offers, 'plan-follow-up');
  return (
    <Section title={t('followUp')} icon={IconListCheck}>
      {tasks.length === 0 && !plans && <Empty title={t('noFollowUp')} />}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{tasks.map((task) => <li key={task.id}><Row view={view} task={task} mayComplete={may(offers, 'complete-follow-up')} /></li>)}</Stack>
      {plans && <Plan view={view} />}
    </Section>
  );
}

function Row({ view, task, mayComplete }: { view: CaseView; task: Task; mayComplete: boolean }) {
  const { t } = useTranslation('process');
  const { date } = useFormat();
  const [asked, setAsked] = useState(false);
  const [result, setResult] = useState('');
  const complete = usePerform(view.id);
  const done = task.status === 'completed';
  const end = task.restriction?.period?.end?.slice(0, 10);
  const late = !done && end !== undefined && end < new Date().toISOString().slice(0, 10);
  const outcome = task.output?.[0]?.valueString ?? task.statusReason?.text;
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start"><Text fw={600} data-own-direction className="grow wrap-anywhere">{task.description}</Text><Badge color={done ? 'green' : late ? 'red' : 'blue'}>{done ? t('completed') : late ? t('overdue') : t('dueOn', { date: date(end) })}</Badge></Group>
      {outcome && <Text size="sm" data-own-direction>{outcome}</Text>}
      {!done && mayComplete && <Button mt="xs" size="sm" variant="light" leftSection={<IconCircleCheck size={18} aria-hidden />} onClick={() => setAsked(true)}>{t('action.complete-follow-up')}</Button>}
      <Ask opened={asked} onClose={() => setAsked(false)} title={t('action.complete-follow-up')} text={task.description} confirm={t('action.complete-follow-up')} busy={complete.isPending} disabled={result.trim() === ''} error={complete.error}
        onConfirm={() => complete.mutate({ action: 'complete-follow-up', input: [{ name: 'task', valueReference: { reference: `Task/${task.id}` } }, { name: 'result', valueString: result.trim() }] }, { onSuccess: () => setAsked(false) })}>
        <Textarea label={t('input.result')} value={result} onChange={(event) => setResult(event.currentTarget.value)} withAsterisk data-autofocus dir="auto" />
      </Ask>
    </Paper>
  );
}

function Plan({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const draft = useDraft<readonly Planned[]>(`follow-up.${view.id}`, empty);
  const save = usePerform(view.id);
  const rows = draft.value.length > 0 ? draft.value : empty;
  const ready = rows.every((row) => row.description.trim() !== '' && row.due !== '');
  const change = (index: number, next: Partial<Planned>): void => draft.set(rows.map((row, at) => (at === index ? { ...row, ...next } : row)));
  const submit = (): void => save.mutate({ action: 'plan-follow-up', input: rows.map((row) => ({ name: 'task', part: [{ name: 'description', valueString: row.description.trim() }, { name: 'due', valueDate: row.due }] })) }, { onSuccess: () => { draft.saved(empty); notifications.show({ message: t('planned'), color: 'green' }); } });
  return (
    <Stack>
      {rows.map((row, index) => (
        <Paper key={index} bg="light-dark(#f3f7f8, #0f1720)" p="sm" radius="md">
          <Stack gap="xs">
            <TextInput label={t('task')} value={row.description} onChange={(event) => change(index, { description: event.currentTarget.value })} maxLength={500} dir="auto" />
            <Group align="flex-end" wrap="nowrap"><DateInput size="md" className="grow" label={t('due')} value={row.due || null} onChange={(value) => change(index, { due: value ?? '' })} minDate={new Date()} valueFormat="YYYY-MM-DD" />{rows.length > 1 && <ActionIcon aria-label={t('removeTask')} onClick={() => draft.set(rows.filter((_, at) => at !== index))}><IconTrash size={20} aria-hidden /></ActionIcon>}</Group>
          </Stack>
        </Paper>
      ))}
      {save.error && <ErrorNotice error={save.error} onRetry={submit} />}
      <Group><Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} disabled={rows.length >= 20} onClick={() => draft.set([...rows, { description: '', due: '' }])}>{t('addTask')}</Button><Button disabled={!ready} loading={save.isPending} onClick={submit}>{t('action.plan-follow-up')}</Button></Group>
    </Stack>
  );
}
