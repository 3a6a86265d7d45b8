import { Box, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconActivityHeartbeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Section, TextLink } from '../../primitives/index.ts';
import { FlagBadge } from '../components/TrendCard.tsx';
import { flagOf, observedAt, trendsOf } from '../observations.ts';
import { Medication } from './Medication.tsx';
import { Problems } from './Problems.tsx';
import { RecordTimeline } from './RecordTimeline.tsx';

/** What a doctor who never saw this patient needs in half a minute. */
export function Summary({ patientId }: { patientId: string }) {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg"><Problems patientId={patientId} only={6} /><Medication patientId={patientId} only={6} /></SimpleGrid>
      <Latest patientId={patientId} />
      <RecordTimeline patientId={patientId} only={4} />
    </Stack>
  );
}

/** The newest value of each quantity, those out of range first. */
function Latest({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const { value, date } = useFormat();
  const query = useSearch('Observation', { patient: `Patient/${patientId}`, category: 'vital-signs,laboratory', _sort: '-date', _count: '300' });
  const trends = useMemo(() => trendsOf(matches(query.data, 'Observation')).sort((a, b) => Number(flagOf(b.latest) !== undefined) - Number(flagOf(a.latest) !== undefined)).slice(0, 8), [query.data]);
  if (query.isPending) return <Skeleton height={160} radius="lg" />;
  if (trends.length === 0) return null;
  return (
    <Section title={t('latestValues')} icon={IconActivityHeartbeat} actions={<TextLink to="." search={{ part: 'laboratory' }}>{t('allValues')}</TextLink>}>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        {trends.map((trend) => (
          <Paper key={trend.key} bg="light-dark(#f3f7f8, #0f1720)" p="sm" radius="md">
            <Text size="sm" lineClamp={2} data-own-direction title={trend.name}>{trend.name}</Text>
            <Group gap={6} align="center" wrap="wrap"><Text fw={700} fz="lg" className="number">{value(trend.latest)}</Text><FlagBadge flag={flagOf(trend.latest)} /></Group>
            <Box><Text size="sm" c="dimmed">{date(observedAt(trend.latest))}</Text></Box>
          </Paper>
        ))}
      </SimpleGrid>
    </Section>
  );
}
