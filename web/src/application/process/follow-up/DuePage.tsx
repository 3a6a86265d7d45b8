import { Badge, Box, Group, Paper, Stack, Text } from '@mantine/core';
import { IconBellRinging, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { matches, referenceId, useSearch } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { Empty, Loaded, Page, PlainLink, Section } from '../../../primitives/index.ts';
import { PatientName } from '../../../record/index.ts';
import { caseIdOf } from '../case.ts';
import { systems } from '../vocabulary.ts';

/** Every open follow-up task, the latest first of all. */
export function DuePage() {
  const { t } = useTranslation('process');
  const { date, relative } = useFormat();
  const query = useSearch('Task', { code: `${systems.task}|follow-up`, status: 'requested,accepted,in-progress,ready', _count: '200' });
  const today = new Date().toISOString().slice(0, 10);
  const end = (one: { restriction?: { period?: { end?: string } } }): string => one.restriction?.period?.end?.slice(0, 10) ?? '9999';
  return (
    <Page title={t('dueList')} width={820}>
      <Loaded query={query}>{(bundle) => {
        const tasks = matches(bundle, 'Task').sort((a, b) => end(a).localeCompare(end(b)));
        if (tasks.length === 0) return <Section title={t('dueList')}><Empty icon={IconBellRinging} title={t('nothingDue')} /></Section>;
        return <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{tasks.map((task) => (
          <li key={task.id}><PlainLink to={`/cases/${caseIdOf(task) ?? referenceId(task.partOf?.[0]) ?? ''}`} search={{ tab: 'follow-up' }} className="row-link"><Paper withBorder p="md">
            <Group wrap="nowrap"><Box className="grow"><Text fw={600} data-own-direction>{task.description}</Text><Text size="sm" c="dimmed"><PatientName id={referenceId(task.for)} display={task.for?.display} /></Text></Box><Badge color={end(task) < today ? 'red' : 'blue'}>{date(end(task))} · {relative(end(task))}</Badge><IconChevronRight size={20} aria-hidden className="flip-rtl" /></Group>
          </Paper></PlainLink></li>
        ))}</Stack>;
      }}</Loaded>
    </Page>
  );
}
