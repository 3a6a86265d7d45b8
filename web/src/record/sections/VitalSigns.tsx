import { SimpleGrid } from '@mantine/core';
import { IconActivityHeartbeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { Empty, Loaded, Section } from '../../primitives/index.ts';
import { TrendCard } from '../components/TrendCard.tsx';
import { trendsOf } from '../observations.ts';

/** Pulse, pressure, temperature, breathing, oxygen, weight over time. */
export function VitalSigns({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const query = useSearch('Observation', { patient: `Patient/${patientId}`, category: 'vital-signs', _sort: '-date', _count: '500' });
  const trends = useMemo(() => trendsOf(matches(query.data, 'Observation')), [query.data]);
  return (
    <Section title={t('part.vitals')} icon={IconActivityHeartbeat} plain>
      <Loaded query={query} height={220}>{() => (trends.length === 0 ? <Empty title={t('noVitals')} /> : <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>{trends.map((trend) => <TrendCard key={trend.key} trend={trend} />)}</SimpleGrid>)}</Loaded>
    </Section>
  );
}
