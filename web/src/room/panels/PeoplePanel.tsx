import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconHandStop, IconMicrophoneOff } from '@tabler/icons-react';
import type { ParticipantView } from '@bedside/server/media/protocol/index.ts';
import { useTranslation } from 'react-i18next';
import { gradeColors } from '../check/LinkReport.tsx';
import type { RoomClient, RoomSnapshot } from '../core/index.ts';

/** Who is here and who waits; a host lets in, mutes and removes. */
export function PeoplePanel({ client, snapshot }: { client: RoomClient; snapshot: RoomSnapshot }) {
  const { t, i18n } = useTranslation('room');
  const { you } = snapshot;
  const host = you?.canAdmit === true;
  const waiting = snapshot.participants.filter((one) => one.presence === 'waiting');
  const inside = snapshot.participants.filter((one) => one.presence !== 'waiting');
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 0 });
  const link = (one: ParticipantView) => {
    const quality = snapshot.quality.get(one.participantId);
    if (quality === undefined) return null;
    return <Text size="sm" c="dimmed"><Badge size="sm" color={gradeColors[quality.grade]} me={6}>{t(`quality.${quality.grade}`)}</Badge>{t('people.link', { ms: quality.roundTripMs, loss: percent.format(Math.max(quality.upLossFraction, quality.downLossFraction)) })}</Text>;
  };
  const person = (one: ParticipantView, self: boolean) => (
    <li key={one.participantId} className="room-person">
      <div>
        <Text fw={600}><span dir="auto">{self ? t('tile.you', { name: one.displayName }) : one.displayName}</span></Text>
        <Group gap={6}>
          <Badge size="sm">{t(`role.${one.role}`)}</Badge>
          {one.presence === 'away' && <Badge size="sm" color="orange">{t('tile.away')}</Badge>}
          {!one.audio && <Badge size="sm" color="gray" leftSection={<IconMicrophoneOff size={12} aria-hidden />}>{t('tile.muted')}</Badge>}
          {one.hand && <Badge size="sm" color="yellow" leftSection={<IconHandStop size={12} aria-hidden />}>{t('tile.hand')}</Badge>}
        </Group>
        {link(one)}
      </div>
      {host && !self && (
        <Group gap="xs" mt={6}>
          {one.audio && <Button size="sm" variant="default" onClick={() => client.mute(one.participantId)} aria-label={t('people.muteName', { name: one.displayName })}>{t('people.mute')}</Button>}
          <Button size="sm" variant="default" onClick={() => client.remove(one.participantId)} aria-label={t('people.removeName', { name: one.displayName })}>{t('people.remove')}</Button>
        </Group>
      )}
    </li>
  );
  return (
    <Stack gap="md">
      {waiting.length > 0 && (
        <section aria-label={t('people.waiting')}>
          <Title order={3}>{t('people.waiting')}</Title>
          <ul className="room-list">
            {waiting.map((one) => (
              <li key={one.participantId} className="room-person">
                <Text fw={600} dir="auto">{one.displayName}</Text>
                <Badge size="sm">{t(`role.${one.role}`)}</Badge>
                {host && <Group gap="xs" mt={6}><Button size="sm" onClick={() => client.admit(one.participantId, true)} aria-label={t('people.admitName', { name: one.displayName })}>{t('people.admit')}</Button><Button size="sm" variant="default" onClick={() => client.admit(one.participantId, false)} aria-label={t('people.refuseName', { name: one.displayName })}>{t('people.refuse')}</Button></Group>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul className="room-list" aria-label={t('people.inside')}>
        {you !== undefined && person({ ...you, audio: snapshot.microphoneOn, video: snapshot.cameraOn }, true)}
        {inside.map((one) => person(one, false))}
      </ul>
    </Stack>
  );
}
