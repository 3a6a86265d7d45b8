import { Badge, Box, Group, Paper, Progress, Select, SimpleGrid, Stack, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useNavigate, useSearch as useRouteSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/index.ts';
import { Empty, Page } from '../../primitives/index.ts';
import { table } from './data.ts';
import { filterRows, type ConformanceFilter, type ConformanceRow } from './table.ts';

const colors: Readonly<Record<string, string>> = { works: 'green', partly: 'yellow', missing: 'gray', external: 'blue' };
const areas = [...new Set(table.map((row) => row.area))].sort();
const states = [...new Set(table.map((row) => row.state))].sort();

/** Every requirement of the Recommendation, its state, and where the proof is. */
export function ConformancePage() {
  const { t } = useTranslation('admin');
  const { number } = useFormat();
  const navigate = useNavigate();
  const filter = useRouteSearch({ strict: false }) as ConformanceFilter;
  const [text, setText] = useState('');
  const shown = useMemo(() => filterRows(table, { ...filter, text }), [filter, text]);
  const works = shown.filter((row) => row.state === 'works').length;
  const set = (change: ConformanceFilter): void => { void navigate({ to: '.', search: { ...filter, ...change }, replace: true } as never); };
  return (
    <Page title={t('conformance')} subtitle="ITU-T F.780.4 (09/2023)" width={980}>
      <Paper withBorder p="md">
        <Stack>
          <Group justify="space-between"><Text fw={650}>{t('worksOf', { works: number(works), all: number(shown.length) })}</Text></Group>
          <Progress value={shown.length === 0 ? 0 : (works / shown.length) * 100} size="lg" aria-label={t('worksOf', { works, all: shown.length })} />
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <Select searchable clearable label={t('area')} value={filter.area ?? null} onChange={(value) => set({ area: value ?? undefined })} data={areas} />
            <Select clearable label={t('state')} value={filter.state ?? null} onChange={(value) => set({ state: value ?? undefined })} data={states.map((value) => ({ value, label: t(`state.${value}`, { defaultValue: value }) }))} />
            <TextInput type="search" label={t('search')} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={18} aria-hidden />} />
          </SimpleGrid>
        </Stack>
      </Paper>
      <VisuallyHidden role="status">{t('shown', { n: shown.length })}</VisuallyHidden>
      {shown.length === 0 ? <Paper withBorder><Empty icon={IconShieldCheck} title={t('nothing')} /></Paper> : <Rows rows={shown} />}
    </Page>
  );
}

function Rows({ rows }: { rows: readonly ConformanceRow[] }) {
  const list = useRef<HTMLUListElement>(null);
  const virtual = useWindowVirtualizer({ count: rows.length, estimateSize: () => 120, overscan: 6, scrollMargin: list.current?.offsetTop ?? 0, getItemKey: (index) => rows[index]?.id ?? index });
  return (
    <Box component="ul" ref={list} p={0} m={0} h={virtual.getTotalSize()} pos="relative" style={{ listStyle: 'none' }}>
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index];
        return row && <li key={item.key} ref={virtual.measureElement} data-index={item.index} aria-posinset={item.index + 1} aria-setsize={rows.length} style={{ position: 'absolute', insetInline: 0, insetBlockStart: 0, transform: `translateY(${item.start - virtual.options.scrollMargin}px)`, paddingBlockEnd: 10 }}><Row row={row} /></li>;
      })}
    </Box>
  );
}
function Row({ row }: { row: ConformanceRow }) {
  const { t } = useTranslation('admin');
  return (
    <Paper withBorder p="md">
      <Group gap="xs" mb={4}><Text fw={650} dir="ltr" className="number">{row.id}</Text><Badge color={colors[row.state] ?? 'gray'}>{t(`state.${row.state}`, { defaultValue: row.state })}</Badge><Text size="sm" c="dimmed" dir="ltr">{row.area} · {row.level} · {row.clause}</Text></Group>
      <Text lang="en" dir="ltr" ta="start">{row.requirement}</Text>
      {row.proofs.length > 0 && <details><summary>{t('proofs', { n: row.proofs.length })}</summary><Stack gap={2} mt={4}>{row.where && <Text size="sm" dir="ltr" className="wrap-anywhere">{row.where}</Text>}{row.proofs.map((proof) => <Text key={proof} size="sm" ff="monospace" dir="ltr" className="wrap-anywhere">{proof}</Text>)}</Stack></details>}
    </Paper>
  );
}
