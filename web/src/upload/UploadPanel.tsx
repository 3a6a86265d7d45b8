import { NativeSelect, Stack } from '@mantine/core';
import type { DocumentReference } from '@medplum/fhirtypes';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFhir } from '../fhir/index.ts';
import { ErrorNotice } from '../primitives/index.ts';
import { materialClasses, type MaterialClass } from '../record/index.ts';
import { useSession } from '../session/index.ts';
import type { UploadedDocument } from './transfer.ts';
import { UploadDrop } from './UploadDrop.tsx';

export interface UploadPanelProps {
  readonly patientId: string;
  readonly caseId?: string;
  readonly onUploaded: (document: DocumentReference) => void;
}

/** Files from this device into a patient's record, with the class that the sender gives them. */
export function UploadPanel({ patientId, caseId, onUploaded }: UploadPanelProps) {
  const { t } = useTranslation('upload');
  const session = useSession();
  const client = useFhir();
  const [category, setCategory] = useState<MaterialClass>('document');
  const [error, setError] = useState<unknown>();
  const headers = async (): Promise<Record<string, string>> => {
    const token = await session.token();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };
  const uploaded = ({ reference }: UploadedDocument): void => {
    client.read('DocumentReference', reference.slice('DocumentReference/'.length)).then(onUploaded, setError);
  };
  return (
    <Stack>
      <NativeSelect label={t('whatItIs')} value={category} onChange={(event) => setCategory(event.currentTarget.value as MaterialClass)} data={materialClasses.map((value) => ({ value, label: t(`class.${value}`) }))} />
      {error !== undefined && <ErrorNotice error={error} />}
      <UploadDrop patientId={patientId} {...(caseId === undefined ? {} : { caseId })} category={category} headers={headers} onUploaded={uploaded} />
    </Stack>
  );
}
