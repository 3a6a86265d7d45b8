import { Alert, Button, Center, Loader, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconPhotoOff } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { createDicomweb, DicomwebError, type Dicomweb, type SeriesInfo } from '../../dicomweb/index.ts';
import type { ImageSeriesViewerProps } from '../ImageSeriesViewer.tsx';
import { Overlay } from './Overlay.tsx';
import { seriesContent, windowPresets, type SeriesContent, type WindowPreset } from './series-images.ts';
import { SeriesList } from './SeriesList.tsx';
import type { DragTool, StackView } from './stack-view.ts';
import { Toolbar } from './Toolbar.tsx';
import { useCine, useStack } from './use-stack.ts';
import styles from './Viewer.module.css';

const DocumentViewer = lazy(async () => ({ default: (await import('../../documents/index.ts')).DocumentViewer }));
const EcgFromDicom = lazy(async () => ({ default: (await import('../../ecg/index.ts')).EcgFromDicom }));

type Loading<T> = { readonly status: 'loading' } | { readonly status: 'failed'; readonly code: number } | { readonly status: 'ready'; readonly value: T };

/** @see ImageSeriesViewer */
export default function Viewer({ studyUid, seriesUid, getToken, dicomwebRoot, showIdentity = true, height = 'min(80dvh, 900px)', handle }: ImageSeriesViewerProps) {
  const { t } = useTranslation('imaging');
  const token = useRef(getToken);
  token.current = getToken;
  const dicomweb = useMemo(() => createDicomweb({ getToken: () => token.current(), ...(dicomwebRoot !== undefined && { root: dicomwebRoot }) }), [dicomwebRoot]);
  const [chosen, setChosen] = useState(seriesUid);
  useEffect(() => setChosen(seriesUid), [seriesUid, studyUid]);
  const list = useLoading<SeriesInfo[]>(useCallback((signal) => dicomweb.listSeries(studyUid, signal), [dicomweb, studyUid]));
  const series = list.result.status === 'ready' ? list.result.value : [];
  const current = chosen ?? series[0]?.uid;
  if (list.result.status === 'failed') return <Refused code={list.result.code} onRetry={list.retry} />;
  return (
    <div className={styles.root} style={{ height }}>
      <div className={styles.frame}>
        <SeriesList dicomweb={dicomweb} study={studyUid} series={series} current={current} onChoose={setChosen} />
        {current === undefined
          ? <Center className={styles.main}>{list.result.status === 'loading' ? <Loader aria-label={t('loading.study')} /> : t('series.none')}</Center>
          : <SeriesPane key={current} dicomweb={dicomweb} study={studyUid} series={current} identity={showIdentity} {...(handle && { handle })} />}
      </div>
    </div>
  );
}

/** Loads once per `load`, and again on `retry`. */
function useLoading<T>(load: (signal: AbortSignal) => Promise<T>): { result: Loading<T>; retry: () => void } {
  const [result, setResult] = useState<Loading<T>>({ status: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const closing = new AbortController();
    setResult({ status: 'loading' });
    const run = async (): Promise<void> => {
      try {
        const value = await load(closing.signal);
        if (!closing.signal.aborted) setResult({ status: 'ready', value });
      } catch (error) {
        if (!closing.signal.aborted) setResult({ status: 'failed', code: error instanceof DicomwebError ? error.status : 0 });
      }
    };
    void run();
    return () => closing.abort();
  }, [load, round]);
  return { result, retry: useCallback(() => setRound((n) => n + 1), []) };
}

function Refused({ code, onRetry }: { code: number; onRetry: () => void }) {
  const { t } = useTranslation('imaging');
  const kind = code === 404 || code === 403 ? 'missing' : code === 401 ? 'signed-out' : 'unreachable';
  return <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t(`failed.${kind}.title`)} role="alert">{t(`failed.${kind}.do`)}<div><Button mt="sm" size="sm" variant="default" onClick={onRetry}>{t('retry')}</Button></div></Alert>;
}

