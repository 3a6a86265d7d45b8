import { Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUpload } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../../../fhir/index.ts';
import { ErrorNotice, Skeletons } from '../../../primitives/index.ts';
import { classOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';

const UploadPanel = lazy(async () => ({ default: (await import('../../../upload/index.ts')).UploadPanel }));

/** A new file from this device: it goes into the record first, then onto the desk. */
export function UploadMaterial({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const [opened, { open, close }] = useDisclosure(false);
  const add = usePerform(view.id);
  return (
    <>
      <Button variant="default" leftSection={<IconUpload size={20} aria-hidden />} onClick={open}>{t('upload')}</Button>
      <Modal opened={opened} onClose={close} size="lg" title={<Text fw={650} size="lg" component="span">{t('upload')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
        {add.error && <ErrorNotice error={add.error} />}
        <Suspense fallback={<Skeletons rows={1} height={160} />}>
          <UploadPanel patientId={view.patient?.id ?? ''} caseId={view.id} onUploaded={(document) => add.mutate({ action: 'add-material', input: [{ name: 'item', valueReference: { reference: keyOf(document) } }, { name: 'class', valueCode: classOfResource(document) }] })} />
        </Suspense>
      </Modal>
    </>
  );
}
