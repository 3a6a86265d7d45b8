import { Badge, Button, Group, Paper, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import type { AuditEvent } from '@medplum/fhirtypes';
import { IconClipboardOff } from '@tabler/icons-react';
import { useNavigate, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { matches, referenceKey, usePages } from '../fhir/index.ts';
import { useFormat } from '../format/index.ts';
import { Empty, ErrorNotice, Page, Skeletons } from '../primitives/index.ts';

interface Filter { readonly action?: string; readonly outcome?: string; readonly from?: string; readonly until?: string }
const colors: Readonly<Record<string, string>> = { C: 'green', R: 'blue', U: 'yellow', D: 'red', E: 'bedside' };

/** Who saw or did what, newest first. */
export function AuditPage() {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const filter = useRouteSearch({ strict: false }) as Filter;
  const set = (change: Record<string, string | undefined>): void => { void navigate({ to: '.', search: { ...filter, ...change }, replace: true } as never); };
  const dates = [filter.from ? `ge${filter.from}` : '', filter.until ? `le${filter.until}` : ''].filter(Boolean);
  const query = usePages('AuditEvent', { action: filter.action, outcome: filter.outcome, ...(dates.length > 0 ? { date: dates } : {}), _sort: '-date', _count: '50' });
  const events = (query.data?.pages ?? []).flatMap((page) => matches(page, 'AuditEvent'));
  return (
    <Page title={t('audit')} width={980}>
      <Paper withBorder p="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
          <Select clearable label={t('action')} value={filter.action ?? null} onChange={(value) => set({ action: value ?? undefined })} data={['C', 'R', 'U', 'D', 'E'].map((value) => ({ value, label: t(`auditAction.${value}`) }))} />
          <Select clearable label={t('outcome')} value={filter.outcome ?? null} onChange={(value) => set({ outcome: value ?? undefined })} data={['0', '4', '8'].map((value) => ({ value, label: t(`auditOutcome.${value}`) }))} />
          <DateInput clearable size="md" label={t('from')} value={filter.from ?? null} onChange={(value) => set({ from: value ?? undefined })} valueFormat="YYYY-MM-DD" />
          <DateInput clearable size="md" label={t('until')} value={filter.until ?? null} onChange={(value) => set({ until: value ?? undefined })} valueFormat="YYYY-MM-DD" />
        </SimpleGrid>
      </Paper>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeletons rows={6} />}
      {query.isSuccess && events.length === 0 && <Paper withBorder><Empty icon={IconClipboardOff} title={t('nothing')} /></Paper>}
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{events.map((event) => <li key={event.id}><Row event={event} /></li>)}</Stack>
      {query.hasNextPage && <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('more')}</Button>}
    </Page>
  );
}

function Row({ event }: { event: AuditEvent }) {
  const { t } = useTranslation('admin');
  const { dateTime } = useFormat();
  const who = event.agent.find((one) => one.requestor) ?? event.agent[0];
  const failed = event.outcome !== undefined && event.outcome !== '0';
  const what = (event.entity ?? []).flatMap((one) => referenceKey(one.what) ?? one.name ?? []).slice(0, 4);
  return (
    <Paper withBorder px="md" py="sm">
      <Group gap="xs"><Badge color={colors[event.action ?? ''] ?? 'gray'}>{t(`auditAction.${event.action}`, { defaultValue: event.action })}</Badge><Text fw={600} dir="auto">{who?.name ?? who?.who?.display ?? referenceKey(who?.who) ?? '–'}</Text>{failed && <Badge color="red">{t(`auditOutcome.${event.outcome}`)}</Badge>}<Text size="sm" c="dimmed">{dateTime(event.recorded)}</Text></Group>
      <Text size="sm" dir="ltr" ta="start" className="wrap-anywhere">{[event.subtype?.[0]?.code ?? event.type?.display, what.join(', '), who?.network?.address].filter(Boolean).join(' · ')}</Text>
    </Paper>
  );
}
