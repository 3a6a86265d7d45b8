import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { Parameters } from '@medplum/fhirtypes';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { parameter } from '../../../fhir/index.ts';
import { useFormat } from '../../../format/index.ts';
import { ErrorNotice, Skeletons } from '../../../primitives/index.ts';
import { usePerform } from '../hooks.ts';

/** A link for the patient that works once; it is shown this one time. */
export function PatientLink({ caseId, onClose }: { caseId: string; onClose: () => void }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  const invite = usePerform<Parameters>(caseId);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    invite.mutate({ action: 'invite-patient' });
  }, [invite]);
  const url = parameter(invite.data, 'url')?.valueUrl ?? parameter(invite.data, 'url')?.valueString;
  const expires = parameter(invite.data, 'expires')?.valueDateTime ?? parameter(invite.data, 'expires')?.valueInstant ?? parameter(invite.data, 'expires')?.valueString;
  return (
    <Modal opened onClose={onClose} title={<Text fw={650} size="lg" component="span">{t('action.invite-patient')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {invite.error && <ErrorNotice error={invite.error} onRetry={() => invite.mutate({ action: 'invite-patient' })} />}
        {invite.isPending && <Skeletons rows={1} />}
        {url && (
          <>
            <Text>{t('patientLinkAbout')}</Text>
            <TextInput readOnly value={new URL(url, location.origin).href} aria-label={t('link')} dir="ltr" onFocus={(event) => event.currentTarget.select()} />
            {expires && <Text size="sm" c="dimmed">{t('validUntil', { time: dateTime(expires) })}</Text>}
            <Group justify="flex-end"><CopyButton value={new URL(url, location.origin).href} timeout={3_000}>{({ copied, copy }) => <Button onClick={copy} leftSection={copied ? <IconCheck size={20} aria-hidden /> : <IconCopy size={20} aria-hidden />}>{copied ? t('copied') : t('copyLink')}</Button>}</CopyButton></Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
