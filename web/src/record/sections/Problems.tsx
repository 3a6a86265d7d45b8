import { Badge, Group, Stack, Text } from '@mantine/core';
import type { Condition } from '@medplum/fhirtypes';
import { IconClipboardHeart } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { conceptText, matches, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, Section } from '../../primitives/index.ts';

export const isActive = (condition: Condition): boolean => {
  const status = condition.clinicalStatus?.coding?.[0]?.code;
  return status === undefined || status === 'active' || status === 'recurrence' || status === 'relapse';
};

/** Problems, those that matter now first. `only` cuts the list for the summary. */
export function Problems({ patientId, only }: { patientId: string; only?: number }) {
  const { t } = useTranslation('record');
  const query = useSearch('Condition', { patient: `Patient/${patientId}`, _sort: '-onset-date', _count: '200' });
  return (
    <Section title={only ? t('activeProblems') : t('part.problems')} icon={IconClipboardHeart}>
      <Loaded query={query} height={48}>{(bundle) => {
        const all = matches(bundle, 'Condition');
        const active = all.filter(isActive);
        const past = all.filter((condition) => !isActive(condition));
        if (all.length === 0 || (only && active.length === 0)) return <Empty title={t('noProblems')} />;
        return (
          <Stack gap="sm">
            <List conditions={only ? active.slice(0, only) : active} />
            {only && active.length > only && <Text c="dimmed" size="sm">{t('andMore', { n: active.length - only })}</Text>}
            {!only && past.length > 0 && <><Text fw={600} component="h3" mt="sm">{t('pastProblems')}</Text><List conditions={past} /></>}
          </Stack>
        );
      }}</Loaded>
    </Section>
  );
}

function List({ conditions }: { conditions: readonly Condition[] }) {
  const { t } = useTranslation('record');
  const { date } = useFormat();
  return (
    <Stack component="ul" gap={10} p={0} m={0} style={{ listStyle: 'none' }}>
      {conditions.map((condition) => (
        <li key={condition.id}>
          <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
            <Text className="grow wrap-anywhere" data-own-direction fw={isActive(condition) ? 600 : 400}>{conceptText(condition.code)}</Text>
            {!isActive(condition) && <Badge color="gray">{t('resolved')}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">{condition.onsetDateTime || condition.recordedDate ? t('since', { date: date(condition.onsetDateTime ?? condition.recordedDate) }) : ''}{condition.abatementDateTime ? ` · ${t('until', { date: date(condition.abatementDateTime) })}` : ''}</Text>
        </li>
      ))}
    </Stack>
  );
}
