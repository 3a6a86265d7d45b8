import '@excalidraw/excalidraw/index.css';
import './board.css';
import { CaptureUpdateAction, convertToExcalidrawElements, Excalidraw, exportToBlob, getNonDeletedElements, MainMenu } from '@excalidraw/excalidraw';
import type { BinaryFileData, ExcalidrawImperativeAPI } from '@excalidraw/excalidraw/types';
import { Alert, Button, Group, Text, useComputedColorScheme } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCloudOff, IconDeviceFloppy, IconRefresh } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { bindScene, type Binding } from './binding.ts';
import { connectBoard, type BoardConnection, type BoardStatus } from './connection.ts';
import { asBoardImage, dataUrlOf, keepPicture } from './images.ts';
import { nameControls } from './name-controls.ts';
import type { WhiteboardProps } from './Whiteboard.tsx';

/** Excalidraw's names of our languages. */
const drawingLanguages: Readonly<Record<string, string>> = { en: 'en', zh: 'zh-CN', fr: 'fr-FR', es: 'es-ES', ar: 'ar-SA' };
const ownUrl = (): string => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/whiteboard`;
const doorOf = (url: string): string => url.replace(/^ws/, 'http').replace(/\/$/, '');
const none: BoardStatus = { state: 'connecting', seat: undefined, synced: false, unsaved: 0 };
const canvasActions = { loadScene: false, export: false, saveToActiveFile: false, toggleTheme: false, saveAsImage: true, clearCanvas: true, changeViewBackgroundColor: false } as const;
const widestPicture = 900;

export function Board({ ticket, url = ownUrl(), height = 'min(72vh, 50rem)', readOnly = false, ref }: WhiteboardProps) {
  const { t, i18n } = useTranslation('whiteboard');
  const scheme = useComputedColorScheme('light');
  const frame = useRef<HTMLDivElement>(null);
  const [api, setApi] = useState<ExcalidrawImperativeAPI>();
  // The drawing program empties its scene when it has loaded; its first change tells that it has.
  const [loaded, setLoaded] = useState(false);
  const [connection, setConnection] = useState<BoardConnection>();
  const [imageFault, setImageFault] = useState(false);
  const [keeping, setKeeping] = useState<'idle' | 'busy' | 'kept' | 'failed'>('idle');
  const binding = useRef<Binding>(undefined);
  const [bound, setBound] = useState(false);
  const status = useSyncExternalStore(connection?.watch ?? (() => () => undefined), connection?.status ?? (() => none));
  const { seat } = status;
  const looking = readOnly || !seat?.canDraw || !status.synced;

  useEffect(() => {
    const opened = connectBoard(url, ticket);
    setConnection(opened);
    return () => opened.close();
  }, [url, ticket]);
  useEffect(() => {
    if (!api || !loaded || !connection || !status.synced) return undefined;
    const scene = bindScene(api, connection, doorOf(url), () => setImageFault(true));
    binding.current = scene;
    setBound(true);
    return () => {
      binding.current = undefined;
      setBound(false);
      scene.end();
    };
  }, [api, loaded, connection, status.synced, url]);
  useEffect(() => { if (status.state === 'open' && status.synced) binding.current?.retry(); }, [status.state, status.synced, seat]);
  useEffect(() => (frame.current ? nameControls(frame.current, (key) => t(`control.${key}`)) : undefined), [t]);

  const exportPng = async (): Promise<Blob> => {
    if (!api) throw new Error('The board is not open yet');
    return exportToBlob({ elements: getNonDeletedElements(api.getSceneElements()), files: api.getFiles(), mimeType: 'image/png', exportPadding: 16, appState: { exportBackground: true, viewBackgroundColor: '#ffffff', exportWithDarkMode: false } });
  };
  useImperativeHandle(ref, () => ({
    exportPng,
    addImage: async (picture, caption) => {
      // Before it holds what the others drew, a picture would be put over that.
      if (!api || !bound) throw new Error('The board is not open yet');
      await placePicture(api, picture, caption);
    },
    ready: bound,
  }), [api, bound]);
  const keep = async (): Promise<void> => {
    if (!seat) return;
    setKeeping('busy');
    try {
      await keepPicture(doorOf(url), seat.imageKey, await exportPng());
      setKeeping('kept');
    } catch {
      setKeeping('failed');
    }
  };

  return (
    <section ref={frame} className="bedside-whiteboard" aria-label={t('board')} style={{ height }} data-synced={status.synced} data-unsaved={status.unsaved}>
      <Group justify="space-between" gap="xs" wrap="wrap" className="bedside-whiteboard-bar">
        <State status={status} readOnly={readOnly} />
        {!looking && (
          <Button size="compact-sm" variant="default" leftSection={<IconDeviceFloppy size={18} aria-hidden />} loading={keeping === 'busy'} onClick={() => void keep()}>{t('keep')}</Button>
        )}
      </Group>
      {keeping === 'kept' && <Text size="sm" role="status" c="dimmed">{t('kept')}</Text>}
      {keeping === 'failed' && <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={t('keepFailed')}>{t('keepFailedDo')}</Alert>}
      {imageFault && (
        <Alert role="alert" color="orange" icon={<IconAlertTriangle aria-hidden />} title={t('imageFailed')}>
          <Group justify="space-between"><Text size="sm">{t('imageFailedDo')}</Text>
            <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => { setImageFault(false); binding.current?.retry(); }}>{t('retry')}</Button></Group>
        </Alert>
      )}
      <div className="bedside-whiteboard-canvas" dir="ltr">
        <Excalidraw excalidrawAPI={setApi} langCode={drawingLanguages[i18n.language] ?? 'en'} theme={scheme} viewModeEnabled={looking} isCollaborating
          UIOptions={{ canvasActions, tools: { image: true } }} aiEnabled={false} handleKeyboardGlobally={false} autoFocus={false} validateEmbeddable={false}
          onChange={(elements, appState, files) => {
            setLoaded(true);
            binding.current?.changed(elements, appState, files);
          }}
          onPointerUpdate={({ pointer, button }) => binding.current?.pointed(pointer, button)}>
          <MainMenu>
            <MainMenu.DefaultItems.SaveAsImage />
            {!looking && <MainMenu.DefaultItems.ClearCanvas />}
          </MainMenu>
        </Excalidraw>
      </div>
    </section>
  );
}

function State({ status, readOnly }: { status: BoardStatus; readOnly: boolean }) {
  const { t } = useTranslation('whiteboard');
  if (status.state === 'refused') return <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title={t('refused')}>{t('refusedDo')}</Alert>;
  const [Icon, text] = status.state === 'interrupted' ? [IconCloudOff, t('interrupted')] as const
    : !status.synced ? [IconRefresh, t('opening')] as const
      : readOnly || !status.seat?.canDraw ? [IconCheck, t('looking')] as const
        : status.unsaved > 0 ? [IconRefresh, t('saving')] as const : [IconCheck, t('saved')] as const;
  return <Group gap={6} wrap="nowrap" role="status"><Icon size={18} aria-hidden /><Text size="sm">{text}</Text></Group>;
}

/** Below what is already there, in a size that fits; fixed in its place so that drawing upon it does not move it. */
async function placePicture(api: ExcalidrawImperativeAPI, source: Blob, caption: string): Promise<void> {
  const picture = await asBoardImage(source);
  const fileId = crypto.randomUUID();
  api.addFiles([{ id: fileId, dataURL: await dataUrlOf(picture.blob), mimeType: picture.type, created: Date.now() } as BinaryFileData]);
  const scale = Math.min(1, widestPicture / picture.width);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const present = api.getSceneElements();
  const top = present.reduce((most, element) => Math.max(most, element.y + element.height + 40), 0);
  const added = convertToExcalidrawElements([
    { type: 'image', fileId: fileId as never, x: 0, y: top, width, height, locked: true, status: 'saved' },
    ...(caption.trim() === '' ? [] : [{ type: 'text' as const, x: 0, y: top + height + 8, text: caption.trim().slice(0, 500), fontSize: 18 }]),
  ]);
  api.updateScene({ elements: [...api.getSceneElementsIncludingDeleted(), ...added], captureUpdate: CaptureUpdateAction.IMMEDIATELY });
  api.scrollToContent(added, { fitToContent: true, animate: false });
}
