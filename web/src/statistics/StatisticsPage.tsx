import { Button, Group, Paper, Select, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import '@mantine/dates/styles.css';
import type { MeasureReport } from '@medplum/fhirtypes';
import { useQuery } from '@tanstack/react-query';
import { IconChartBar, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fhirKey, referenceKey, useFhir, useResources } from '../fhir/index.ts';
import { formatName, useFormat } from '../format/index.ts';
import { Bars, Empty, Loaded, Page, Section } from '../primitives/index.ts';
import { groupings, measures, readStatistics, sortRows, type Grouping, type MeasureName, type StatisticsRow } from './report.ts';

const yearAgo = (): string => { const day = new Date(); day.setUTCFullYear(day.getUTCFullYear() - 1); return day.toISOString().slice(0, 10); };

/** The end of a period is its last instant: the day after at midnight. */
const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The consultations of a period in four numbers, grouped as one likes. */
export function StatisticsPage() {
  const { t } = useTranslation('statistics');
  const client = useFhir();
  const [grouping, setGrouping] = useState<Grouping>('month');
  const [start, setStart] = useState(yearAgo);
  const [end, setEnd] = useState(() => new Date().toISOString().slice(0, 10));
  const query = useQuery({
    queryKey: fhirKey(['Task', 'QuestionnaireResponse'], 'statistics', start, end, grouping), staleTime: 60_000,
    queryFn: async ({ signal }) => readStatistics(await client.operation<MeasureReport>('Measure/consultations/$evaluate-measure', undefined, { signal, query: { periodStart: start, periodEnd: dayAfter(end), groupBy: grouping } })),
  });
  return (
    <Page title={t('title')} actions={<Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>{t('print')}</Button>}>
      <Group align="flex-end" className="no-print">
        <DateInput size="md" label={t('from')} value={start} onChange={(value) => value && setStart(value)} valueFormat="YYYY-MM-DD" maxDate={end} />
        <DateInput size="md" label={t('until')} value={end} onChange={(value) => value && setEnd(value)} valueFormat="YYYY-MM-DD" minDate={start} />
        <Select label={t('by')} value={grouping} allowDeselect={false} onChange={(value) => setGrouping(groupings.find((one) => one === value) ?? 'month')} data={groupings.map((value) => ({ value, label: t(`grouping.${value}`) }))} />
      </Group>
      <Loaded query={query} rows={3} height={160}>{(statistics) => (
        <>
          <SimpleGrid cols={{ base: 2, md: 4 }}>{measures.map((name) => <Paper key={name} withBorder p="md"><Text size="sm" c="dimmed">{t(`measure.${name}`)}</Text><Text fz={28} fw={700} className="number"><Shown name={name} value={statistics.totals[name]} /></Text></Paper>)}</SimpleGrid>
          {statistics.rows.length === 0 ? <Paper withBorder><Empty icon={IconChartBar} title={t('nothing')}>{t('nothingAbout')}</Empty></Paper> : <Pictures rows={sortRows(statistics.rows, grouping)} grouping={grouping} />}
        </>
      )}</Loaded>
    </Page>
  );
}

function useShown(): (name: MeasureName, value: number | undefined) => string {
  const { number, minutes } = useFormat();
  return (name, value) => (value === undefined ? '–' : name === 'waiting-time' || name === 'duration' ? minutes(value) : number(value, { maximumFractionDigits: name === 'score' ? 2 : 0 }));
}
function Shown({ name, value }: { name: MeasureName; value: number | undefined }) {
  return <>{useShown()(name, value)}</>;
}

/** Names of the institutions, departments and experts that the strata are references to. */
function useNames(rows: readonly StatisticsRow[], grouping: Grouping): { found: (key: string) => string | undefined } {
  const keyOf = (key: string): string => (key.includes('/') ? key : `${grouping === 'expert' ? 'PractitionerRole' : 'Organization'}/${key}`);
  const wanted = grouping === 'month' ? [] : rows.filter((row) => row.key !== '').map((row) => keyOf(row.key));
  const first = useResources(wanted);
  const people = useResources([...first.found.values()].flatMap((one) => (one.resourceType === 'PractitionerRole' ? referenceKey(one.practitioner) ?? [] : [])));
  return { found: (key) => {
    const one = first.found.get(keyOf(key));
    if (one?.resourceType === 'Organization') return one.name;
    const person = one?.resourceType === 'PractitionerRole' ? people.found.get(referenceKey(one.practitioner) ?? '') : undefined;
    return person?.resourceType === 'Practitioner' ? formatName(person.name) : undefined;
  } };
}

function Pictures({ rows, grouping }: { rows: readonly StatisticsRow[]; grouping: Grouping }) {
  const { t } = useTranslation('statistics');
  const { date } = useFormat();
  const shown = useShown();
  const { found } = useNames(rows, grouping);
  const label = (row: StatisticsRow): string => (grouping === 'month' ? date(row.key) : found(row.key) ?? row.label) || t('unknown');
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {measures.map((name) => {
          const bars = rows.flatMap((row) => { const value = row.values[name]; return value === undefined ? [] : [{ label: label(row), value, shown: shown(name, value) }]; }).slice(0, 24);
          return <Section key={name} title={t(`measure.${name}`)}>{bars.length === 0 ? <Empty title={t('nothing')} /> : <Bars bars={bars} label={t(`measure.${name}`)} />}</Section>;
        })}
      </SimpleGrid>
      <Section title={t('table')}>
        <div className="scroll-x" tabIndex={0} role="group" aria-label={t('table')}>
          <Table striped aria-label={t('table')}>
            <Table.Thead><Table.Tr><Table.Th>{t(`grouping.${grouping}`)}</Table.Th>{measures.map((name) => <Table.Th key={name}>{t(`measure.${name}`)}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>{rows.map((row) => <Table.Tr key={row.key}><Table.Th scope="row" fw={500} dir="auto">{label(row)}</Table.Th>{measures.map((name) => <Table.Td key={name} className="number">{shown(name, row.values[name])}</Table.Td>)}</Table.Tr>)}</Table.Tbody>
          </Table>
        </div>
      </Section>
    </Stack>
  );
}
