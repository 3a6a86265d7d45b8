import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { DocumentReference } from '@medplum/fhirtypes';
import { IconUpload } from '@tabler/icons-react';
import { lazy, Suspense, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../../../fhir/index.ts';
import { ErrorNotice, Skeletons } from '../../../primitives/index.ts';
import { classOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

/** What the upload feature takes: whose record the file belongs to, and what to do with the document that came of it. */
interface UploadProps { readonly patientId: string; readonly onUploaded: (document: DocumentReference) => void }
const folders = import.meta.glob('../../../upload/index.ts') as Readonly<Record<string, () => Promise<Record<string, unknown>>>>;
const load = folders['../../../upload/index.ts'];
const UploadPanel = load && lazy(async () => ({ default: (await load())['UploadPanel'] as ComponentType<UploadProps> }));

/** A new file from this device: it goes into the record first, then onto the desk. */
export function UploadMaterial({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const [opened, { open, close }] = useDisclosure(false);
  const add = usePerform(view.id);
  if (!UploadPanel) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconUpload size={20} aria-hidden />} onClick={open}>{t('upload')}</Button>
      <Modal opened={opened} onClose={close} size="lg" title={<Text fw={650} size="lg" component="span">{t('upload')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
        {add.error && <ErrorNotice error={add.error} />}
        <Suspense fallback={<Skeletons rows={1} height={160} />}>
          <UploadPanel patientId={view.patient?.id ?? ''} onUploaded={(document) => add.mutate({ action: 'add-material', input: [{ name: 'item', valueReference: { reference: keyOf(document) } }, { name: 'class', valueCode: classOfResource(document) }] })} />
        </Suspense>
      </Modal>
    </>
  );
}
