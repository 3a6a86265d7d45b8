import * as Y from 'yjs';
import type { SceneElement, SceneImage } from './scene.ts';

/** A board as others can read it. */
export interface BoardFile {
  readonly type: 'excalidraw';
  readonly version: 2;
  readonly source: 'bedside';
  readonly elements: readonly SceneElement[];
  readonly appState: { readonly viewBackgroundColor: '#ffffff' };
  /** Excalidraw's own files would hold the bytes; ours are Binary resources. */
  readonly files: Readonly<Record<string, never>>;
  readonly images: Readonly<Record<string, SceneImage>>;
}

/** The visible elements in their order, in Excalidraw's file format; `images` names the Binary behind each image. */
export function boardFile(state: Uint8Array | undefined): BoardFile {
  const doc = new Y.Doc();
  if (state) Y.applyUpdate(doc, state);
  const elements = [...doc.getMap<SceneElement>('elements').values()].filter((element) => element.isDeleted !== true);
  const order = (element: SceneElement): string => (typeof element['index'] === 'string' ? element['index'] : '');
  elements.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : a.id < b.id ? -1 : 1));
  const images = Object.fromEntries(doc.getMap<SceneImage>('images').entries());
  doc.destroy();
  return { type: 'excalidraw', version: 2, source: 'bedside', elements, appState: { viewBackgroundColor: '#ffffff' }, files: {}, images };
}
