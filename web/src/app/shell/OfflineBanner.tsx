import { Box, Group, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** Says that the link is gone, and that nothing written is lost. */
export function OfflineBanner() {
  const { t } = useTranslation('app');
  const { online } = useNetwork();
  if (online) return <div role="status" aria-live="polite" />;
  return (
    <Box role="status" aria-live="polite" bg="#7a3e00" c="#fff" px="md" py={8} style={{ position: 'sticky', insetBlockStart: 0, zIndex: 400 }}>
      <Group gap="xs" wrap="nowrap" justify="center"><IconCloudOff size={20} aria-hidden /><Text size="sm" fw={600}>{t('offline')}</Text></Group>
    </Box>
  );
}
