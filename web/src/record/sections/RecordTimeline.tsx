import { Badge, Box, Group, Stack, Text, ThemeIcon, Timeline } from '@mantine/core';
import type { Encounter, Resource } from '@medplum/fhirtypes';
import { IconAmbulance, IconBed, IconBuildingHospital, IconHistory, IconVideo } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { conceptText, matches, referenceKey, keyOf, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, Section, TextLink } from '../../primitives/index.ts';

const icons: Readonly<Record<string, typeof IconBed>> = { IMP: IconBed, ACUTE: IconBed, NONAC: IconBed, EMER: IconAmbulance, VR: IconVideo };

/** Everything that happened, by visit, newest first. */
export function RecordTimeline({ patientId, only }: { patientId: string; only?: number }) {
  const { t } = useTranslation('record');
  const patient = `Patient/${patientId}`;
  const encounters = useSearch('Encounter', { patient, _sort: '-date', _count: only ? '10' : '100' });
  const conditions = useSearch('Condition', { patient, _count: '200' });
  const procedures = useSearch('Procedure', { patient, _count: '200' });
  const immunizations = useSearch('Immunization', { patient, _count: '200' });
  const events = useMemo(() => {
    const all: Resource[] = [...matches(conditions.data, 'Condition'), ...matches(procedures.data, 'Procedure'), ...matches(immunizations.data, 'Immunization')];
    const byVisit = new Map<string, string[]>();
    for (const one of all) {
      const visit = 'encounter' in one ? referenceKey(one.encounter) : undefined;
      const words = one.resourceType === 'Immunization' ? conceptText(one.vaccineCode) : 'code' in one ? conceptText(one.code as never) : undefined;
      if (visit && words) byVisit.set(visit, [...new Set([...byVisit.get(visit) ?? [], words])]);
    }
    return byVisit;
  }, [conditions.data, procedures.data, immunizations.data]);
  return (
    <Section title={only ? t('lastVisits') : t('part.timeline')} icon={IconHistory} actions={only ? <TextLink to="." search={{ part: 'timeline' }}>{t('wholeTimeline')}</TextLink> : undefined}>
      <Loaded query={encounters} height={64}>{(bundle) => {
        const visits = matches(bundle, 'Encounter').slice(0, only ?? 100);
        if (visits.length === 0) return <Empty title={t('noVisits')} />;
        return <Timeline bulletSize={34} lineWidth={2}>{visits.map((visit) => <Timeline.Item key={visit.id} bullet={<Bullet visit={visit} />} title={<Title visit={visit} />}><Visit visit={visit} events={events.get(keyOf(visit)) ?? []} /></Timeline.Item>)}</Timeline>;
      }}</Loaded>
    </Section>
  );
}

function Bullet({ visit }: { visit: Encounter }) {
  const Icon = icons[visit.class?.code ?? ''] ?? IconBuildingHospital;
  return <ThemeIcon size={34} radius="xl" variant="light" color={visit.class?.code === 'EMER' ? 'orange' : 'bedside'}><Icon size={18} aria-hidden /></ThemeIcon>;
}
function Title({ visit }: { visit: Encounter }) {
  const { t } = useTranslation('record');
  return <Text fw={600} component="span" dir="auto">{conceptText(visit.type?.[0]) ?? t(`visit.${visit.class?.code ?? ''}`, { defaultValue: t('visit.other') })}</Text>;
}
function Visit({ visit, events }: { visit: Encounter; events: readonly string[] }) {
  const { date } = useFormat();
  const reason = visit.reasonCode?.map(conceptText).filter(Boolean).join(', ');
  return (
    <Stack gap={4}>
      <Group gap="xs"><Text size="sm" c="dimmed">{date(visit.period?.start)}{visit.period?.end && date(visit.period.end) !== date(visit.period.start) ? ` – ${date(visit.period.end)}` : ''}{visit.serviceProvider?.display ? ` · ${visit.serviceProvider.display}` : ''}</Text></Group>
      {reason && <Text size="sm" data-own-direction>{reason}</Text>}
      {events.length > 0 && <Box><Group gap={6}>{events.slice(0, 8).map((one) => <Badge key={one} color="gray" h="auto" py={3} style={{ whiteSpace: 'normal' }} dir="auto">{one}</Badge>)}</Group></Box>}
    </Stack>
  );
}
