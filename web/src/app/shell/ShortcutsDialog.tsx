import { Group, Kbd, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useShortcutList } from '../../primitives/index.ts';

/** Every key that works on this screen. */
export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  const list = useShortcutList();
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650} size="lg" component="span">{t('shortcuts.title')}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {list.map((shortcut) => (
          <Group key={shortcut.keys} component="li" justify="space-between" wrap="nowrap">
            <Text>{shortcut.label}</Text>
            <Group gap={6} wrap="nowrap" dir="ltr">{shortcut.keys.split(' ').map((key) => <Kbd key={key} size="md">{key}</Kbd>)}</Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
