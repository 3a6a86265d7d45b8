import { ActionIcon, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCamera, IconCheck, IconFileUpload, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Transfer, TransferFault, UploadedDocument } from './transfer.ts';
import { useTransfers } from './use-transfers.ts';

export interface UploadDropProps {
  /** Id of the patient whose record the files belong to; none for teaching material. */
  readonly patientId?: string;
  /** Material class. */
  readonly category: string;
  /** Id of the case's Task. */
  readonly caseId?: string;
  /** Title of the documents; the file's name unless given. */
  readonly title?: string;
  /** Headers that say who asks, fresh for each request. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly onUploaded: (document: UploadedDocument) => void;
  readonly endpoint?: string;
}

const accepted = '.pdf,.jpg,.jpeg,.png,.dcm,.mp4,.mov,.webm,.xml,.json,.txt,application/pdf,image/jpeg,image/png,application/dicom,video/mp4,video/quicktime,video/webm,text/xml,application/json,text/plain';

/** A place for files: dropped, pasted, chosen, or taken with the camera. They go on by themselves when the line breaks. */
export function UploadDrop({ patientId, category, caseId, title, headers, onUploaded, endpoint = '/upload' }: UploadDropProps) {
  const { t } = useTranslation('upload');
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const transfers = useTransfers({
    endpoint, headers, onUploaded,
    metadata: { category, ...(patientId ? { patient: patientId } : {}), ...(caseId ? { case: caseId } : {}), ...(title ? { title } : {}) },
  });
  const { add } = transfers;
  useEffect(() => {
    const pasted = (event: ClipboardEvent): void => {
      const found = [...event.clipboardData?.files ?? []];
      if (found.length === 0) return;
      event.preventDefault();
      add(found);
    };
    document.addEventListener('paste', pasted);
    return () => document.removeEventListener('paste', pasted);
  }, [add]);
  const chosen = (input: HTMLInputElement): void => {
    add([...input.files ?? []]);
    input.value = '';
  };
  return (
    <Stack gap="sm">
      <Paper withBorder p="lg" radius="md" role="group" aria-label={t('place')}
        style={{ borderStyle: 'dashed', borderWidth: 2, ...(over ? { borderColor: 'var(--mantine-primary-color-filled)' } : {}) }}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
        onDrop={(event) => { event.preventDefault(); setOver(false); add([...event.dataTransfer.files]); }}>
        <Stack align="center" gap="sm">
          <IconFileUpload size={36} aria-hidden />
          <Text ta="center">{t('invitation')}</Text>
          <Group justify="center">
            <Button leftSection={<IconFileUpload size={20} aria-hidden />} onClick={() => files.current?.click()}>{t('choose')}</Button>
            <Button variant="default" leftSection={<IconCamera size={20} aria-hidden />} onClick={() => camera.current?.click()}>{t('camera')}</Button>
          </Group>
          <Text size="sm" c="dimmed" ta="center">{t('kinds')}</Text>
        </Stack>
        <input ref={files} type="file" multiple hidden accept={accepted} aria-label={t('choose')} onChange={(event) => chosen(event.currentTarget)} />
        <input ref={camera} type="file" hidden accept="image/*" capture="environment" aria-label={t('camera')} onChange={(event) => chosen(event.currentTarget)} />
      </Paper>
      {transfers.list.length > 0 && (
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('list')}>
          {transfers.list.map((one) => <Row key={one.key} one={one} onPause={transfers.pause} onResume={transfers.resume} onCancel={transfers.cancel} />)}
        </Stack>
      )}
    </Stack>
  );
}

/** Faults that go away without another file. */
const worthAgain: ReadonlySet<TransferFault> = new Set(['quota', 'full', 'sign-in', 'unknown']);

interface RowProps { readonly one: Transfer; readonly onPause: (key: string) => void; readonly onResume: (key: string) => void; readonly onCancel: (key: string) => void }

function Row({ one, onPause, onResume, onCancel }: RowProps) {
  const { t, i18n } = useTranslation('upload');
  const percent = one.size === 0 ? 0 : Math.round((one.sent / one.size) * 100);
  const amount = new Intl.NumberFormat(i18n.language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });
  const moving = one.state === 'sending' || one.state === 'interrupted' || one.state === 'waiting';
  return (
    <Paper component="li" withBorder p="sm" radius="md" data-state={one.state}>
      <Group wrap="nowrap" justify="space-between" gap="xs">
        <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
          <Text size="sm" fw={600} truncate dir="auto">{one.name}</Text>
          <Group gap={6} wrap="nowrap" role={one.state === 'failed' ? 'alert' : 'status'} align="start">
            {one.state === 'done' && <IconCheck size={18} aria-hidden />}
            {one.state === 'failed' && <IconAlertTriangle size={18} aria-hidden color="var(--mantine-color-error)" />}
            <Text size="sm" {...(one.state === 'failed' ? { c: 'var(--mantine-color-error)' } : {})}>
              {one.state === 'failed' ? t(`fault.${one.fault ?? 'unknown'}`, { found: one.found ?? '', claimed: one.claimed ?? '' }) : t(`state.${one.state}`, { sent: amount.format(one.sent / 1e6), size: amount.format(one.size / 1e6) })}
            </Text>
          </Group>
        </Stack>
        <Group gap={4} wrap="nowrap">
          {moving && <ActionIcon variant="subtle" size="lg" aria-label={t('pause', { name: one.name })} onClick={() => onPause(one.key)}><IconPlayerPause size={20} aria-hidden /></ActionIcon>}
          {(one.state === 'paused' || (one.state === 'failed' && worthAgain.has(one.fault ?? 'unknown'))) && <ActionIcon variant="subtle" size="lg" aria-label={t('resume', { name: one.name })} onClick={() => onResume(one.key)}><IconPlayerPlay size={20} aria-hidden /></ActionIcon>}
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t(one.state === 'done' ? 'dismiss' : 'cancel', { name: one.name })} onClick={() => onCancel(one.key)}><IconX size={20} aria-hidden /></ActionIcon>
        </Group>
      </Group>
      {one.state !== 'done' && one.state !== 'failed' && <Progress mt={6} value={percent} aria-label={t('progress', { name: one.name })} animated={one.state === 'receiving'} />}
    </Paper>
  );
}
