import { Alert, Badge, Button, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { IconCircleCheck, IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { LinkReportView } from '@bedside/server/media/protocol/index.ts';
import { useTranslation } from 'react-i18next';

export const gradeColors = { 'within': 'green', 'exceeded': 'orange', 'far-exceeded': 'red' } as const;
export const gradeIcons = { 'within': IconCircleCheck, 'exceeded': IconAlertTriangle, 'far-exceeded': IconCircleX } as const;

export type Measuring = { readonly is: 'running'; readonly fraction: number } | { readonly is: 'done'; readonly link: LinkReportView } | { readonly is: 'failed' };

/** The measured link against the limits: a traffic light, said in words as well. */
export function LinkReport({ measuring, onRepeat }: { measuring: Measuring; onRepeat: () => void }) {
  const { t, i18n } = useTranslation('room');
  if (measuring.is === 'running') return <Stack gap={4} role="status"><Text size="sm">{t('link.measuring')}</Text><Progress value={measuring.fraction * 100} aria-label={t('link.measuring')} /></Stack>;
  if (measuring.is === 'failed') {
    return <Alert color="red" title={t('link.failed')} icon={<IconCircleX aria-hidden />}><Stack gap="xs" align="flex-start">{t('link.failedAbout')}<Button variant="default" size="sm" onClick={onRepeat}>{t('link.repeat')}</Button></Stack></Alert>;
  }
  const { link } = measuring;
  const Icon = gradeIcons[link.grade];
  const number = (value: number, unit: 'millisecond' | 'percent') => new Intl.NumberFormat(i18n.language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
  const rows = [
    { name: t('link.latency'), at: link.latencyMs, show: (value: number) => number(value, 'millisecond') },
    { name: t('link.jitter'), at: link.jitterMs, show: (value: number) => number(value, 'millisecond') },
    { name: t('link.loss'), at: link.lossFraction, show: (value: number) => number(value * 100, 'percent') },
  ];
  return (
    <Alert color={gradeColors[link.grade]} title={t(`link.grade.${link.grade}`)} icon={<Icon aria-hidden />} role="status" data-testid="link-report" data-grade={link.grade}>
      <Table aria-label={t('link.title')} withRowBorders={false} verticalSpacing={2} fz="sm">
        <Table.Thead><Table.Tr><Table.Th scope="col">{t('link.quantity')}</Table.Th><Table.Th scope="col">{t('link.measured')}</Table.Th><Table.Th scope="col">{t('link.limit')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, at, show }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>{name}</Table.Th>
              <Table.Td>{at === undefined ? t('link.unseen') : <Group gap={6} component="span">{show(at.value)}<Badge size="sm" color={gradeColors[at.grade]}>{t(`link.short.${at.grade}`)}</Badge></Group>}</Table.Td>
              <Table.Td>{at === undefined ? '' : show(at.limit)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {link.over === 'websocket' && <Text size="sm" mt="xs">{t('link.overWebSocket')}</Text>}
      <Button variant="default" size="sm" mt="xs" onClick={onRepeat}>{t('link.repeat')}</Button>
    </Alert>
  );
}
