import { Badge, Box, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { UseQueryResult } from '@tanstack/react-query';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../../fhir/index.ts';
import { useFormat } from '../../format/index.ts';
import { Empty, Loaded, Section } from '../../primitives/index.ts';
import { dateOfResource, titleOfResource } from '../materials.ts';
import { MaterialView } from '../viewers.tsx';

interface Props { readonly title: string; readonly icon: ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>; readonly query: UseQueryResult<Bundle>; readonly items: readonly Resource[]; readonly none: string; readonly openFirst?: boolean }

/** Things to look at, newest first; one is open at a time, in place. */
export function MaterialList({ title, icon, query, items, none, openFirst = false }: Props) {
  const [chosen, setChosen] = useState<string | null>();
  const open = chosen === undefined && openFirst && items[0] ? keyOf(items[0]) : chosen;
  return (
    <Section title={title} icon={icon}>
      <Loaded query={query} height={64}>{() => (items.length === 0 ? <Empty icon={icon} title={none} /> : (
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {items.map((item) => <Row key={keyOf(item)} item={item} opened={open === keyOf(item)} onToggle={() => setChosen(open === keyOf(item) ? null : keyOf(item))} />)}
        </Stack>
      ))}</Loaded>
    </Section>
  );
}

function Row({ item, opened, onToggle }: { item: Resource; opened: boolean; onToggle: () => void }) {
  const { t } = useTranslation('record');
  const { date, number } = useFormat();
  const images = item.resourceType === 'ImagingStudy' ? item.numberOfInstances : undefined;
  return (
    <Box component="li">
      <Paper withBorder p={0} radius="md" style={{ overflow: 'hidden' }}>
        <UnstyledButton p="md" w="100%" onClick={onToggle} aria-expanded={opened}>
          <Group wrap="nowrap" gap="sm">
            {opened ? <IconChevronDown size={20} aria-hidden style={{ flexShrink: 0 }} /> : <IconChevronRight size={20} aria-hidden className="flip-rtl" style={{ flexShrink: 0 }} />}
            <Box className="grow">
              <Text fw={600} className="wrap-anywhere" data-own-direction>{titleOfResource(item) ?? t('untitled')}</Text>
              <Text size="sm" c="dimmed">{[date(dateOfResource(item)), images ? t('images', { n: number(images) }) : ''].filter(Boolean).join(' · ')}</Text>
            </Box>
            {item.resourceType === 'DocumentReference' && item.docStatus === 'preliminary' && <Badge color="yellow">{t('preliminary')}</Badge>}
          </Group>
        </UnstyledButton>
        {opened && <Box px={{ base: 0, sm: 'md' }} pb="md"><MaterialView resource={item} /></Box>}
      </Paper>
    </Box>
  );
}
