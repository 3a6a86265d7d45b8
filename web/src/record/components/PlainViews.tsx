import { Group, Stack, Table, Text } from '@mantine/core';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { useTranslation } from 'react-i18next';
import { conceptText, referenceId, useSearch, matches } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Loaded } from '../../primitives/index.ts';
import { flagOf, observedAt, trendsOf } from '../observations.ts';
import { FlagBadge, TrendCard } from './TrendCard.tsx';

/** One observation with its course, when there are more of the same. */
export function ValueView({ resource }: { resource: Resource }) {
  const { value, dateTime } = useFormat();
  const observation = resource.resourceType === 'Observation' ? resource : undefined;
  const coding = observation?.code?.coding?.[0];
  const query = useSearch('Observation', observation && coding?.code ? { patient: `Patient/${referenceId(observation.subject) ?? ''}`, code: coding.system ? `${coding.system}|${coding.code}` : coding.code, _sort: '-date', _count: '100' } : undefined);
  if (!observation) return null;
  const trend = trendsOf([...matches(query.data, 'Observation'), ...(query.data ? [] : [observation])])[0];
  if (trend) return <TrendCard trend={trend} />;
  return <Stack gap={4}><Text fw={600}>{conceptText(observation.code)}</Text><Group><Text fz="lg" className="number">{value(observation)}</Text><FlagBadge flag={flagOf(observation)} /></Group><Text size="sm" c="dimmed">{dateTime(observedAt(observation))}</Text></Stack>;
}

/** A report of a laboratory or of imaging: its conclusion and its values. */
export function ReportView({ resource }: { resource: Resource }) {
  const { t } = useTranslation('record');
  const { value } = useFormat();
  const report = resource.resourceType === 'DiagnosticReport' ? resource : undefined;
  const ids = (report?.result ?? []).flatMap((one) => referenceId(one) ?? []).slice(0, 60);
  const query = useSearch('Observation', ids.length > 0 ? { _id: ids.join(','), _count: '60' } : undefined);
  if (!report) return null;
  return (
    <Stack>
      {report.conclusion && <Text dir="auto" ta="start" style={{ whiteSpace: 'pre-wrap' }}>{report.conclusion}</Text>}
      {ids.length > 0 && <Loaded query={query}>{(bundle) => (
        <Table striped aria-label={conceptText(report.code) ?? t('value')}><Table.Thead><Table.Tr><Table.Th>{t('name')}</Table.Th><Table.Th>{t('value')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>{matches(bundle, 'Observation').map((one: Observation) => <Table.Tr key={one.id}><Table.Td dir="auto">{conceptText(one.code)}</Table.Td><Table.Td className="number"><Group gap="xs">{value(one)}<FlagBadge flag={flagOf(one)} /></Group></Table.Td></Table.Tr>)}</Table.Tbody>
        </Table>)}</Loaded>}
    </Stack>
  );
}
