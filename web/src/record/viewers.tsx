import { Alert } from '@mantine/core';
import type { ImagingStudy, Resource } from '@medplum/fhirtypes';
import { lazy, Suspense, type ComponentType, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentViewerProps } from '../documents/index.ts';
import type { ImageSeriesViewerProps, ViewerHandle } from '../imaging/index.ts';
import { Skeletons } from '../primitives/index.ts';
import { useSession } from '../session/index.ts';
import { isEcg, titleOfResource } from './materials.ts';
import { ReportView, ValueView } from './components/PlainViews.tsx';

/** What every viewer of the record takes. */
export interface ViewerProps {
  readonly resource: Resource;
  /** Takes hold of the viewer of images, to make a picture of what is shown. */
  readonly handle?: Ref<ViewerHandle>;
}

// The single joint between the record and the viewers; each comes with its code when it is first opened.
const Documents = lazy(async (): Promise<{ default: ComponentType<DocumentViewerProps> }> => ({ default: (await import('../documents/index.ts')).DocumentViewer }));
const Series = lazy(async (): Promise<{ default: ComponentType<ImageSeriesViewerProps> }> => ({ default: (await import('../imaging/index.ts')).ImageSeriesViewer }));
const Ecg = lazy(async () => ({ default: (await import('../ecg/index.ts')).EcgFromObservation }));
const uidOf = (study: ImagingStudy): string => (study.identifier ?? []).find((one) => one.system === 'urn:dicom:uid')?.value?.replace(/^urn:oid:/, '') ?? study.id ?? '';

/** The study's images or waveforms, asked for by DICOMweb with the person's own token. */
function ImageSeriesViewer({ resource, handle }: ViewerProps) {
  const session = useSession();
  if (resource.resourceType !== 'ImagingStudy') return null;
  return <Series studyUid={uidOf(resource)} getToken={async () => (await session.token()) ?? ''} {...(handle ? { handle } : {})} />;
}

/** `Binary/x` as the record writes it, as an address of this server; any other address as it stands. */
const addressOf = (url: string): string => new URL(url, new URL('/fhir/', location.href)).href;

function DocumentViewer({ resource }: ViewerProps) {
  const session = useSession();
  const { t } = useTranslation('record');
  const attachment = resource.resourceType === 'DocumentReference' ? resource.content?.[0]?.attachment : undefined;
  if (!attachment?.url) return <Alert>{t('noViewer')}</Alert>;
  return <Documents contentType={attachment.contentType ?? ''} url={addressOf(attachment.url)} title={titleOfResource(resource) ?? t('untitled')} getToken={async () => (await session.token()) ?? ''} />;
}

function EcgStrip({ resource }: ViewerProps) {
  const title = titleOfResource(resource);
  return resource.resourceType === 'Observation' ? <Ecg observation={resource} {...(title ? { title } : {})} /> : null;
}

function viewerOf(resource: Resource): ComponentType<ViewerProps> | undefined {
  switch (resource.resourceType) {
    case 'DocumentReference': return DocumentViewer;
    case 'ImagingStudy': return ImageSeriesViewer;
    case 'Observation': return isEcg(resource) ? EcgStrip : ValueView;
    case 'DiagnosticReport': return ReportView;
    default: return undefined;
  }
}

/** Shows a material of the record in the viewer that fits. */
export function MaterialView({ resource, handle }: ViewerProps) {
  const { t } = useTranslation('record');
  const View = viewerOf(resource);
  if (!View) return <Alert>{t('noViewer')}</Alert>;
  return <Suspense fallback={<Skeletons rows={1} height={320} />}><View resource={resource} {...(handle ? { handle } : {})} /></Suspense>;
}
