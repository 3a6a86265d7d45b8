import { Alert, Stack } from '@mantine/core';
import type { DocumentReference, ImagingStudy, Resource } from '@medplum/fhirtypes';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, type ComponentType, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { createDicomweb, text } from '../dicomweb/index.ts';
import { useFhir } from '../fhir/index.ts';
import type { ViewerHandle } from '../imaging/index.ts';
import { Loaded, Skeletons } from '../primitives/index.ts';
import { useSession } from '../session/index.ts';
import { isEcg, titleOfResource } from './materials.ts';
import { ReportView, ValueView } from './components/PlainViews.tsx';

/** What every view of a material takes. */
export interface ViewerProps {
  readonly resource: Resource;
  /** Takes hold of the viewer of images, to make a picture of what it shows. */
  readonly handle?: Ref<ViewerHandle>;
}

/** The single joint between the record and the viewers; each comes with its code when it is first opened. */
const DocumentViewer = lazy(async () => ({ default: (await import('../documents/index.ts')).DocumentViewer }));
const ImageSeriesViewer = lazy(async () => ({ default: (await import('../imaging/index.ts')).ImageSeriesViewer }));
const EcgFromObservation = lazy(async () => ({ default: (await import('../ecg/index.ts')).EcgFromObservation }));
const EcgFromDicom = lazy(async () => ({ default: (await import('../ecg/index.ts')).EcgFromDicom }));

const SOP_INSTANCE_UID = '00080018';
const uidOf = (study: ImagingStudy): string => (study.identifier ?? []).find((one) => one.system === 'urn:dicom:uid')?.value?.replace(/^urn:oid:/, '') ?? '';

/** The person's own token for doors beside FHIR. */
function useToken(): () => Promise<string> {
  const session = useSession();
  return useMemo(() => async () => (await session.token()) ?? '', [session]);
}

function Documents({ resource }: ViewerProps) {
  const client = useFhir();
  const getToken = useToken();
  const { t } = useTranslation('record');
  const contents = resource.resourceType === 'DocumentReference' ? (resource as DocumentReference).content ?? [] : [];
  const shown = contents.filter(({ attachment }) => attachment?.url ?? attachment?.data);
  if (shown.length === 0) return <Alert>{t('noViewer')}</Alert>;
  return (
    <Stack>
      {shown.map(({ attachment }) => {
        const type = attachment.contentType ?? 'application/octet-stream';
        const url = attachment.url ? (/^(?:https?:)?\//.test(attachment.url) ? attachment.url : `${client.base}/${attachment.url}`) : `data:${type};base64,${attachment.data ?? ''}`;
        return <DocumentViewer key={url.slice(0, 200)} contentType={type} url={url} title={attachment.title ?? titleOfResource(resource) ?? ''} getToken={getToken} />;
      })}
    </Stack>
  );
}

function Images({ resource, handle }: ViewerProps) {
  const getToken = useToken();
  return resource.resourceType === 'ImagingStudy' ? <ImageSeriesViewer studyUid={uidOf(resource)} getToken={getToken} {...(handle ? { handle } : {})} /> : null;
}

/** An ECG as SampledData of an Observation, or as the waveforms of a DICOM object. */
function Ecg({ resource }: ViewerProps) {
  if (resource.resourceType === 'Observation') return <EcgFromObservation observation={resource} title={titleOfResource(resource) ?? ''} />;
  return resource.resourceType === 'ImagingStudy' ? <DicomEcg study={resource} /> : null;
}
function DicomEcg({ study }: { study: ImagingStudy }) {
  const getToken = useToken();
  const dicomweb = useMemo(() => createDicomweb({ getToken }), [getToken]);
  const studyUid = uidOf(study);
  const series = study.series?.find((one) => one.modality?.code === 'ECG') ?? study.series?.[0];
  const seriesUid = series?.uid ?? '';
  const instance = useQuery({
    queryKey: ['dicomweb', 'first-instance', studyUid, seriesUid], staleTime: Infinity,
    queryFn: async ({ signal }) => series?.instance?.[0]?.uid ?? text((await dicomweb.seriesMetadata(studyUid, seriesUid, signal))[0] ?? {}, SOP_INSTANCE_UID) ?? '',
  });
  return <Loaded query={instance} rows={1} height={240}>{(instanceUid) => <EcgFromDicom dicomweb={dicomweb} studyUid={studyUid} seriesUid={seriesUid} instanceUid={instanceUid} title={titleOfResource(study) ?? ''} />}</Loaded>;
}

function viewerOf(resource: Resource): ComponentType<ViewerProps> | undefined {
  if (isEcg(resource) && resource.resourceType !== 'DocumentReference') return Ecg;
  switch (resource.resourceType) {
    case 'DocumentReference': return Documents;
    case 'ImagingStudy': return Images;
    case 'Observation': return ValueView;
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
