import { Alert, Anchor, Badge, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { conceptText, isDemonstration, matches, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { DemonstrationMark, ErrorNotice, Fact, Person } from '../../primitives/index.ts';
import { patientLine, patientName } from '../patient-line.ts';

const live = (allergy: AllergyIntolerance): boolean => {
  const status = allergy.clinicalStatus?.coding?.[0]?.code;
  return status !== 'inactive' && status !== 'resolved' && allergy.verificationStatus?.coding?.[0]?.code !== 'entered-in-error';
};

/** Who this is, and what must not be overlooked; it stands over every part of the record. */
export function PatientBanner({ patient }: { patient: Patient }) {
  const { t } = useTranslation('record');
  const format = useFormat();
  const phone = patient.telecom?.find((one) => one.system === 'phone')?.value;
  const languages = (patient.communication ?? []).flatMap((one) => conceptText(one.language) ?? []).join(', ');
  const identifiers = (patient.identifier ?? []).filter((one) => one.value).slice(0, 4);
  return (
    <Paper withBorder p="md" component="section" aria-label={t('banner')}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Person size={52} name={patientName(patient)} about={patientLine(patient, format, t)} />
          <Group gap="xs">
            {(patient.deceasedDateTime ?? patient.deceasedBoolean) && <Badge color="gray" size="lg">{t('deceased')}</Badge>}
            {isDemonstration(patient) && <DemonstrationMark />}
          </Group>
        </Group>
        <Allergies patientId={patient.id ?? ''} />
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="xs">
          {identifiers.map((one) => <Fact key={`${one.system}${one.value}`} label={conceptText(one.type) ?? t('identifier')}><span dir="ltr" className="number">{one.value}</span></Fact>)}
          {phone && <Fact label={t('phone')}><Anchor href={`tel:${phone}`} dir="ltr">{phone}</Anchor></Fact>}
          {languages && <Fact label={t('languages')}>{languages}</Fact>}
        </SimpleGrid>
      </Stack>
    </Paper>
  );
}

function Allergies({ patientId }: { patientId: string }) {
  const { t } = useTranslation('record');
  const query = useSearch('AllergyIntolerance', { patient: `Patient/${patientId}`, _count: '100' });
  if (query.error) return <ErrorNotice error={query.error} title={t('allergiesUnknown')} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={44} radius="md" />;
  const allergies = matches(query.data, 'AllergyIntolerance').filter(live);
  const none = allergies.every((allergy) => allergy.code?.coding?.some((coding) => coding.code === '716186003'));
  if (none) return <Group gap={6}><IconCircleCheck size={20} aria-hidden /><Text>{allergies.length === 0 ? t('allergiesNotRecorded') : t('allergiesNone')}</Text></Group>;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('allergies')} p="sm">
      <Group gap="xs">{allergies.map((allergy) => (
        <Text key={allergy.id} component="span" fw={650} dir="auto">
          {conceptText(allergy.code)}{allergy.criticality === 'high' ? ` (${t('severe')})` : ''}{allergy.reaction?.[0]?.manifestation?.[0] ? ` – ${conceptText(allergy.reaction[0].manifestation[0])}` : ''}
        </Text>
      ))}</Group>
    </Alert>
  );
}
