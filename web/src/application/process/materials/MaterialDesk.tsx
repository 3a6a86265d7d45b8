import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFiles, IconFolderPlus, IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice, Empty, Section } from '../../../primitives/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { deskOf } from './desk.ts';
import { DeskRow } from './DeskRow.tsx';
import { RecordPicker } from './RecordPicker.tsx';
import { useResources } from '../../../fhir/index.ts';
import { UploadMaterial } from './UploadMaterial.tsx';

/** The materials of a case: pick from the record, classify, replace, remove, send as a package. */
export function MaterialDesk({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const [picking, picker] = useDisclosure(false);
  const items = deskOf(view);
  const present = items.filter((item) => !item.removed);
  const { found } = useResources(items.map((item) => item.key));
  const send = usePerform(view.id);
  const editable = may(offers, 'add-material');
  const fresh = present.filter((item) => !item.sent).length;
  return (
    <Section title={t('materials')} icon={IconFiles} actions={present.length > 0 ? <Badge color="gray" size="lg">{present.length}</Badge> : undefined}>
      {present.length === 0 && <Empty icon={IconFolderPlus} title={t('noMaterials')}>{editable ? t('noMaterialsAbout') : undefined}</Empty>}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {present.map((item) => <DeskRow key={item.key} view={view} item={item} resource={found.get(item.key)} offers={offers} />)}
      </Stack>
      {editable && (
        <Group className="no-print">
          <Button variant={present.length === 0 ? 'filled' : 'default'} leftSection={<IconFolderPlus size={20} aria-hidden />} onClick={picker.open}>{t('pickFromRecord')}</Button>
          <UploadMaterial view={view} />
        </Group>
      )}
      {send.error && <ErrorNotice error={send.error} onRetry={() => send.mutate({ action: 'send-materials' })} />}
      {may(offers, 'send-materials') && view.state !== 'draft' && (
        <Group justify="space-between"><Text size="sm" c="dimmed">{t('notSentYet', { n: fresh })}</Text><Button leftSection={<IconSend size={20} aria-hidden />} loading={send.isPending} onClick={() => send.mutate({ action: 'send-materials' })}>{t('action.send-materials')}</Button></Group>
      )}
      {picking && <RecordPicker view={view} onClose={picker.close} />}
    </Section>
  );
}
