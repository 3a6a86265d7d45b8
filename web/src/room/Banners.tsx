import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RoomClient, RoomSnapshot } from './core/index.ts';

export type Notice = { readonly kind: 'muted' } | { readonly kind: 'failed'; readonly code: string };

/** Codes that have words of their own. */
const known = ['room.full', 'room.floor-taken', 'room.forbidden', 'room.chat-failed', 'room.consent-failed', 'room.share', 'room.busy'];

/** What needs to be seen now: a broken connection, a guest at the door, sound that waits for a click. */
export function Banners({ client, snapshot, notice, blocked, onUnblock, onDismiss }: { client: RoomClient; snapshot: RoomSnapshot; notice: Notice | undefined; blocked: boolean; onUnblock: () => void; onDismiss: () => void }) {
  const { t } = useTranslation('room');
  const guests = snapshot.you?.canAdmit === true ? snapshot.participants.filter((one) => one.presence === 'waiting') : [];
  const reconnecting = snapshot.phase === 'reconnecting' || (snapshot.phase === 'inside' && !snapshot.mediaConnected);
  return (
    <div className="room-banners">
      {reconnecting && <p className="room-banner" data-tone="warning" role="status" data-testid="reconnecting">{snapshot.phase === 'reconnecting' ? t('banner.reconnecting') : t('banner.connectingMedia')}</p>}
      {guests.map((guest) => (
        <div key={guest.participantId} className="room-banner" role="status">
          <span>{t('banner.knocking', { name: guest.displayName })}</span>
          <Button size="sm" onClick={() => client.admit(guest.participantId, true)}>{t('people.admit')}</Button>
          <Button size="sm" variant="default" onClick={() => client.admit(guest.participantId, false)}>{t('people.refuse')}</Button>
        </div>
      ))}
      {snapshot.you?.consent === 'refused' && <div className="room-banner" data-tone="warning" role="status"><span>{t('banner.refused')}</span><Button size="sm" onClick={() => client.answerConsent(true)}>{t('consent.grant')}</Button></div>}
      {snapshot.you?.consent === 'granted' && snapshot.you.role === 'patient' && <div className="room-banner" data-tone="quiet"><span>{t('banner.granted')}</span><Button size="compact-sm" variant="default" onClick={() => client.answerConsent(false)}>{t('consent.withdraw')}</Button></div>}
      {blocked && <div className="room-banner" data-tone="warning" role="status"><span>{t('banner.blocked')}</span><Button size="sm" onClick={onUnblock}>{t('banner.unblock')}</Button></div>}
      {notice !== undefined && (
        <div className="room-banner" data-tone="warning" role="alert">
          <span>{notice.kind === 'muted' ? t('banner.muted') : t(known.includes(notice.code) ? `failed.${notice.code.slice(5)}` : 'failed.other')}</span>
          <Button size="sm" variant="default" onClick={onDismiss}>{t('banner.dismiss')}</Button>
        </div>
      )}
    </div>
  );
}