interface PaneProps { readonly dicomweb: Dicomweb; readonly study: string; readonly series: string; readonly identity: boolean; readonly handle?: NonNullable<ImageSeriesViewerProps['handle']> }

function SeriesPane({ dicomweb, study, series, identity, handle }: PaneProps) {
  const { t } = useTranslation('imaging');
  const load = useCallback(async (signal: AbortSignal) => seriesContent(dicomweb.root, study, series, await dicomweb.seriesMetadata(study, series, signal)), [dicomweb, study, series]);
  const { result, retry } = useLoading<SeriesContent>(load);
  const content = result.status === 'ready' ? result.value : undefined;
  if (result.status === 'failed') return <div className={styles.main}><div className={styles.panel}><Refused code={result.code} onRetry={retry} /></div></div>;
  if (content && content.kind !== 'images') {
    return (
      <div className={styles.main}>
        <div className={styles.panel}>
          <Suspense fallback={<Loader aria-label={t('loading.series')} />}>
            {content.kind === 'pdf' && <DocumentViewer contentType="application/pdf" url={content.url} title={content.title || t('document')} getToken={dicomweb.getToken} />}
            {content.kind === 'waveform' && <EcgFromDicom dicomweb={dicomweb} studyUid={study} seriesUid={series} instanceUid={content.sop} />}
            {content.kind === 'other' && <Alert icon={<IconPhotoOff aria-hidden />} title={t('nothing.title')}>{t('nothing.about', { modality: content.modality })}</Alert>}
          </Suspense>
        </div>
      </div>
    );
  }
  return <ImagePane dicomweb={dicomweb} content={content} identity={identity} {...(handle && { handle })} />;
}

