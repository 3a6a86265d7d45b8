import { Box, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Sections } from './sections.ts';

/** A report to read, section by section. */
export function SectionsView({ sections, order }: { sections: Sections; order: readonly string[] }) {
  const { t } = useTranslation('process');
  return (
    <Stack gap="md">
      {order.filter((code) => sections[code]).map((code) => (
        <Box key={code}>
          <Title order={3} fz="sm" c="dimmed" fw={650}>{t(`section.${code}`)}</Title>
          <Text dir="auto" ta="start" style={{ whiteSpace: 'pre-wrap' }} className="wrap-anywhere" maw={760}>{sections[code]}</Text>
        </Box>
      ))}
    </Stack>
  );
}
