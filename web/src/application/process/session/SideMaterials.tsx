import { Accordion, Button, Group, Stack, Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { IconPresentation } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewerHandle } from '../../../imaging/index.ts';
import { Empty, ErrorNotice } from '../../../primitives/index.ts';
import { isEcg, MaterialView, titleOfResource } from '../../../record/index.ts';
import type { CaseView } from '../case.ts';
import { deskOf } from '../materials/desk.ts';
import { useResources } from '../../../fhir/index.ts';

/** A picture of the record on its way to the whiteboard, with what is written below it. */
export interface BoardPicture { readonly picture: Blob; readonly caption: string }
interface Props { readonly view: CaseView; readonly onPicture?: (picture: BoardPicture) => void }

/** The materials of a case in the narrow column beside a conversation; one is open at a time. */
export function SideMaterials({ view, onPicture }: Props) {
  const { t } = useTranslation('process');
  const [open, setOpen] = useState<string | null>(null);
  const items = deskOf(view).filter((item) => !item.removed);
  const { found } = useResources(items.map((item) => item.key));
  if (items.length === 0) return <Empty title={t('noMaterials')} />;
  return (
    // Without a transition: one that is cut off when another tab comes would leave what is open at no height.
    <Accordion value={open} onChange={setOpen} order={3} transitionDuration={0}>
      {items.map((item) => {
        const resource = found.get(item.key);
        return <Accordion.Item key={item.key} value={item.key}><Accordion.Control disabled={!resource}><Text fw={600} dir="auto">{titleOfResource(resource) ?? t('materialClosed')}</Text><Text size="sm" c="dimmed">{t(`class.${item.kind}`)}</Text></Accordion.Control><Accordion.Panel>{open === item.key && resource && <Shown resource={resource} {...(onPicture ? { onPicture } : {})} />}</Accordion.Panel></Accordion.Item>;
      })}
    </Accordion>
  );
}

/** A material; of images, what is shown can be put on the whiteboard to draw upon. */
function Shown({ resource, onPicture }: { resource: Resource; onPicture?: (picture: BoardPicture) => void }) {
  const { t } = useTranslation('process');
  const viewer = useRef<ViewerHandle>(null);
  const caption = titleOfResource(resource) ?? '';
  const put = useMutation({
    mutationFn: async () => {
      if (!viewer.current) throw new Error('There is no image to capture');
      return viewer.current.captureViewport();
    },
    onSuccess: (picture) => onPicture?.({ picture, caption }),
  });
  if (resource.resourceType !== 'ImagingStudy' || isEcg(resource) || !onPicture) return <MaterialView resource={resource} />;
  return (
    <Stack gap="sm">
      <Group><Button size="sm" variant="default" leftSection={<IconPresentation size={18} aria-hidden />} loading={put.isPending} onClick={() => put.mutate()}>{t('toBoard')}</Button></Group>
      {put.error && <ErrorNotice error={put.error} />}
      <MaterialView resource={resource} handle={viewer} />
    </Stack>
  );
}
