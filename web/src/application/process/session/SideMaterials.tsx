import { Accordion, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../../../primitives/index.ts';
import { MaterialView, titleOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { deskOf } from '../materials/desk.ts';
import { useResources } from '../../../fhir/index.ts';

/** The materials of a case in the narrow column beside a conversation; one is open at a time. */
export function SideMaterials({ view }: { view: CaseView }) {
  const { t } = useTranslation('process');
  const [open, setOpen] = useState<string | null>(null);
  const items = deskOf(view).filter((item) => !item.removed);
  const { found } = useResources(items.map((item) => item.key));
  if (items.length === 0) return <Empty title={t('noMaterials')} />;
  return (
    <Accordion value={open} onChange={setOpen} order={3}>
      {items.map((item) => {
        const resource = found.get(item.key);
        return <Accordion.Item key={item.key} value={item.key}><Accordion.Control disabled={!resource}><Text fw={600} dir="auto">{titleOfResource(resource) ?? t('materialClosed')}</Text><Text size="sm" c="dimmed">{t(`class.${item.kind}`)}</Text></Accordion.Control><Accordion.Panel>{open === item.key && resource && <MaterialView resource={resource} />}</Accordion.Panel></Accordion.Item>;
      })}
    </Accordion>
  );
}
