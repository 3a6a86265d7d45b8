import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomSnapshot } from '../core/index.ts';
import { VideoTile } from './VideoTile.tsx';

export type StageView = 'grid' | 'speaker';

function Screen({ stream, name }: { stream: MediaStream; name: string }) {
  const { t } = useTranslation('room');
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => { if (video.current !== null && video.current.srcObject !== stream) video.current.srcObject = stream; }, [stream]);
  return <figure className="room-screen" data-testid="screen"><video ref={video} autoPlay playsInline muted aria-label={t('tile.screen', { name })} /><figcaption><span className="room-name" dir="auto">{t('tile.screen', { name })}</span></figcaption></figure>;
}

/** The pictures: a shared screen or the one who speaks large, or all alike. */
export function Stage({ snapshot, view, camera, speakerId, onBlocked }: { snapshot: RoomSnapshot; view: StageView; camera: MediaStream | undefined; speakerId: string | undefined; onBlocked: () => void }) {
  const { t } = useTranslation('room');
  const { you, streams, auxiliary, quality } = snapshot;
  const others = snapshot.participants.filter((one) => one.presence !== 'waiting');
  const speaking = others.find((one) => one.participantId === snapshot.speakerId);
  const large = auxiliary === undefined && view === 'speaker' ? speaking ?? others[0] : undefined;
  const tile = (one: (typeof others)[number]) => (
    <VideoTile key={one.participantId} participant={one} stream={streams.get(one.participantId)} speaking={one.participantId === snapshot.speakerId} quality={quality.get(one.participantId)} speakerId={speakerId} onBlocked={onBlocked} />
  );
  const screenName = others.find((one) => one.participantId === auxiliary?.participantId)?.displayName ?? '';
  return (
    <section className="room-stage" data-layout={auxiliary !== undefined || large !== undefined ? 'large' : 'grid'} data-count={others.length + 1} aria-label={t('stage')}>
      {auxiliary !== undefined && <Screen stream={auxiliary.stream} name={screenName} />}
      {large !== undefined && <div className="room-large">{tile(large)}</div>}
      <div className="room-tiles" role="group" aria-label={t('people.inside')} tabIndex={auxiliary !== undefined || large !== undefined ? 0 : undefined}>
        {others.filter((one) => one !== large).map(tile)}
        {you !== undefined && <VideoTile participant={{ ...you, audio: snapshot.microphoneOn, video: snapshot.cameraOn, consent: you.consent === 'granted' ? 'granted' : 'not-needed' }} stream={camera} self />}
      </div>
      {others.length === 0 && <p className="room-alone" role="status">{t('alone')}</p>}
    </section>
  );
}
