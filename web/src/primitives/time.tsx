import { Box, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime, useFormat, zoneCity } from '../format/index.ts';

/** The current instant, renewed every `everyMs`; all countdowns of a screen share the tick of their own hook. */
export function useNow(everyMs = 30_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** One instant in the zones of both sides; once when they are the same. */
export function TimeInZones({ when, zones }: { when: string | undefined; zones: readonly { zone: string; who?: string | undefined }[] }) {
  const { language, zone: own } = useFormat();
  const { t } = useTranslation('primitives');
  if (!when) return null;
  const shown = (zone: string): string => formatDateTime(when, language, { zone, withZone: false });
  const others = zones.filter((other, index) => shown(other.zone) !== shown(own) && zones.findIndex((z) => shown(z.zone) === shown(other.zone)) === index);
  return (
    <Box>
      <Text fw={650} className="number">{formatDateTime(when, language, { zone: own, weekday: true })}</Text>
      {others.map((other) => (
        <Text key={other.zone} size="sm" c="dimmed" className="number">
          {t('time.there', { time: formatDateTime(when, language, { zone: other.zone, weekday: true }), place: other.who ?? zoneCity(other.zone) })}
        </Text>
      ))}
    </Box>
  );
}

/** `in 12 minutes`, counted down. */
export function Countdown({ to }: { to: string }) {
  const now = useNow(15_000);
  const { relative } = useFormat();
  return <Group component="span" gap={4} className="number" style={{ display: 'inline-flex' }}>{relative(to, now)}</Group>;
}
