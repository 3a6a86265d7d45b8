import { Group, Text } from '@mantine/core';

/** @param compact on a phone the picture alone, where other things need the room. */
export function Logo({ compact = false }: { compact?: boolean }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/bedside.svg" alt="" width={34} height={34} />
      <Text fw={700} size="lg" component="span" lts={-0.2} {...(compact ? { visibleFrom: 'xs' } : {})}>Bedside</Text>
    </Group>
  );
}
