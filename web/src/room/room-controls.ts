import type { TFunction } from 'i18next';
import { controlIcons, type Control, type PanelName } from './ControlBar.tsx';
import { captureScreen, type RoomClient, type RoomSnapshot } from './core/index.ts';
import type { StageView } from './stage/Stage.tsx';

export interface ControlContext {
  readonly client: RoomClient;
  readonly snapshot: RoomSnapshot;
  readonly t: TFunction<'room'>;
  readonly panel: PanelName | undefined;
  readonly view: StageView;
  /** Name of the page's own panel, when it has one. */
  readonly sideName: string | undefined;
  readonly unread: number;
  toggle(panel: PanelName): void;
  setView(view: StageView): void;
  leave(): void;
  shareFailed(): void;
}

/** The buttons as the room stands now. */
export function roomControls({ client, snapshot, t, panel, view, sideName, unread, toggle, setView, leave, shareFailed }: ControlContext): Control[] {
  const { you, microphoneOn, cameraOn, sharing, floorHolderId } = snapshot;
  const othersShare = floorHolderId !== undefined && floorHolderId !== you?.participantId;
  const waiting = you?.canAdmit === true ? snapshot.participants.filter((one) => one.presence === 'waiting').length : 0;
  const share = async (): Promise<void> => {
    if (sharing) { client.stopSharing(); return; }
    const track = await captureScreen();
    if (track !== undefined) await client.share(track);
  };
  const canShare = you?.role !== 'observer' && globalThis.navigator.mediaDevices?.getDisplayMedia !== undefined;
  return [
    { id: 'microphone', keys: 'm', label: microphoneOn ? t('control.mute') : t('control.unmute'), icon: microphoneOn ? controlIcons.microphone : controlIcons.microphoneOff, ...(microphoneOn ? {} : { tone: 'off' as const }), run: () => client.setMicrophoneOn(!microphoneOn) },
    { id: 'camera', keys: 'v', label: cameraOn ? t('control.cameraOff') : t('control.cameraOn'), icon: cameraOn ? controlIcons.camera : controlIcons.cameraOff, ...(cameraOn ? {} : { tone: 'off' as const }), run: () => client.setCameraOn(!cameraOn) },
    ...(canShare ? [{ id: 'share', keys: 's', label: sharing ? t('control.unshare') : t('control.share'), icon: sharing ? controlIcons.shareOff : controlIcons.share, pressed: sharing, disabled: othersShare, run: () => { share().catch(shareFailed); } }] : []),
    { id: 'hand', keys: 'h', label: you?.hand === true ? t('control.lowerHand') : t('control.raiseHand'), icon: controlIcons.hand, pressed: you?.hand === true, run: () => client.raiseHand(you?.hand !== true) },
    ...(sideName === undefined ? [] : [{ id: 'side', keys: 'b', label: sideName, icon: controlIcons.side, pressed: panel === 'side', run: () => toggle('side') }]),
    { id: 'chat', keys: 'c', label: t('chat.title'), icon: controlIcons.chat, pressed: panel === 'chat', count: panel === 'chat' ? 0 : unread, run: () => toggle('chat') },
    { id: 'people', keys: 'p', label: t('people.title'), icon: controlIcons.people, pressed: panel === 'people', count: waiting, run: () => toggle('people') },
    { id: 'view', keys: 'g', label: view === 'grid' ? t('control.speaker') : t('control.grid'), icon: view === 'grid' ? controlIcons.speaker : controlIcons.grid, run: () => setView(view === 'grid' ? 'speaker' : 'grid') },
    { id: 'leave', keys: 'l', label: t('control.leave'), icon: controlIcons.leave, tone: 'danger', run: leave },
  ];
}
