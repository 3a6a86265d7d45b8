import { SimpleGrid, Stack, TextInput } from '@mantine/core';
import { IconMicroscope, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../fhir/index.ts';
import { Empty, Loaded, Section } from '../../primitives/index.ts';
import { TrendCard } from '../components/TrendCard.tsx';
import { flagOf, trendsOf } from '../observations.ts';

/** Laboratory values as courses over time; what is outside of its range comes first. */
export function Laboratory({ patientId, only }: { patientId: string; only?: number }) {
  const { t } = useTranslation('record');
  const [text, setText] = useState('');
  const query = useSearch('Observation', { patient: `Patient/${patientId}`, category: 'laboratory', _sort: '-date', _count: '500' });
  const trends = useMemo(() => trendsOf(matches(query.data, 'Observation')).sort((a, b) => Number(flagOf(b.latest) !== undefined) - Number(flagOf(a.latest) !== undefined)), [query.data]);
  const wanted = text.trim().toLocaleLowerCase();
  const shown = (wanted ? trends.filter((trend) => trend.name.toLocaleLowerCase().includes(wanted)) : trends).slice(0, only ?? 60);
  return (
    <Section title={t('part.laboratory')} icon={IconMicroscope} plain={!only}>
      <Loaded query={query} height={220}>{() => (trends.length === 0 ? <Empty title={t('noLaboratory')} /> : (
        <Stack>
          {!only && trends.length > 6 && <TextInput type="search" label={t('findValue')} value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={18} aria-hidden />} maw={420} />}
          {shown.length === 0 && <Empty title={t('noMatch')} />}
          <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>{shown.map((trend) => <TrendCard key={trend.key} trend={trend} />)}</SimpleGrid>
        </Stack>
      ))}</Loaded>
    </Section>
  );
}
