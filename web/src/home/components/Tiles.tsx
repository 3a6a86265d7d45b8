import { Box, Group, Paper, SimpleGrid, Text } from '@mantine/core';
import type { ComponentType } from 'react';
import { PlainLink } from '../../primitives/index.ts';

export interface Tile { readonly to: string; readonly icon: ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>; readonly title: string; readonly about: string }

/** Large targets to the few places that somebody goes to. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {tiles.map((tile) => (
        <PlainLink key={tile.to} to={tile.to} className="row-link">
          <Paper withBorder p="lg" h="100%">
            <Group wrap="nowrap" align="flex-start"><Box c="bedside" lh={0}><tile.icon size={34} stroke={1.5} aria-hidden /></Box><Box className="grow"><Text fw={650}>{tile.title}</Text><Text size="sm" c="dimmed">{tile.about}</Text></Box></Group>
          </Paper>
        </PlainLink>
      ))}
    </SimpleGrid>
  );
}
