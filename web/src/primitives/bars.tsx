import { Box, Group, Stack, Text } from '@mantine/core';

export interface Bar { readonly label: string; readonly value: number; readonly shown: string }

/** Horizontal bars that are text first: label and value can be read, and read out, without the picture. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(...bars.map((bar) => bar.value), 0) || 1;
  return (
    <Stack gap={10} component="ul" aria-label={label} m={0} p={0} style={{ listStyle: 'none' }}>
      {bars.map((bar) => (
        <li key={bar.label}>
          <Group justify="space-between" gap="xs" wrap="nowrap" mb={3}>
            <Text size="sm" className="grow wrap-anywhere" data-own-direction>{bar.label}</Text>
            <Text size="sm" fw={650} className="number">{bar.shown}</Text>
          </Group>
          <Box h={10} bg="light-dark(#e3eaec, #2a3742)" style={{ borderRadius: 5, overflow: 'hidden' }} aria-hidden="true">
            <Box h="100%" w={`${Math.max(1, (bar.value / most) * 100)}%`} bg="light-dark(#0b6b74, #6dbcc3)" style={{ borderRadius: 5 }} />
          </Box>
        </li>
      ))}
    </Stack>
  );
}