const capturePatienceMs = 15_000;
/** A picture of what is shown; what is still being opened is waited for. */
async function captureOf(shown: () => StackView | undefined): Promise<Blob> {
  const end = performance.now() + capturePatienceMs;
  for (;;) {
    const view = shown();
    if (view) return view.capture();
    if (performance.now() > end) throw new Error('There is no image to capture');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

function ImagePane({ dicomweb, content, identity, handle }: { dicomweb: Dicomweb; content: Extract<SeriesContent, { kind: 'images' }> | undefined; identity: boolean; handle?: NonNullable<ImageSeriesViewerProps['handle']> }) {
  const { t } = useTranslation('imaging');
  const element: RefObject<HTMLDivElement | null> = useRef<HTMLDivElement>(null);
  const { view, state, broken } = useStack(element, dicomweb, content);
  const [tool, setTool] = useState<DragTool>('scroll');
  const count = content?.images.length ?? 0;
  const cine = useCine(view, count, state.index, content?.frameMs);
  const image = content?.images[state.index];
  const modality = String(content?.images[0]?.metadata['00080060']?.Value?.[0] ?? '');
  const shown = useRef<StackView>(undefined);
  shown.current = state.rendered ? view : undefined;
  useImperativeHandle(handle, () => ({ captureViewport: () => captureOf(() => shown.current) }), []);
  const choose = (next: DragTool): void => { setTool(next); view?.setTool(next); };
  const preset = (name: WindowPreset | 'original'): void => {
    if (!view || !image) return;
    if (name !== 'original') return view.setWindow(windowPresets[name].center, windowPresets[name].width);
    view.reset();
  };
  const lengths = state.lengths.map(({ value, unit }) => (unit === 'mm' ? t('length.value', { mm: value.toFixed(1) }) : `${value.toFixed(1)} ${unit}`));
  return (
    <div className={styles.main}>
      <Toolbar tool={tool} onTool={choose} playing={cine.playing} canPlay={count > 1} inverted={state.inverted} hasMeasurements={lengths.length > 0} presets={modality === 'CT'}
        onPreset={preset} onInvert={() => view?.toggleInvert()} onRotate={() => view?.rotate()} onPlay={cine.toggle} onReset={() => { cine.stop(); view?.reset(); }} onClear={() => view?.clearMeasurements()} />
      <div className={styles.stage} role="application" tabIndex={0} aria-label={t('image.label', { index: state.index + 1, count })} aria-roledescription={t('image.role')} aria-describedby="imaging-keys"
        onKeyDown={(event) => { if (view && onKey(event, view, count, cine.toggle)) event.preventDefault(); }} onContextMenu={(event) => event.preventDefault()} data-rendered={state.rendered} data-index={state.index}>
        <div ref={element} className={styles.canvas} />
        <Overlay state={state} image={image} count={count} identity={identity} />
        {!state.rendered && !state.failed && !broken && <div className={styles.notice} role="status"><Loader color="cyan" aria-label={t('loading.series')} /></div>}
        {state.failed && <div className={styles.notice} role="alert"><div className={styles.noticeBox}><IconAlertTriangle aria-hidden color="#ffb3ad" /><span><strong>{t('broken.title')}</strong><br />{t('broken.do')}</span></div></div>}
        {broken && <div className={styles.notice} role="alert"><div className={styles.noticeBox}><IconAlertTriangle aria-hidden color="#ffb3ad" /><span><strong>{t('graphics.title')}</strong><br />{t('graphics.do')}</span></div></div>}
        <VisuallyHidden id="imaging-keys">{t('image.keys')}</VisuallyHidden>
        <VisuallyHidden aria-live="polite">{lengths.length > 0 && t('length.list', { list: lengths.join(', ') })}</VisuallyHidden>
      </div>
      <div className={styles.foot}>
        <input type="range" className={styles.range} min={1} max={Math.max(1, count)} value={state.index + 1} disabled={count < 2} aria-label={t('image.slider')} aria-valuetext={t('image.of', { index: state.index + 1, count })}
          onChange={(event) => { cine.stop(); void view?.goTo(Number(event.currentTarget.value) - 1); }} />
        <span className={styles.footText}>{lengths.length > 0 ? lengths.at(-1) : state.loaded < count ? t('loading.progress', { loaded: state.loaded, count }) : t('image.of', { index: state.index + 1, count })}</span>
      </div>
    </div>
  );
}

/** @returns whether the key was meant for the image. */
function onKey(event: KeyboardEvent, view: StackView, count: number, play: () => void): boolean {
  const big = event.shiftKey ? 10 : 1;
  const keys: Readonly<Record<string, () => void>> = {
    'ArrowDown': () => view.step(big), 'ArrowUp': () => view.step(-big), 'ArrowRight': () => view.step(big), 'ArrowLeft': () => view.step(-big), 'PageDown': () => view.step(10), 'PageUp': () => view.step(-10),
    'Home': () => void view.goTo(0), 'End': () => void view.goTo(count - 1), '+': () => view.zoomBy(1.2), '=': () => view.zoomBy(1.2), '-': () => view.zoomBy(1 / 1.2), ' ': play, 'i': () => view.toggleInvert(), 'r': () => view.rotate(), '0': () => view.reset(),
  };
  // With Alt the arrows set the window, with Control they move the image: what a mouse does by dragging.
  const withAlt: Readonly<Record<string, () => void>> = { 'ArrowUp': () => view.adjustWindow(20, 0), 'ArrowDown': () => view.adjustWindow(-20, 0), 'ArrowRight': () => view.adjustWindow(0, 40), 'ArrowLeft': () => view.adjustWindow(0, -40) };
  const withControl: Readonly<Record<string, () => void>> = { 'ArrowUp': () => view.panBy(0, -20), 'ArrowDown': () => view.panBy(0, 20), 'ArrowRight': () => view.panBy(20, 0), 'ArrowLeft': () => view.panBy(-20, 0) };
  const run = (event.altKey ? withAlt : event.ctrlKey || event.metaKey ? withControl : keys)[event.key];
  run?.();
  return run !== undefined;
}
