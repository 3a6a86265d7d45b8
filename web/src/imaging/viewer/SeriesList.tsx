import { utilities } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { IconFileTypePdf, IconHeartbeat, IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dicomweb, SeriesInfo } from '../../dicomweb/index.ts';
import { startCornerstone } from './cornerstone.ts';
import { seriesContent, type SeriesContent } from './series-images.ts';
import styles from './Viewer.module.css';

/** Modalities whose objects are not counted as images. */
const withoutImages: ReadonlySet<string> = new Set(['ECG', 'HD', 'EPS', 'RESP', 'DOC', 'SR', 'KO', 'PR', 'AU', 'PLAN', 'RTSTRUCT', 'RTPLAN']);

interface SeriesListProps { readonly dicomweb: Dicomweb; readonly study: string; readonly series: readonly SeriesInfo[]; readonly current: string | undefined; readonly onChoose: (uid: string) => void }

/** The series of the study, each with its middle image. Thumbnails are made when they come into sight. */
export function SeriesList({ dicomweb, study, series, current, onChoose }: SeriesListProps) {
  const { t } = useTranslation('imaging');
  return (
    <nav className={styles.series} aria-label={t('series.list')}>
      {series.map((s) => (
        <button key={s.uid} type="button" className={styles.seriesItem} aria-current={s.uid === current} onClick={() => onChoose(s.uid)}>
          <Thumbnail dicomweb={dicomweb} study={study} series={s.uid} />
          <span><bdi>{s.description || t('series.untitled', { number: s.number ?? '' })}</bdi><br /><small><bdi>{s.modality}</bdi>{!withoutImages.has(s.modality) && <> · <bdi>{t('series.images', { count: s.instances })}</bdi></>}</small></span>
        </button>
      ))}
    </nav>
  );
}

function Thumbnail({ dicomweb, study, series }: { dicomweb: Dicomweb; study: string; series: string }) {
  const place = useRef<HTMLCanvasElement>(null);
  const [kind, setKind] = useState<SeriesContent['kind'] | 'failed'>('images');
  useEffect(() => {
    const canvas = place.current;
    if (!canvas) return undefined;
    const closing = new AbortController();
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      drawThumbnail(canvas, dicomweb, study, series, closing.signal).then(setKind, () => { if (!closing.signal.aborted) setKind('failed'); });
    });
    seen.observe(canvas);
    return () => {
      closing.abort();
      seen.disconnect();
    };
  }, [dicomweb, study, series]);
  const Icon = kind === 'pdf' ? IconFileTypePdf : kind === 'waveform' ? IconHeartbeat : IconPhotoOff;
  return <span className={styles.thumb} aria-hidden>{kind === 'images' ? <canvas ref={place} width={128} height={128} /> : <Icon size={36} stroke={1.4} />}</span>;
}

async function drawThumbnail(canvas: HTMLCanvasElement, dicomweb: Dicomweb, study: string, series: string, signal: AbortSignal): Promise<SeriesContent['kind']> {
  await startCornerstone(dicomweb.root, dicomweb.getToken);
  const content = seriesContent(dicomweb.root, study, series, await dicomweb.seriesMetadata(study, series, signal));
  if (content.kind !== 'images' || signal.aborted) return content.kind;
  const middle = content.images[content.images.length >> 1]!;
  // An address of its own: the big view lets go of its images without taking this one's.
  const imageId = `${middle.imageId}?thumbnail`;
  wadors.metaDataManager.add(imageId, middle.metadata as never);
  try {
    await utilities.loadImageToCanvas({ canvas, imageId, thumbnail: true });
  } finally {
    wadors.metaDataManager.remove(imageId);
  }
  return 'images';
}
