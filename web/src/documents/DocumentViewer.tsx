import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconFileUnknown } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { documentKind, type DocumentKind } from './kind.ts';

export interface DocumentViewerProps {
  /** Media type as the record tells it, e.g. `application/pdf`, `application/hl7-cda+xml`. */
  readonly contentType: string;
  readonly url: string;
  readonly title: string;
  /** Called for addresses of this origin; others are fetched without a token. */
  readonly getToken: () => Promise<string>;
}

const PdfView = lazy(() => import('./PdfView.tsx'));
const CdaView = lazy(() => import('./CdaView.tsx'));
const maxBytes = 200 * 1_048_576;

/** Shows a document of the record: PDF, C-CDA, pictures and text; anything else is offered for download, with a warning. Nothing in a document ever runs. */
export function DocumentViewer({ contentType, url, title, getToken }: DocumentViewerProps) {
  const { t } = useTranslation('documents');
  const token = useRef(getToken);
  token.current = getToken;
  const [state, setState] = useState<{ bytes?: Uint8Array<ArrayBuffer>; failed?: 'missing' | 'too-large' | 'unreachable' }>({});
  const [round, setRound] = useState(0);
  const said = documentKind(contentType);
  useEffect(() => {
    const closing = new AbortController();
    setState({});
    if (said === 'unknown') return undefined;
    const load = async (): Promise<void> => {
      try {
        const result = await fetchBytes(url, token.current, closing.signal);
        if (!closing.signal.aborted) setState(result);
      } catch {
        if (!closing.signal.aborted) setState({ failed: 'unreachable' });
      }
    };
    void load();
    return () => closing.abort();
  }, [url, said, round]);
  const download = useCallback(async () => {
    const { bytes } = await fetchBytes(url, token.current, new AbortController().signal);
    if (bytes) save(bytes, title);
    else setState({ failed: 'unreachable' });
  }, [url, title]);
  if (said === 'unknown') return <Unknown onDownload={download} />;
  if (state.failed) {
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t(`failed.${state.failed}.title`)}>
        {t(`failed.${state.failed}.do`)}
        <Group mt="sm"><Button size="sm" variant="default" onClick={() => setRound(round + 1)}>{t('retry')}</Button></Group>
      </Alert>
    );
  }
  const { bytes } = state;
  if (!bytes) return <Center mih={200}><Loader aria-label={t('loading')} /></Center>;
  return (
    <Stack gap="sm">
      <Group justify="flex-end"><Button size="sm" variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={() => save(bytes, title)}>{t('download')}</Button></Group>
      <Suspense fallback={<Center mih={200}><Loader aria-label={t('loading')} /></Center>}><Shown kind={said} bytes={bytes} title={title} contentType={contentType} /></Suspense>
    </Stack>
  );
}

function Shown({ kind, bytes, title, contentType }: { kind: DocumentKind; bytes: Uint8Array<ArrayBuffer>; title: string; contentType: string }) {
  switch (kind) {
    case 'pdf': return <PdfView bytes={bytes} title={title} />;
    case 'cda': return <CdaView bytes={bytes} />;
    case 'image': return <Picture bytes={bytes} title={title} type={contentType} />;
    default: return <Text component="pre" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: '1rem', margin: 0 }}>{new TextDecoder().decode(bytes)}</Text>;
  }
}

function Picture({ bytes, title, type }: { bytes: Uint8Array<ArrayBuffer>; title: string; type: string }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: type.split(';')[0]!.trim() }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  return url ? <img src={url} alt={title} style={{ maxWidth: '100%', height: 'auto', display: 'block', margin: '0 auto' }} /> : null;
}

function Unknown({ onDownload }: { onDownload: () => Promise<void> }) {
  const { t } = useTranslation('documents');
  const [busy, setBusy] = useState(false);
  return (
    <Alert color="orange" icon={<IconFileUnknown aria-hidden />} title={t('unknown.title')}>
      {t('unknown.do')}
      <Group mt="sm"><Button size="sm" variant="default" loading={busy} leftSection={<IconDownload size={18} aria-hidden />} onClick={() => { setBusy(true); void onDownload().finally(() => setBusy(false)); }}>{t('download')}</Button></Group>
    </Alert>
  );
}

async function fetchBytes(url: string, getToken: () => Promise<string>, signal: AbortSignal): Promise<{ bytes?: Uint8Array<ArrayBuffer>; failed?: 'missing' | 'too-large' | 'unreachable' }> {
  const address = new URL(url, location.href);
  const own = address.origin === location.origin;
  const response = await fetch(address, { signal, headers: { accept: 'application/octet-stream, */*;q=0.5', ...(own && address.protocol !== 'blob:' && { authorization: `Bearer ${await getToken()}` }) } });
  if (!response.ok) return { failed: response.status === 404 || response.status === 403 || response.status === 410 ? 'missing' : 'unreachable' };
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) return { failed: 'too-large' };
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length > maxBytes ? { failed: 'too-large' } : { bytes };
}

/** Saved as plain bytes: the browser must not open it by its type. */
function save(bytes: Uint8Array<ArrayBuffer>, title: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = title.replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 120) || 'document';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
