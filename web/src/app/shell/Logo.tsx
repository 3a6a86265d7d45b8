import { Group, Text } from '@mantine/core';

export function Logo() {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/bedside.svg" alt="" width={34} height={34} />
      <Text fw={700} size="lg" component="span" lts={-0.2}>Bedside</Text>
    </Group>
  );
}
