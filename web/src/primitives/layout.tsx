import { Badge, Box, Group, Paper, Stack, Text, Title, type MantineSpacing } from '@mantine/core';
import { IconFlask2 } from '@tabler/icons-react';
import { useDocumentTitle } from '@mantine/hooks';
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;

/** One screen: a heading that says where one is, the actions that belong to it, and the content. */
export function Page({ title, subtitle, actions, before, children, width = 1180 }: { title: string; subtitle?: ReactNode; actions?: ReactNode; before?: ReactNode; children: ReactNode; width?: number }) {
  useDocumentTitle(`${title} · Bedside`);
  return (
    <Box maw={width} mx="auto" w="100%">
      {before}
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <Box style={{ flex: '1 1 15rem' }} miw={0}>
          <Title order={1} className="wrap-anywhere" tabIndex={-1} data-page-title>{title}</Title>
          {subtitle && <Text c="dimmed" component="div">{subtitle}</Text>}
        </Box>
        {actions && <Group gap="xs" className="no-print">{actions}</Group>}
      </Group>
      <Stack gap="lg">{children}</Stack>
    </Box>
  );
}

/** A titled part of a screen; a landmark only through its heading, so that screen readers list headings and not thirty regions. */
export function Section({ title, icon: Glyph, actions, children, order = 2, gap = 'sm', plain = false, id }: { title: string; icon?: Icon; actions?: ReactNode; children: ReactNode; order?: 2 | 3; gap?: MantineSpacing; plain?: boolean; id?: string }) {
  const content = (
    <Stack gap={gap}>
      <Group justify="space-between" gap="xs" mih={36}>
        <Group gap="xs" wrap="nowrap" className="grow">
          {Glyph && <Box c="bedside" lh={0}><Glyph size={22} stroke={1.8} aria-hidden /></Box>}
          <Title order={order} className="wrap-anywhere">{title}</Title>
        </Group>
        {actions && <Group gap="xs" className="no-print">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
  return plain ? <Box id={id}>{content}</Box> : <Paper withBorder p={{ base: 'md', sm: 'lg' }} id={id}>{content}</Paper>;
}

/** Nothing here, said kindly, with the one thing that can be done about it. */
export function Empty({ icon: Glyph, title, children, action }: { icon?: Icon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="lg" px="md" ta="center">
      {Glyph && <Box c="bedside" lh={0}><Glyph size={44} stroke={1.4} aria-hidden /></Box>}
      <Text fw={600}>{title}</Text>
      {children && <Text c="dimmed" size="sm" maw={440}>{children}</Text>}
      {action}
    </Stack>
  );
}

/** The mark of everything that the demonstration network made. */
export function DemonstrationMark({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation('primitives');
  return <Badge color="grape" variant="light" leftSection={<IconFlask2 size={14} aria-hidden />} title={t('demo.about')} style={{ flexShrink: 0 }}>{compact ? t('demo.short') : t('demo.mark')}</Badge>;
}

/** Name and value, one under the other on a phone. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <Box miw={0}>
      <Text size="sm" c="dimmed">{label}</Text>
      <Text component="div" className="wrap-anywhere" data-own-direction>{children}</Text>
    </Box>
  );
}
