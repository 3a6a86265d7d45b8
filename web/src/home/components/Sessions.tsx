import { Badge, Box, Group, Paper, Stack, Text } from '@mantine/core';
import type { Appointment } from '@medplum/fhirtypes';
import { IconCalendarTime, IconVideo } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { caseIdOf, regionsOf } from '../../application/process/index.ts';
import { matches, referenceId, useLive, useResources, useSearch } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { ButtonLink, Countdown, ErrorNotice, Section, useNow } from '../../primitives/index.ts';
import { PatientName } from '../../record/index.ts';
import { useAccount } from '../../session/index.ts';

const SOON_MS = 30 * 60_000;

/** Meetings of today and tomorrow; the button to join stands out when it is time. */
export function Sessions() {
  const { t } = useTranslation('home');
  const account = useAccount();
  const { pollMs } = useLive();
  const now = useNow(30_000);
  const day = new Date(now.getTime() - 3 * 3_600_000).toISOString().slice(0, 13);
  const until = new Date(now.getTime() + 36 * 3_600_000).toISOString().slice(0, 13);
  const actors = account.role === 'patient' ? account.profile : account.practitionerRoles.map((role) => (role.includes('/') ? role : `PractitionerRole/${role}`)).join(',');
  const query = useSearch('Appointment', { ...(account.role !== 'coordinator' && actors ? { actor: actors } : {}), date: [`ge${day}:00:00Z`, `le${until}:00:00Z`], status: 'booked', _sort: 'date', _count: '20' }, { refetchInterval: pollMs });
  const near = matches(query.data, 'Appointment').filter((one) => new Date(one.end ?? one.start ?? 0) > new Date(now.getTime() - 3_600_000));
  const cases = useResources(near.flatMap((one) => { const id = caseIdOf(one); return id ? [`Task/${id}`] : []; }));
  // A meeting that was ended needs nobody any more, although its hour has not passed.
  const coming = near.filter((one) => { const task = cases.found.get(`Task/${caseIdOf(one) ?? ''}`); return task?.resourceType !== 'Task' || regionsOf(task).session !== 'ended'; });
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (coming.length === 0) return null;
  return (
    <Section title={t('sessions')} icon={IconCalendarTime}>
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>{coming.map((one) => <li key={one.id}><SessionRow appointment={one} now={now} /></li>)}</Stack>
    </Section>
  );
}

function SessionRow({ appointment, now }: { appointment: Appointment; now: Date }) {
  const { t } = useTranslation('home');
  const { time, weekday } = useFormat();
  const start = new Date(appointment.start ?? 0);
  const soon = start.getTime() - now.getTime() < SOON_MS;
  const caseId = caseIdOf(appointment);
  const patient = appointment.participant?.find((one) => one.actor?.reference?.startsWith('Patient/'))?.actor;
  return (
    <Paper p="md" radius="md" bg={soon ? 'light-dark(#e6f6f7, #12343c)' : 'light-dark(#f3f7f8, #0f1720)'}>
      <Group justify="space-between" gap="sm">
        <Group wrap="nowrap" style={{ flex: '1 1 14rem' }}>
          <Box ta="center" miw={84}><Text fw={700} fz="xl" className="number" lh={1.1}>{time(appointment.start)}</Text><Text size="sm" c="dimmed">{weekday(appointment.start)}</Text></Box>
          <Box className="grow"><Text fw={600}><PatientName id={referenceId(patient)} display={patient?.display} /></Text><Badge color={soon ? 'green' : 'gray'} mt={2}><Countdown to={appointment.start ?? ''} /></Badge></Box>
        </Group>
        {caseId && (soon
          ? <ButtonLink to={`/cases/${caseId}/room`} size="lg" leftSection={<IconVideo size={22} aria-hidden />}>{t('join')}</ButtonLink>
          : <ButtonLink to={`/cases/${caseId}`} variant="default">{t('prepare')}</ButtonLink>)}
      </Group>
    </Paper>
  );
}
