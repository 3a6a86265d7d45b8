import type { Patient } from '@medplum/fhirtypes';
import { Button } from '@mantine/core';
import { IconPrinter, IconStethoscope } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../primitives/index.ts';
import { useAccount } from '../../session/index.ts';

export function RecordActions({ patient }: { patient: Patient }) {
  const { t } = useTranslation('record');
  const account = useAccount();
  return (
    <>
      <Button variant="default" leftSection={<IconPrinter size={20} aria-hidden />} onClick={() => window.print()}>{t('print')}</Button>
      {account.role === 'clinician' && <ButtonLink to="/cases/new" search={{ patient: patient.id }} leftSection={<IconStethoscope size={20} aria-hidden />}>{t('askSpecialist')}</ButtonLink>}
    </>
  );
}
