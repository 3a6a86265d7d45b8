import { Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketSource } from './connection.ts';

export interface WhiteboardHandle {
  /** Puts a picture of the record on the board, to draw upon; `caption` is written below it. */
  addImage(picture: Blob, caption: string): Promise<void>;
  /** Whether the board is open, so that pictures can be put on it; the handle is given anew when this changes. */
  readonly ready: boolean;
  /** The board as a PNG picture. */
  exportPng(): Promise<Blob>;
}
export interface WhiteboardProps {
  /** Admits to one board; a function is asked for a new one at each reconnection. */
  readonly ticket: TicketSource;
  /** Address of the door; this server's unless given. */
  readonly url?: string;
  /** CSS height of the board. */
  readonly height?: string;
  /** Look only, also where the ticket would let one draw. */
  readonly readOnly?: boolean;
  readonly ref?: Ref<WhiteboardHandle>;
}

/** Where the drawing program finds its fonts: on this server, never elsewhere. To be set before its code is loaded. */
const fontsPath = '/excalidraw/';
declare global {
  interface Window { EXCALIDRAW_ASSET_PATH?: string | string[] }
}
const Board = lazy(async () => {
  window.EXCALIDRAW_ASSET_PATH = fontsPath;
  return { default: (await import('./Board.tsx')).Board };
});

/** A whiteboard shared with everybody who has a ticket to it: strokes, notes and pictures appear with the others at once and are kept. */
export function Whiteboard(props: WhiteboardProps) {
  const { t } = useTranslation('whiteboard');
  return <Suspense fallback={<Stack align="center" py="xl"><Loader aria-hidden /><Text role="status">{t('opening')}</Text></Stack>}><Board {...props} /></Suspense>;
}
