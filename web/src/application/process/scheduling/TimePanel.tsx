import { Badge, Group, Stack, Text } from '@mantine/core';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/index.ts';
import { Countdown, Empty, Section, TimeInZones } from '../../../primitives/index.ts';
import { personOf, type CaseView } from '../case.ts';

const colors: Readonly<Record<string, string>> = { proposed: 'yellow', booked: 'green', cancelled: 'red', fulfilled: 'gray' };

/** When they meet, in the zones of both. */
export function TimePanel({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const { minutes } = useFormat();
  const { appointment } = view;
  const wished = view.request?.occurrencePeriod;
  const people = [personOf(view.pool, view.task.requester), personOf(view.pool, view.task.owner)];
  const zones = people.flatMap((person) => (person.zone ? [{ zone: person.zone, who: person.name }] : []));
  return (
    <Section title={t('time')} icon={IconCalendarEvent}>
      {appointment?.start ? (
        <Stack gap="xs">
          <Group justify="space-between" align="flex-start"><TimeInZones when={appointment.start} zones={zones} /><Badge color={colors[appointment.status ?? ''] ?? 'gray'}>{t(`appointment.${appointment.status}`, { defaultValue: appointment.status })}</Badge></Group>
          <Text size="sm" c="dimmed">{appointment.end ? minutes((Date.parse(appointment.end) - Date.parse(appointment.start)) / 60_000) : ''}{appointment.status === 'booked' && Date.parse(appointment.start) > Date.now() ? <> · <Countdown to={appointment.start} /></> : null}</Text>
        </Stack>
      ) : wished?.start ? <Stack gap={4}><Text size="sm" c="dimmed">{t('wished')}</Text><TimeInZones when={wished.start} zones={zones} />{wished.end && <TimeInZones when={wished.end} zones={[]} />}</Stack> : <Empty title={t('noTime')} />}
    </Section>
  );
}
