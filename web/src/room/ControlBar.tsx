import {
  IconDoorExit, IconHandStop, IconLayoutGrid, IconMessage, IconMicrophone, IconMicrophoneOff, IconNotes, IconScreenShare, IconScreenShareOff, IconUser, IconUsers, IconVideo, IconVideoOff,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '../primitives/index.ts';

export type PanelName = 'side' | 'people' | 'chat';

export interface Control {
  readonly id: string;
  readonly label: string;
  readonly keys: string;
  readonly icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly tone?: 'off' | 'danger';
  /** How many things wait behind the button. */
  readonly count?: number;
  readonly run: () => void;
}

export const controlIcons = {
  microphone: IconMicrophone, microphoneOff: IconMicrophoneOff, camera: IconVideo, cameraOff: IconVideoOff, share: IconScreenShare, shareOff: IconScreenShareOff,
  hand: IconHandStop, chat: IconMessage, people: IconUsers, side: IconNotes, grid: IconLayoutGrid, speaker: IconUser, leave: IconDoorExit,
} as const;

/** The buttons of the room: each with a word under it and a key. */
export function ControlBar({ controls }: { controls: readonly Control[] }) {
  const { t } = useTranslation('room');
  useShortcuts(controls.filter((one) => one.disabled !== true).map((one) => ({ keys: one.keys, label: one.label, run: one.run })));
  return (
    <div className="room-bar" role="toolbar" aria-label={t('controls')}>
      {controls.map(({ id, label, keys, icon: Icon, pressed, disabled, tone, count, run }) => (
        <button key={id} type="button" className="room-button" data-control={id} data-tone={tone} aria-pressed={pressed} aria-keyshortcuts={keys} title={t('withKey', { label, key: keys.toUpperCase() })} disabled={disabled} onClick={run}>
          <Icon size={24} aria-hidden />
          <span>{label}</span>
          {count !== undefined && count > 0 && <span className="room-count"><span className="room-hidden">{t('waitingCount')}</span>{count}</span>}
        </button>
      ))}
    </div>
  );
}
