import { Badge, Box, Group, Stack, Text } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { caseIdOf, systems } from '../../application/process/index.ts';
import { matches, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, PlainLink, Section, TextLink } from '../../primitives/index.ts';

/** The next follow-up tasks. */
export function DueTasks() {
  const { t } = useTranslation('home');
  const { date } = useFormat();
  const query = useSearch('Task', { code: `${systems.task}|follow-up`, status: 'requested,accepted,in-progress', _count: '50' });
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Section title={t('due')} icon={IconBellRinging} actions={<TextLink to="/due">{t('all')}</TextLink>}>
      <Loaded query={query} rows={2} height={44}>{(bundle) => {
        const tasks = matches(bundle, 'Task').sort((a, b) => (a.restriction?.period?.end ?? '').localeCompare(b.restriction?.period?.end ?? '')).slice(0, 5);
        if (tasks.length === 0) return <Empty title={t('nothingDue')} />;
        return <Stack gap="sm">{tasks.map((task) => {
          const end = task.restriction?.period?.end;
          const late = end !== undefined && end.slice(0, 10) < today;
          return <PlainLink key={task.id} to={`/cases/${caseIdOf(task) ?? ''}`} className="row-link"><Group wrap="nowrap" justify="space-between" gap="xs"><Box className="grow"><Text lineClamp={2} data-own-direction>{task.description}</Text></Box><Badge color={late ? 'red' : 'blue'}>{late ? `${t('late')} · ` : ''}{date(end?.slice(0, 10))}</Badge></Group></PlainLink>;
        })}</Stack>;
      }}</Loaded>
    </Section>
  );
}
