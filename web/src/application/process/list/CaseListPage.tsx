import { Button, Collapse, Group, Paper, SegmentedControl, Select, SimpleGrid, Stack, VisuallyHidden } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useDisclosure } from '@mantine/hooks';
import { IconFilter, IconInbox, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, usePages } from '../../../fhir/index.ts';
import { ButtonLink, Empty, ErrorNotice, Page, Skeletons, useShortcuts } from '../../../primitives/index.ts';
import { useAccount } from '../../../session/index.ts';
import { useApplications } from '../presentation.ts';
import { overallStates } from '../vocabulary.ts';
import { caseQuery, type CaseFilter } from './filters.ts';
import { CaseRow } from './CaseRow.tsx';
import { InstitutionSelect, PatientSelect } from './selects.tsx';

/** All cases one takes part in; new ones and changed states appear by themselves. */
export function CaseListPage() {
  const { t } = useTranslation('process');
  const account = useAccount();
  const navigate = useNavigate();
  const filter = useRouteSearch({ strict: false }) as CaseFilter;
  const application = useApplications()[0];
  const [opened, { toggle }] = useDisclosure(Boolean(filter.state ?? filter.from ?? filter.until ?? filter.patient ?? filter.institution ?? filter.role));
  const group = filter.group ?? 'open';
  const query = usePages('Task', caseQuery({ ...filter, group }, application?.code ?? '', account.practitionerRoles), []);
  const cases = useMemo(() => (query.data?.pages ?? []).flatMap((page) => matches(page, 'Task')), [query.data]);
  const set = (change: CaseFilter): void => { void navigate({ to: '/cases', search: { ...filter, ...change }, replace: true } as never); };
  const asks = account.role === 'clinician';
  useShortcuts(asks ? [{ keys: 'n', label: t('newCase'), run: () => void navigate({ to: '/cases/new' }) }] : []);
  return (
    <Page title={t('cases')} width={900} actions={asks ? <ButtonLink to="/cases/new" leftSection={<IconPlus size={20} aria-hidden />}>{t('newCase')}</ButtonLink> : undefined}>
      <Stack gap="sm">
        <Group gap="sm" justify="space-between">
          <SegmentedControl value={group} onChange={(value) => set({ group: value, state: undefined })} data={['open', 'ended', 'all'].map((value) => ({ value, label: t(`group.${value}`) }))} aria-label={t('filter.group')} />
          <Button variant="default" leftSection={<IconFilter size={18} aria-hidden />} onClick={toggle} aria-expanded={opened}>{t('filter.title')}</Button>
        </Group>
        <Collapse expanded={opened}>
          <Paper withBorder p="md">
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
              <Select clearable label={t('filter.state')} value={filter.state ?? null} onChange={(value) => set({ state: value ?? undefined })} data={overallStates.map((value) => ({ value, label: t(`state.${value}`) }))} />
              <PatientSelect value={filter.patient} onChange={(patient) => set({ patient })} />
              <InstitutionSelect value={filter.institution} onChange={(institution) => set({ institution })} />
              {account.role !== 'patient' && <Select clearable label={t('filter.role')} value={filter.role ?? null} onChange={(value) => set({ role: value ?? undefined })} data={['inviter', 'invitee'].map((value) => ({ value, label: t(`as.${value}`) }))} />}
              <DateInput clearable size="md" label={t('filter.from')} value={filter.from ?? null} onChange={(value) => set({ from: value ?? undefined })} valueFormat="YYYY-MM-DD" />
              <DateInput clearable size="md" label={t('filter.until')} value={filter.until ?? null} onChange={(value) => set({ until: value ?? undefined })} valueFormat="YYYY-MM-DD" />
            </SimpleGrid>
          </Paper>
        </Collapse>
      </Stack>
      <VisuallyHidden role="status">{query.isSuccess ? t('shown', { n: cases.length }) : ''}</VisuallyHidden>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeletons rows={5} height={104} />}
      {query.isSuccess && cases.length === 0 && (
        <Paper withBorder><Empty icon={IconInbox} title={t('noCases')} action={asks ? <ButtonLink to="/cases/new" variant="light" mt="sm">{t('newCase')}</ButtonLink> : undefined}>{t('noCasesAbout')}</Empty></Paper>
      )}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{cases.map((task) => <li key={task.id}><CaseRow task={task} /></li>)}</Stack>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('moreCases')}</Button>}
    </Page>
  );
}
