import { Alert, Center, Loader, Select, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Observation } from '@medplum/fhirtypes';
import { decodeWaveforms, primaryWaveform, readPart10Bytes, type WaveformGroup } from '@bedside/dicom';
import { EcgError, recordingFromObservation, type EcgRecording } from '@bedside/ecg';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dicomweb } from '../dicomweb/index.ts';
import { EcgStrip } from './EcgStrip.tsx';

/** The waveforms of a DICOM object; when it holds several groups, one is chosen. */
export function EcgFromDicom({ dicomweb, studyUid, seriesUid, instanceUid, title }: { dicomweb: Dicomweb; studyUid: string; seriesUid: string; instanceUid: string; title?: string }) {
  const { t } = useTranslation('ecg');
  const [groups, setGroups] = useState<readonly WaveformGroup[]>();
  const [failed, setFailed] = useState(false);
  const [chosen, setChosen] = useState<number>();
  useEffect(() => {
    const closing = new AbortController();
    setGroups(undefined);
    setFailed(false);
    const load = async (): Promise<void> => {
      try {
        const found = decodeWaveforms(await readPart10Bytes(await dicomweb.instance(studyUid, seriesUid, instanceUid, closing.signal)));
        if (!closing.signal.aborted) setGroups(found);
      } catch {
        if (!closing.signal.aborted) setFailed(true);
      }
    };
    void load();
    return () => closing.abort();
  }, [dicomweb, studyUid, seriesUid, instanceUid]);
  const group = groups && (chosen === undefined ? primaryWaveform(groups) : groups[chosen]);
  const recording = useMemo<EcgRecording | undefined>(() => group && { samplingHz: group.samplingHz, leads: group.leads }, [group]);
  if (failed) return <Unreadable />;
  if (!groups || !recording) return <Center mih={160}><Loader aria-label={t('loading')} /></Center>;
  return (
    <Stack gap="xs">
      {groups.length > 1 && (
        <Select label={t('group')} size="sm" maw={320} allowDeselect={false} value={String(groups.indexOf(group!))} onChange={(value) => setChosen(Number(value))}
          data={groups.map((g, n) => ({ value: String(n), label: t('group.name', { label: g.label || String(n + 1), count: g.leads.length }) }))} />
      )}
      <EcgStrip recording={recording} {...(title !== undefined && { title })} />
    </Stack>
  );
}

/** An ECG kept as a FHIR Observation with SampledData. */
export function EcgFromObservation({ observation, title }: { observation: Observation; title?: string }) {
  const recording = useMemo(() => {
    try {
      return recordingFromObservation(observation);
    } catch (error) {
      if (error instanceof EcgError) return undefined;
      throw error;
    }
  }, [observation]);
  return recording ? <EcgStrip recording={recording} {...(title !== undefined && { title })} /> : <Unreadable />;
}

function Unreadable() {
  const { t } = useTranslation('ecg');
  return <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('unreadable.title')}>{t('unreadable.do')}</Alert>;
}
