import { Avatar, Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { initials } from '../format/index.ts';

/** A person in one row: who, and in a second line what they are. */
export function Person({ name, about, size = 44, end }: { name: string; about?: ReactNode; size?: number; end?: ReactNode }) {
  return (
    <Group gap="xs" justify="space-between">
      <Group gap="sm" wrap="nowrap" style={{ flex: '1 1 13rem' }} miw={0}>
        <Avatar size={size} radius="xl" color="bedside" aria-hidden>{initials(name)}</Avatar>
        <Box className="grow">
          <Text fw={600} className="wrap-anywhere"><bdi>{name}</bdi></Text>
          {about && <Text size="sm" c="dimmed" component="div" className="wrap-anywhere">{about}</Text>}
        </Box>
      </Group>
      {end}
    </Group>
  );
}
