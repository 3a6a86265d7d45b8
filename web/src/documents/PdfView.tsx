import { Alert, Box, Center, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { getDocument, GlobalWorkerOptions, TextLayer, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- the bundler gives the address of the file
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './PdfView.module.css';

GlobalWorkerOptions.workerSrc = workerUrl;
const maxPages = 2_000;
const maxCanvasPx = 4_096;

/** A PDF page under page, each drawn when it comes into sight, with selectable text. Scripts and outside fetches are off. */
export default function PdfView({ bytes, title }: { bytes: Uint8Array<ArrayBuffer>; title: string }) {
  const { t } = useTranslation('documents');
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [failed, setFailed] = useState<'password' | 'broken'>();
  useEffect(() => {
    let closed = false;
    // The worker takes the bytes over, so it gets its own copy.
    const task = getDocument({ data: bytes.slice(), enableXfa: false, disableAutoFetch: true, stopAtErrors: false });
    const open = async (): Promise<void> => {
      try {
        const loaded = await task.promise;
        if (!closed) setPdf(loaded);
      } catch (error) {
        if (!closed) setFailed(error instanceof Error && error.name === 'PasswordException' ? 'password' : 'broken');
      }
    };
    void open();
    return () => {
      closed = true;
      void task.destroy();
    };
  }, [bytes]);
  if (failed) return <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t(`pdf.${failed}.title`)}>{t(`pdf.${failed}.do`)}</Alert>;
  if (!pdf) return <Center mih={200}><Loader aria-label={t('loading')} /></Center>;
  const shown = Math.min(pdf.numPages, maxPages);
  return (
    <Stack gap="md" role="document" aria-label={title}>
      {Array.from({ length: shown }, (_, n) => <PdfPage key={n} pdf={pdf} number={n + 1} label={t('pdf.page', { page: n + 1, count: pdf.numPages })} />)}
      {shown < pdf.numPages && <Text>{t('pdf.more', { count: pdf.numPages - shown })}</Text>}
    </Stack>
  );
}

function PdfPage({ pdf, number, label }: { pdf: PDFDocumentProxy; number: number; label: string }) {
  const { t } = useTranslation('documents');
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(number <= 1);
  const [page, setPage] = useState<PDFPageProxy>();
  const [broken, setBroken] = useState(false);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const seen = new IntersectionObserver((entries) => setNear((was) => entries.at(-1)?.isIntersecting ?? was), { rootMargin: '600px 0px' });
    const sized = new ResizeObserver(() => setWidth(Math.round(box.clientWidth)));
    seen.observe(box);
    sized.observe(box);
    return () => {
      seen.disconnect();
      sized.disconnect();
    };
  }, []);
  useEffect(() => {
    if (!near) return undefined;
    let closed = false;
    const open = async (): Promise<void> => {
      try {
        const loaded = await pdf.getPage(number);
        if (!closed) setPage(loaded);
      } catch {
        if (!closed) setBroken(true);
      }
    };
    void open();
    return () => { closed = true; };
  }, [pdf, number, near]);
  const natural = page?.getViewport({ scale: 1 });
  const ratio = natural ? natural.height / natural.width : Math.SQRT2;
  return (
    <Box ref={place} className={styles.page} role="region" aria-label={label} style={{ aspectRatio: String(1 / ratio) }}>
      {broken && <Text p="md" c="black">{t('pdf.page-broken')}</Text>}
      {page && near && width > 0 && <Drawn page={page} width={width} />}
    </Box>
  );
}

function Drawn({ page, width }: { page: PDFPageProxy; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const sheet = canvas.current;
    const layer = words.current;
    if (!sheet || !layer) return undefined;
    const scale = width / page.getViewport({ scale: 1 }).width;
    const viewport = page.getViewport({ scale });
    const density = Math.min(devicePixelRatio || 1, maxCanvasPx / Math.max(viewport.width, viewport.height));
    sheet.width = Math.round(viewport.width * density);
    sheet.height = Math.round(viewport.height * density);
    const drawing = page.render({ canvas: sheet, viewport: page.getViewport({ scale: scale * density }) });
    // A cancelled drawing rejects; another has taken its place.
    drawing.promise.catch(() => undefined);
    layer.replaceChildren();
    layer.style.setProperty('--total-scale-factor', String(scale));
    layer.style.setProperty('--scale-factor', String(scale));
    const text = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
    text.render().catch(() => undefined);
    return () => {
      drawing.cancel();
      text.cancel();
    };
  }, [page, width]);
  return <><canvas ref={canvas} className={styles.canvas} aria-hidden /><div ref={words} className={styles.text} dir="ltr" /></>;
}
