import { Center, Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewerHandle } from './viewer/handle.ts';

export interface ImageSeriesViewerProps {
  readonly studyUid: string;
  /** Series shown first; default: the first one with images. */
  readonly seriesUid?: string;
  readonly getToken: () => Promise<string>;
  /** Address of DICOMweb; default `/dicomweb`. */
  readonly dicomwebRoot?: string;
  /** Name and number of the patient over the image; default true. Never part of a captured picture. */
  readonly showIdentity?: boolean;
  /** CSS height; default `min(80dvh, 900px)`. */
  readonly height?: string;
  readonly handle?: Ref<ViewerHandle>;
}

/** The image libraries are large and come when the first study is opened. */
const Viewer = lazy(() => import('./viewer/Viewer.tsx'));

/** Shows the series of a study: scroll, window, zoom, measure. Works by mouse, touch and keyboard, in a side panel or full page. */
export function ImageSeriesViewer(props: ImageSeriesViewerProps) {
  const { t } = useTranslation('imaging');
  return (
    <Suspense fallback={<Center h={props.height ?? 320}><Stack align="center" gap="xs" role="status"><Loader /><Text size="sm">{t('loading.viewer')}</Text></Stack></Center>}>
      <Viewer {...props} />
    </Suspense>
  );
}
