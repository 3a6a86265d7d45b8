import { Button, Center, Group, Loader, Modal, Stack, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { roomUrl } from './address.ts';
import { Banners, type Notice } from './Banners.tsx';
import type { ReadyDevices } from './check/DeviceCheck.tsx';
import { ControlBar, type PanelName } from './ControlBar.tsx';
import type { Ending } from './core/index.ts';
import { ChatPanel } from './panels/ChatPanel.tsx';
import { ConsentDialog } from './panels/ConsentDialog.tsx';
import { PeoplePanel } from './panels/PeoplePanel.tsx';
import { SidePanel } from './panels/SidePanel.tsx';
import { Stage, type StageView } from './stage/Stage.tsx';
import { roomControls } from './room-controls.ts';
import { useRoomClient } from './use-room-client.ts';
import { WaitingRoom } from './WaitingRoom.tsx';
import './room.css';

export interface RoomProps {
  /** Single-use join ticket. */
  readonly ticket: string;
  /** What the device check handed over. */
  readonly devices: ReadyDevices;
  /** Address of the signalling; that of this page's server when absent. */
  readonly url?: string;
  /** The record's materials, the whiteboard: shown beside the pictures, or over them on a narrow screen. */
  readonly side?: ReactNode;
  readonly sideLabel?: string;
  readonly title?: string;
  /** The stay is over; the page decides what comes next. */
  readonly onOver?: (ending: Ending) => void;
}

function Over({ ending, refusal }: { ending: Ending; refusal: string | undefined }) {
  const { t } = useTranslation('room');
  return (
    <Center component="main" className="room-dark room-message"><Stack ta="center" align="center" maw={460} p="md"><Title order={1}>{t(`over.${ending}.title`)}</Title><Text role="status">{refusal === 'room.full' ? t('failed.full') : t(`over.${ending}.about`)}</Text></Stack></Center>
  );
}

/** The conference room. Leaving the page leaves the meeting. */
export function Room({ ticket, devices, url = roomUrl(), side, sideLabel, title, onOver }: RoomProps) {
  const { t } = useTranslation('room');
  const { client, snapshot } = useRoomClient(url, ticket, devices);
  const [view, setView] = useState<StageView>('grid');
  const [panel, setPanel] = useState<PanelName | undefined>(side !== undefined && globalThis.innerWidth >= 900 ? 'side' : undefined);
  const [leaving, setLeaving] = useState(false);
  const [notice, setNotice] = useState<Notice>();
  const [blocked, setBlocked] = useState(false);
  const [seenLines, setSeenLines] = useState(0);
  const camera = useMemo(() => (devices.camera === null ? undefined : new MediaStream([devices.camera])), [devices.camera]);
  const onBlocked = useCallback(() => setBlocked(true), []);
  const told = useRef(onOver);
  told.current = onOver;

  useEffect(() => {
    const stops = [
      client.on('muted', () => setNotice({ kind: 'muted' })),
      client.on('failed', ({ code }) => setNotice({ kind: 'failed', code })),
    ];
    return () => { for (const stop of stops) stop(); };
  }, [client]);
  useEffect(() => { if (snapshot.ending !== undefined) told.current?.(snapshot.ending); }, [snapshot.ending]);
  useEffect(() => { if (panel === 'chat') setSeenLines(snapshot.chat.length); }, [panel, snapshot.chat.length]);

  const toggle = useCallback((name: PanelName) => setPanel((now) => (now === name ? undefined : name)), []);
  if (snapshot.ending !== undefined) return <Over ending={snapshot.ending} refusal={snapshot.refusal} />;
  if (snapshot.phase === 'waiting') return <WaitingRoom onLeave={() => client.leave()} />;
  if (snapshot.you === undefined) return <Center component="main" className="room-dark room-message"><Stack align="center"><Loader color="bedside.3" aria-hidden /><Text role="status">{t('connecting')}</Text></Stack></Center>;

  const close = (): void => setPanel(undefined);
  const unblock = (): void => {
    setBlocked(false);
    for (const video of document.querySelectorAll<HTMLVideoElement>('.room-tile video')) video.play().catch(() => setBlocked(true));
  };
  const sideName = sideLabel ?? t('side');
  const controls = roomControls({
    client, snapshot, t, panel, view, sideName: side === undefined ? undefined : sideName, unread: Math.max(0, snapshot.chat.length - seenLines),
    toggle, setView, leave: () => setLeaving(true), shareFailed: () => setNotice({ kind: 'failed', code: 'room.share' }),
  });
  return (
    <main className="room-dark room" data-panel={panel ?? 'none'} data-phase={snapshot.phase} data-connected={snapshot.mediaConnected}>
      <header className="room-head"><h1 className="room-title" dir="auto">{title ?? t('title')}</h1></header>
      <Banners client={client} snapshot={snapshot} notice={notice} blocked={blocked} onUnblock={unblock} onDismiss={() => setNotice(undefined)} />
      <div className="room-body">
        <Stage snapshot={snapshot} view={view} camera={camera} speakerId={devices.speakerId} onBlocked={onBlocked} />
        {side !== undefined && <SidePanel title={sideName} shown={panel === 'side'} wide onClose={close}>{side}</SidePanel>}
        <SidePanel title={t('people.title')} shown={panel === 'people'} onClose={close}><PeoplePanel client={client} snapshot={snapshot} /></SidePanel>
        <SidePanel title={t('chat.title')} shown={panel === 'chat'} onClose={close}><ChatPanel lines={snapshot.chat} ownId={snapshot.you.participantId} onSend={(text) => client.chat(text)} /></SidePanel>
      </div>
      <ControlBar controls={controls} />
      <ConsentDialog key={String(snapshot.consentNeeded)} opened={snapshot.consentNeeded} onAnswer={(granted) => client.answerConsent(granted)} />
      <Modal opened={leaving} onClose={() => setLeaving(false)} title={t('leave.title')} closeButtonProps={{ 'aria-label': t('leave.stay') }} transitionProps={{ duration: 0 }}>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setLeaving(false)}>{t('leave.stay')}</Button>
          <Button onClick={() => client.leave()}>{t('leave.leave')}</Button>
          {snapshot.you.canAdmit && <Button color="red.9" onClick={() => client.endForAll()}>{t('leave.end')}</Button>}
        </Group>
      </Modal>
    </main>
  );
}
