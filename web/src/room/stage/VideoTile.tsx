import { IconHandStop, IconMicrophoneOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { ParticipantView, QualityView } from '@bedside/server/media/protocol/index.ts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { gradeIcons } from '../check/LinkReport.tsx';

export interface VideoTileProps {
  readonly participant: ParticipantView;
  readonly stream: MediaStream | undefined;
  /** Oneself: mirrored and without sound. */
  readonly self?: boolean;
  readonly speaking?: boolean;
  readonly quality?: QualityView | undefined;
  readonly speakerId?: string | undefined;
  readonly onBlocked?: () => void;
}

const initials = (name: string): string => name.split(/\s+/u).filter((part) => /\p{L}/u.test(part)).slice(-2).map((part) => [...part][0]).join('').toUpperCase();

type Sinkable = HTMLVideoElement & { setSinkId?: (id: string) => Promise<void> };

/** One participant's picture and sound, with name, microphone, hand and link. */
export function VideoTile({ participant, stream, self = false, speaking = false, quality, speakerId, onBlocked }: VideoTileProps) {
  const { t } = useTranslation('room');
  const video = useRef<Sinkable>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    if (element.srcObject !== (stream ?? null)) element.srcObject = stream ?? null;
    // Without a click before, browsers refuse to play sound: the room then offers a button.
    if (stream !== undefined) element.play().catch((error: unknown) => { if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.(); });
  }, [stream, onBlocked]);
  useEffect(() => { if (speakerId !== undefined) video.current?.setSinkId?.(speakerId).catch(() => undefined); }, [speakerId]);
  const { displayName, audio, hand, presence, consent } = participant;
  const hidden = !participant.video || consent === 'asked' || consent === 'refused';
  const Grade = quality === undefined ? undefined : gradeIcons[quality.grade];
  return (
    <figure className="room-tile" data-speaking={speaking || undefined} data-participant={participant.participantId} aria-label={displayName}>
      <video ref={video} autoPlay playsInline muted={self} className={self ? 'room-mirrored' : undefined} hidden={hidden} aria-label={t('tile.picture', { name: displayName })} />
      {hidden && <span className="room-initials" aria-hidden>{initials(displayName)}</span>}
      {(consent === 'asked' || consent === 'refused') && <span className="room-overlay">{t(`tile.consent.${consent}`)}</span>}
      {presence === 'away' && <span className="room-overlay"><IconPlugConnectedX aria-hidden size={20} /> {t('tile.away')}</span>}
      {hand && <span className="room-hand"><IconHandStop aria-hidden size={20} /><span className="room-hidden">{t('tile.hand')}</span></span>}
      <figcaption>
        {!audio && <><IconMicrophoneOff aria-hidden size={16} /><span className="room-hidden">{t('tile.muted')}</span></>}
        <span className="room-name" dir="auto">{self ? t('tile.you', { name: displayName }) : displayName}</span>
        {Grade !== undefined && quality !== undefined && <span title={t(`quality.${quality.grade}`)} data-grade={quality.grade} className="room-grade"><Grade aria-hidden size={16} /><span className="room-hidden">{t(`quality.${quality.grade}`)}</span></span>}
      </figcaption>
    </figure>
  );
}
