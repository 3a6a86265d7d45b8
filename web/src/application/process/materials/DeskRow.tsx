import { ActionIcon, Badge, Box, Collapse, Group, Menu, NativeSelect, Paper, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Resource } from '@medplum/fhirtypes';
import { IconChevronDown, IconChevronRight, IconDotsVertical, IconReplace, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/index.ts';
import { Ask, ErrorNotice } from '../../../primitives/index.ts';
import { dateOfResource, materialClasses, MaterialView, titleOfResource } from '../../../record/index.ts';
import { may, type Offers } from '../actions.ts';
import type { CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import type { DeskItem } from './desk.ts';
import { RecordPicker } from './RecordPicker.tsx';

/** One material: what it is, its class, and whether the other side has it. */
export function DeskRow({ view, item, resource, offers }: { view: CaseView; item: DeskItem; resource: Resource | undefined; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const { date } = useFormat();
  const [opened, { toggle }] = useDisclosure(false);
  const [removing, remove] = useDisclosure(false);
  const [replacing, replace] = useDisclosure(false);
  const [reason, setReason] = useState('');
  const perform = usePerform(view.id);
  const reference = { name: 'item', valueReference: { reference: item.key } };
  const title = titleOfResource(resource) ?? item.display ?? t('materialClosed');
  return (
    <Box component="li">
      <Paper withBorder radius="md" p="sm">
        <Group wrap="nowrap" gap="xs" align="flex-start">
          <UnstyledButton onClick={toggle} aria-expanded={opened} className="grow" disabled={!resource} mih={44}>
            <Group wrap="nowrap" gap="xs">
              {opened ? <IconChevronDown size={20} aria-hidden style={{ flexShrink: 0 }} /> : <IconChevronRight size={20} aria-hidden className="flip-rtl" style={{ flexShrink: 0 }} />}
              <Box className="grow"><Text fw={600} className="wrap-anywhere" data-own-direction>{title}</Text><Text size="sm" c="dimmed">{date(dateOfResource(resource))}</Text></Box>
            </Group>
          </UnstyledButton>
          {may(offers, 'remove-material') && (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target><ActionIcon aria-label={t('moreFor', { what: title })}><IconDotsVertical size={20} aria-hidden /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                {may(offers, 'replace-material') && <Menu.Item leftSection={<IconReplace size={18} aria-hidden />} onClick={replace.open}>{t('action.replace-material')}</Menu.Item>}
                <Menu.Item leftSection={<IconTrash size={18} aria-hidden />} onClick={remove.open}>{t('action.remove-material')}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
        <Group gap="xs" mt={4} ps={28}>
          {may(offers, 'classify-material')
            ? <NativeSelect size="sm" aria-label={t('classOf', { what: title })} value={item.kind} disabled={perform.isPending} onChange={(event) => perform.mutate({ action: 'classify-material', input: [reference, { name: 'class', valueCode: event.currentTarget.value }] })} data={materialClasses.map((value) => ({ value, label: t(`class.${value}`) }))} />
            : <Badge color="gray">{t(`class.${item.kind}`)}</Badge>}
          {view.state !== 'draft' && <Badge color={item.sent ? 'green' : 'yellow'}>{item.sent ? t('sent') : t('unsent')}</Badge>}
        </Group>
        {perform.error && !removing && <Box mt="xs"><ErrorNotice error={perform.error} /></Box>}
        <Collapse expanded={opened && resource !== undefined}><Box pt="sm">{opened && resource && <MaterialView resource={resource} />}</Box></Collapse>
      </Paper>
      <Ask opened={removing} onClose={remove.close} title={t('action.remove-material')} text={title} confirm={t('action.remove-material')} danger busy={perform.isPending} disabled={reason.trim() === ''} error={perform.error}
        onConfirm={() => perform.mutate({ action: 'remove-material', input: [reference, { name: 'reason', valueString: reason.trim() }] }, { onSuccess: remove.close })}>
        <Stack><TextInput label={t('input.reason')} value={reason} onChange={(event) => setReason(event.currentTarget.value)} withAsterisk data-autofocus dir="auto" /></Stack>
      </Ask>
      {replacing && <RecordPicker view={view} onClose={replace.close} replace={item.key} />}
    </Box>
  );
}
