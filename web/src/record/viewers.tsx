import { Alert } from '@mantine/core';
import type { ImagingStudy, Resource } from '@medplum/fhirtypes';
import { lazy, Suspense, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeletons } from '../primitives/index.ts';
import { useSession } from '../session/index.ts';
import { isEcg } from './materials.ts';
import { ReportView, ValueView } from './components/PlainViews.tsx';

/** What every viewer of the record takes. */
export interface ViewerProps { readonly resource: Resource }
type Loader = () => Promise<Record<string, unknown>>;

/** The single joint between the record and the viewers; each comes with its code when it is first opened. */
const folders = import.meta.glob('../{documents,imaging,ecg}/index.ts') as Readonly<Record<string, Loader>>;
function viewer(folder: string, name: string): ComponentType<ViewerProps> | undefined {
  const load = folders[`../${folder}/index.ts`];
  return load && lazy(async () => ({ default: (await load())[name] as ComponentType<ViewerProps> }));
}
const DocumentViewer = viewer('documents', 'DocumentViewer');
const Series = folders['../imaging/index.ts'] && lazy(async () => ({ default: (await folders['../imaging/index.ts']?.())?.['ImageSeriesViewer'] as ComponentType<{ studyUid: string; getToken: () => Promise<string> }> }));
const uidOf = (study: ImagingStudy): string => (study.identifier ?? []).find((one) => one.system === 'urn:dicom:uid')?.value?.replace(/^urn:oid:/, '') ?? study.id ?? '';

/** The study's images, asked for by DICOMweb with the person's own token. */
function ImageSeriesViewer({ resource }: ViewerProps) {
  const session = useSession();
  if (!Series || resource.resourceType !== 'ImagingStudy') return null;
  return <Series studyUid={uidOf(resource)} getToken={async () => (await session.token()) ?? ''} />;
}
const EcgStrip = viewer('ecg', 'EcgStrip');

function viewerOf(resource: Resource): ComponentType<ViewerProps> | undefined {
  if (isEcg(resource) && resource.resourceType !== 'DocumentReference') return EcgStrip;
  switch (resource.resourceType) {
    case 'DocumentReference': return DocumentViewer;
    case 'ImagingStudy': return ImageSeriesViewer;
    case 'Observation': return ValueView;
    case 'DiagnosticReport': return ReportView;
    default: return undefined;
  }
}

/** Shows a material of the record in the viewer that fits. */
export function MaterialView({ resource }: ViewerProps) {
  const { t } = useTranslation('record');
  const View = viewerOf(resource);
  if (!View) return <Alert>{t('noViewer')}</Alert>;
  return <Suspense fallback={<Skeletons rows={1} height={320} />}><View resource={resource} /></Suspense>;
}
