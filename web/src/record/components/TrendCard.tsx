import { Badge, Button, Collapse, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/index.ts';
import { Skeletons } from '../../primitives/index.ts';
import { flagOf, observedAt, type Flag, type Trend } from '../observations.ts';

const TrendChart = lazy(async () => ({ default: (await import('../../primitives/chart.tsx')).TrendChart }));
const colors: Readonly<Record<NonNullable<Flag>, string>> = { low: 'orange', high: 'orange', abnormal: 'orange', critical: 'red' };

/** Says by word, not only by colour, that a value is outside of its range. */
export function FlagBadge({ flag }: { flag: Flag }) {
  const { t } = useTranslation('record');
  if (!flag) return null;
  return <Badge color={colors[flag]} leftSection={flag === 'low' ? <IconChevronDown size={14} aria-hidden /> : <IconChevronUp size={14} aria-hidden />}>{t(`flag.${flag}`)}</Badge>;
}

/** `3.5–5.1`, or with one end only `≤ 5`. */
export function rangeText(low: number | undefined, high: number | undefined, number: (value: number) => string): string {
  if (low !== undefined && high !== undefined) return `${number(low)}–${number(high)}`;
  return low !== undefined ? `≥ ${number(low)}` : high !== undefined ? `≤ ${number(high)}` : '';
}

/** One quantity over time: the newest value large, the course as a picture, all numbers in a table behind it. */
export function TrendCard({ trend }: { trend: Trend }) {
  const { t } = useTranslation('record');
  const { value, dateTime, number } = useFormat();
  const [opened, { toggle }] = useDisclosure(false);
  const flag = flagOf(trend.latest);
  const newest = useMemo(() => [...trend.observations].reverse().slice(0, 60), [trend]);
  const range = trend.band && rangeText(trend.band.low, trend.band.high, number);
  return (
    <Paper withBorder p="md" component="article" aria-label={trend.name}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
          <Text fw={650} component="h3" data-own-direction className="grow wrap-anywhere">{trend.name}</Text>
          <FlagBadge flag={flag} />
        </Group>
        <Group gap="xs" align="baseline"><Text fz={26} fw={700} lh={1.1} className="number">{value(trend.latest)}</Text><Text size="sm" c="dimmed">{dateTime(observedAt(trend.latest), { withZone: false })}</Text></Group>
        {range && <Text size="sm" c="dimmed">{t('reference', { range: `\u2066${range} ${trend.unit}\u2069` })}</Text>}
        {trend.times.length > 1 && <Suspense fallback={<Skeletons rows={1} height={190} />}><TrendChart times={trend.times} series={trend.series} band={trend.band} unit={trend.unit} /></Suspense>}
        {trend.times.length > 1 && (
          <Button variant="subtle" size="sm" leftSection={<IconTable size={18} aria-hidden />} aria-expanded={opened} onClick={toggle} className="no-print">{opened ? t('hideTable') : t('showTable', { n: trend.times.length })}</Button>
        )}
        <Collapse expanded={opened}>
          <Table striped aria-label={trend.name}>
            <Table.Thead><Table.Tr><Table.Th>{t('when')}</Table.Th><Table.Th>{t('value')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{newest.map((one) => <Table.Tr key={one.id}><Table.Td>{dateTime(observedAt(one), { withZone: false })}</Table.Td><Table.Td className="number"><Group gap="xs">{value(one)}<FlagBadge flag={flagOf(one)} /></Group></Table.Td></Table.Tr>)}</Table.Tbody>
          </Table>
        </Collapse>
      </Stack>
    </Paper>
  );
}
