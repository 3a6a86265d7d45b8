import { ActionIcon, Box, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Slot } from '@medplum/fhirtypes';
import { IconCalendarOff, IconChevronLeft, IconChevronRight, IconMoon } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matches, useSearch } from '../../../fhir/index.ts';
import { useFormat, zoneCity } from '../../../format/index.ts';
import { Empty, Loaded } from '../../../primitives/index.ts';
import { dayIn, daysOf, isNight, shiftDay, weekFrom } from './slots.ts';

interface Props { readonly practitionerRole: string; readonly otherZone: string | undefined; readonly chosen?: string | undefined; readonly onChoose?: (slot: Slot) => void }

/** An expert's free times of a week: seven columns on a wide screen, a list of days on a phone. */
export function SlotWeek({ practitionerRole, otherZone, chosen, onChoose }: Props) {
  const { t } = useTranslation('process');
  const { zone, weekday } = useFormat();
  const today = dayIn(new Date(), zone);
  const [from, setFrom] = useState(today);
  const days = weekFrom(from);
  const query = useSearch('Slot', { 'schedule.actor': practitionerRole, 'status': 'free', 'start': [`ge${from === today ? new Date(Math.ceil(Date.now() / 900_000) * 900_000).toISOString() : `${shiftDay(from, -1)}T00:00:00Z`}`, `lt${shiftDay(from, 8)}T23:59:59Z`], '_sort': 'start', '_count': '300' });
  const byDay = new Map(daysOf(matches(query.data, 'Slot'), zone).map((one) => [one.day, one.slots]));
  const any = days.some((day) => (byDay.get(day) ?? []).length > 0);
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap">
        <ActionIcon variant="default" aria-label={t('weekBefore')} disabled={from <= today} onClick={() => setFrom(shiftDay(from, -7) < today ? today : shiftDay(from, -7))}><IconChevronLeft aria-hidden className="flip-rtl" /></ActionIcon>
        <Text fw={650} ta="center" aria-live="polite">{weekday(`${from}T12:00:00Z`)} – {weekday(`${days[6] ?? from}T12:00:00Z`)}</Text>
        <ActionIcon variant="default" aria-label={t('weekAfter')} onClick={() => setFrom(shiftDay(from, 7))}><IconChevronRight aria-hidden className="flip-rtl" /></ActionIcon>
      </Group>
      <Text size="sm" c="dimmed">{t('timesIn', { place: zoneCity(zone) })}{otherZone && otherZone !== zone ? ` · ${t('expertIn', { place: zoneCity(otherZone) })}` : ''}</Text>
      <Loaded query={query} rows={2}>{() => (!any ? <Empty icon={IconCalendarOff} title={t('noFreeTime')} action={<Button variant="light" onClick={() => setFrom(shiftDay(from, 7))}>{t('weekAfter')}</Button>} /> : (
        <SimpleGrid cols={{ base: 1, xs: 3, sm: 4, md: 7 }} spacing="xs">
          {days.filter((day) => byDay.has(day)).map((day) => (
            <Box key={day}>
              <Text fw={600} size="sm" mb={6} component="h3">{weekday(`${day}T12:00:00Z`)}</Text>
              <SimpleGrid cols={{ base: 3, xs: 1 }} spacing={6}>{(byDay.get(day) ?? []).map((slot) => <SlotButton key={slot.id} slot={slot} otherZone={otherZone} chosen={chosen === slot.id} {...(onChoose ? { onChoose } : {})} />)}</SimpleGrid>
            </Box>
          ))}
        </SimpleGrid>
      ))}</Loaded>
    </Stack>
  );
}

function SlotButton({ slot, otherZone, chosen, onChoose }: { slot: Slot; otherZone: string | undefined; chosen: boolean; onChoose?: (slot: Slot) => void }) {
  const { t } = useTranslation('process');
  const { time, zone } = useFormat();
  const start = slot.start ?? '';
  const night = isNight(start, zone) || (otherZone !== undefined && isNight(start, otherZone));
  const differs = otherZone !== undefined && time(start, { zone: otherZone }) !== time(start);
  const words = <Stack gap={0} align="center"><Group gap={4} wrap="nowrap"><span className="number">{time(start)}</span>{night && <IconMoon size={14} aria-label={t('night')} />}</Group>{differs && <Text span size="xs" className="number" inherit={false} opacity={0.85}>({time(start, { zone: otherZone })})</Text>}</Stack>;
  if (!onChoose) return <Box ta="center" py={6} px={4} bg="light-dark(#eef5f6, #1d2a35)" style={{ borderRadius: 8 }} fw={600}>{words}</Box>;
  return <Button variant={chosen ? 'filled' : 'default'} aria-pressed={chosen} h="auto" py={8} px={4} onClick={() => onChoose(slot)}>{words}</Button>;
}
