import { Accordion, Badge, Button, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconCircleCheck, IconPackage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/index.ts';
import { Empty, ErrorNotice, Section } from '../../../primitives/index.ts';
import { titleOfResource } from '../../../record/index.ts';
import { may, type Offers } from '../actions.ts';
import { personOf, type CaseView } from '../case.ts';
import { usePerform } from '../hooks.ts';
import { packagesOf } from './desk.ts';
import { useResources } from '../../../fhir/index.ts';

/** What was sent when, with the SHA-256 of every item, and who received it. */
export function Packages({ view, offers }: { view: CaseView; offers: Offers | undefined }) {
  const { t } = useTranslation('process');
  const { dateTime } = useFormat();
  const packages = packagesOf(view);
  const { found } = useResources(packages.flatMap((one) => one.items.map((item) => item.key)));
  const receive = usePerform(view.id);
  if (packages.length === 0) return null;
  return (
    <Section title={t('packages')} icon={IconPackage}>
      {receive.error && <ErrorNotice error={receive.error} />}
      <Accordion variant="separated" defaultValue={packages[0]?.id ?? null} order={3}>
        {packages.map((one) => (
          <Accordion.Item key={one.id} value={one.id}>
            <Accordion.Control><Group gap="xs"><Text fw={600}>{t('packageN', { n: one.number })}</Text><Text size="sm" c="dimmed">{dateTime(one.created)}</Text><Badge color={one.receipts.length > 0 ? 'green' : 'yellow'}>{one.receipts.length > 0 ? t('received') : t('notReceived')}</Badge></Group></Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {one.items.length === 0 ? <Empty title={t('noMaterials')} /> : (
                  <div className="scroll-x" tabIndex={0} role="group" aria-label={t('packageN', { n: one.number })}><Table aria-label={t('packageN', { n: one.number })}>
                    <Table.Thead><Table.Tr><Table.Th>{t('item')}</Table.Th><Table.Th>SHA-256</Table.Th></Table.Tr></Table.Thead>
                    <Table.Tbody>{one.items.map((item) => <Table.Tr key={item.key}><Table.Td dir="auto">{titleOfResource(found.get(item.key)) ?? t('materialClosed')}</Table.Td><Table.Td miw={190}><Code dir="ltr" style={{ overflowWrap: 'anywhere' }}>{item.sha256 ?? '–'}</Code></Table.Td></Table.Tr>)}</Table.Tbody>
                  </Table></div>
                )}
                {one.receipts.map((receipt) => <Group key={receipt.id} gap={6}><IconCircleCheck size={18} aria-hidden /><Text size="sm">{t('receivedBy', { name: personOf(view.pool, receipt.agent[0]?.who).name, time: dateTime(receipt.recorded) })}</Text></Group>)}
                {may(offers, 'acknowledge-materials') && one.receipts.length === 0 && <Group><Button loading={receive.isPending} onClick={() => receive.mutate({ action: 'acknowledge-materials', input: [{ name: 'package', valueReference: { reference: `DocumentManifest/${one.id}` } }] })}>{t('action.acknowledge-materials')}</Button></Group>}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}
