import { Alert, Box, Button, Group, Progress, Select, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import { IconMicrophone, IconVideo, IconVideoOff, IconVolume } from '@tabler/icons-react';
import type { LinkReportView } from '@bedside/server/media/protocol/index.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { roomUrl } from '../address.ts';
import { measureLink, playTestTone, watchLevel, type DeviceFault } from '../core/index.ts';
import { LinkReport, type Measuring } from './LinkReport.tsx';
import { useDevices } from './use-devices.ts';

/** What the check hands to the room. Whoever takes the tracks stops them. */
export interface ReadyDevices {
  readonly microphone: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  readonly speakerId: string | undefined;
  readonly link: LinkReportView | undefined;
}

export interface DeviceCheckProps {
  readonly onReady: (ready: ReadyDevices) => void;
  /** Address of the signalling; that of this page's server when absent. */
  readonly url?: string;
  readonly joinLabel?: string;
}

function Meter({ track }: { track: MediaStreamTrack }) {
  const { t } = useTranslation('room');
  const [level, setLevel] = useState(0);
  useEffect(() => watchLevel(track, setLevel), [track]);
  return <Progress value={level * 100} aria-label={t('check.level')} color="green" size="lg" transitionDuration={60} data-testid="level" />;
}

function Preview({ track }: { track: MediaStreamTrack | null }) {
  const { t } = useTranslation('room');
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => { if (video.current !== null) video.current.srcObject = track === null ? null : new MediaStream([track]); }, [track]);
  if (track === null) return <Box className="room-preview"><IconVideoOff size={48} aria-hidden /><Text>{t('check.noPicture')}</Text></Box>;
  return <Box className="room-preview"><video ref={video} autoPlay muted playsInline className="room-mirrored" aria-label={t('check.preview')} /></Box>;
}

const Fault = ({ kind, fault }: { kind: 'camera' | 'microphone'; fault: DeviceFault }) => {
  const { t } = useTranslation('room');
  return <Alert color="orange" title={t(`check.fault.${kind}`)}>{t(`check.fault.${fault}`)}</Alert>;
};

/** Before joining: camera, microphone, speaker and link, each with a clear answer; a missing camera is no reason to stay out. */
export function DeviceCheck({ onReady, url = roomUrl(), joinLabel }: DeviceCheckProps) {
  const { t } = useTranslation('room');
  const devices = useDevices();
  const [microphoneOn, setMicrophoneOn] = useState(true);
  const [cameraOn, setCameraOn] = useState(true);
  const [speakerId, setSpeakerId] = useState<string>();
  const [measuring, setMeasuring] = useState<Measuring>({ is: 'running', fraction: 0 });
  const running = useRef<AbortController>(undefined);

  const measure = useCallback(() => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setMeasuring({ is: 'running', fraction: 0 });
    const show = (now: Measuring): void => { if (!abort.signal.aborted) setMeasuring(now); };
    measureLink({ url, signal: abort.signal, onProgress: (fraction) => show({ is: 'running', fraction }) }).then((link) => show({ is: 'done', link }), () => show({ is: 'failed' }));
  }, [url]);
  useEffect(() => { measure(); return () => running.current?.abort(); }, [measure]);

  const options = (kind: MediaDeviceKind) => devices.list.filter((device) => device.kind === kind).map((device, index) => ({ value: device.deviceId, label: device.label || t('check.device', { number: index + 1 }) }));
  const select = (kind: MediaDeviceKind, label: string, value: string | undefined, onChange: (id: string | undefined) => void) => {
    const data = options(kind);
    return data.length === 0 ? null : <Select label={label} data={data} value={value ?? data[0]!.value} onChange={(id) => onChange(id ?? undefined)} allowDeselect={false} />;
  };
  const join = (): void => {
    devices.handOver();
    onReady({ microphone: devices.microphone, camera: devices.camera, microphoneOn, cameraOn, speakerId, link: measuring.is === 'done' ? measuring.link : undefined });
  };
  const audioOnly = devices.camera === null && devices.microphone !== null;
  return (
    <Stack gap="md" className="room-check">
      <div><Title order={1}>{t('check.title')}</Title><Text c="dimmed">{t('check.about')}</Text></div>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Stack gap="sm">
          <Preview track={cameraOn ? devices.camera : null} />
          <Group gap="lg">
            <Switch label={t('check.microphoneOn')} checked={microphoneOn && devices.microphone !== null} disabled={devices.microphone === null} onChange={(event) => setMicrophoneOn(event.currentTarget.checked)} thumbIcon={<IconMicrophone size={12} aria-hidden />} />
            <Switch label={t('check.cameraOn')} checked={cameraOn && devices.camera !== null} disabled={devices.camera === null} onChange={(event) => setCameraOn(event.currentTarget.checked)} thumbIcon={<IconVideo size={12} aria-hidden />} />
          </Group>
          {devices.cameraFault !== undefined && <Fault kind="camera" fault={devices.cameraFault} />}
          {devices.microphoneFault !== undefined && <Fault kind="microphone" fault={devices.microphoneFault} />}
        </Stack>
        <Stack gap="sm">
          {select('audioinput', t('check.microphone'), devices.microphone?.getSettings().deviceId, devices.chooseMicrophone)}
          {devices.microphone !== null && <div><Text size="sm" mb={4}>{t('check.speak')}</Text><Meter track={devices.microphone} /></div>}
          {select('videoinput', t('check.camera'), devices.camera?.getSettings().deviceId, devices.chooseCamera)}
          {select('audiooutput', t('check.speaker'), speakerId, setSpeakerId)}
          <Group><Button variant="default" leftSection={<IconVolume aria-hidden size={18} />} onClick={() => void playTestTone(speakerId)}>{t('check.tone')}</Button></Group>
          <LinkReport measuring={measuring} onRepeat={measure} />
        </Stack>
      </SimpleGrid>
      <Group>
        <Button size="lg" onClick={join} loading={devices.asking} data-testid="join">{joinLabel ?? (audioOnly ? t('check.joinAudioOnly') : t('check.join'))}</Button>
      </Group>
    </Stack>
  );
}
