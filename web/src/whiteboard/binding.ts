import { CaptureUpdateAction, isInvisiblySmallElement, reconcileElements, restoreElements } from '@excalidraw/excalidraw';
import type { AppState, BinaryFiles, Collaborator, ExcalidrawImperativeAPI, SocketId } from '@excalidraw/excalidraw/types';
import type { ExcalidrawElement, OrderedExcalidrawElement } from '@excalidraw/excalidraw/element/types';
import type { BoardConnection } from './connection.ts';
import { asBoardImage, fetchImage, keepImage } from './images.ts';
import { isLater } from './order.ts';

interface KeptImage { readonly image: string; readonly mimeType: string; readonly created: number }
type Presence = { pointer?: { x: number; y: number; tool: 'pointer' | 'laser' }; button?: 'up' | 'down'; selected?: string[]; user?: { id: string; name: string } };

export interface Binding {
  /** To be called with every change of the scene. */
  changed(elements: readonly OrderedExcalidrawElement[], appState: AppState, files: BinaryFiles): void;
  pointed(pointer: { x: number; y: number; tool: 'pointer' | 'laser' }, button: 'up' | 'down'): void;
  /** The connection is open (again): pictures that could not be kept or fetched are tried anew. */
  retry(): void;
  end(): void;
}

const sendEveryMs = 60;
const pointEveryMs = 50;
/** Kinds that load foreign pages never leave this browser; the server would refuse them. */
const shared = new Set(['rectangle', 'diamond', 'ellipse', 'line', 'arrow', 'freedraw', 'text', 'image', 'frame']);
const colours = ['#c92a2a', '#5f3dc4', '#1864ab', '#2b8a3e', '#a61e4d', '#0b7285', '#862e9c', '#364fc7'];

/** Keeps Excalidraw's scene and the shared document the same: element by element, the later state wins. */
export function bindScene(api: ExcalidrawImperativeAPI, connection: BoardConnection, base: string, onFault: (what: 'image') => void): Binding {
  const elements = connection.doc.getMap<ExcalidrawElement>('elements');
  const images = connection.doc.getMap<KeptImage>('images');
  const local = Symbol('this scene');
  const working = new Set<string>();
  let latest: { elements: readonly ExcalidrawElement[]; files: BinaryFiles } | undefined;
  let sending: ReturnType<typeof setTimeout> | undefined;
  let pointing: ReturnType<typeof setTimeout> | undefined;
  let presence: Presence = { button: 'up', selected: [] };
  let over = false;
  const key = (): string | undefined => connection.status().seat?.imageKey;

  const write = (): void => {
    sending = undefined;
    if (!latest || over || !connection.status().synced || !connection.status().seat?.canDraw) return;
    const changes = latest.elements.filter((element) => {
      if (!shared.has(element.type)) return false;
      const known = elements.get(element.id);
      return known ? isLater(element, known) : !element.isDeleted && !isInvisiblySmallElement(element);
    });
    // One transaction each: a message stays small, and a refused one takes no other with it.
    for (const element of changes) connection.doc.transact(() => elements.set(element.id, { ...JSON.parse(JSON.stringify(element)), link: null }), local);
    for (const element of latest.elements) if (element.type === 'image' && element.fileId && !element.isDeleted) share(element.fileId, latest.files);
  };
  const share = (fileId: string, files: BinaryFiles): void => {
    const file = files[fileId];
    const imageKey = key();
    if (!file || !imageKey || images.has(fileId) || working.has(fileId)) return;
    working.add(fileId);
    const run = async (): Promise<void> => {
      const picture = await asBoardImage(await (await fetch(file.dataURL)).blob());
      const image = await keepImage(base, imageKey, picture.blob);
      if (!over) images.set(fileId, { image, mimeType: picture.type, created: file.created });
    };
    run().catch(() => onFault('image')).finally(() => working.delete(fileId));
  };
  const show = (): void => {
    const have = api.getFiles();
    const imageKey = key();
    if (!imageKey) return;
    for (const [fileId, kept] of images) {
      if (have[fileId] || working.has(fileId)) continue;
      working.add(fileId);
      fetchImage(base, imageKey, kept.image, fileId, kept.created).then((file) => { if (!over) api.addFiles([file]); return undefined; }, () => onFault('image')).finally(() => working.delete(fileId));
    }
  };
  const apply = (ids: Iterable<string>): void => {
    const remote = [...ids].flatMap((id) => elements.get(id) ?? []);
    if (remote.length === 0) return;
    const mine = api.getSceneElementsIncludingDeleted();
    const merged = reconcileElements(mine as OrderedExcalidrawElement[], restoreElements(remote, null) as never, api.getAppState());
    api.updateScene({ elements: merged, captureUpdate: CaptureUpdateAction.NEVER });
    latest = { elements: merged, files: api.getFiles() };
    // Where this scene had the later state it is put back.
    if (merged.some((element) => elements.has(element.id) && isLater(element, elements.get(element.id)!))) sending ??= setTimeout(write, sendEveryMs);
  };
  const people = (): void => {
    const collaborators = new Map<SocketId, Collaborator>();
    for (const [id, state] of connection.awareness.getStates() as Map<number, Presence>) {
      if (id === connection.doc.clientID || !state.user) continue;
      const colour = colours[id % colours.length]!;
      collaborators.set(String(id) as SocketId, {
        id: state.user.id, username: state.user.name, color: { background: colour, stroke: colour }, button: state.button ?? 'up',
        selectedElementIds: Object.fromEntries((state.selected ?? []).map((element) => [element, true as const])),
        ...(state.pointer ? { pointer: state.pointer } : {}),
      });
    }
    api.updateScene({ collaborators });
  };
  const point = (): void => {
    pointing = undefined;
    if (!over) connection.awareness.setLocalState(presence);
  };

  const onElements = (event: { keysChanged: Set<string> }, transaction: { origin: unknown }): void => { if (transaction.origin !== local) apply(event.keysChanged); };
  elements.observe(onElements);
  images.observe(show);
  connection.awareness.on('change', people);
  connection.awareness.setLocalState(presence);
  apply(elements.keys());
  show();

  return {
    changed: (all, appState, files) => {
      latest = { elements: all, files };
      sending ??= setTimeout(write, sendEveryMs);
      const selected = Object.keys(appState.selectedElementIds).slice(0, 50);
      if (selected.join() === presence.selected?.join()) return;
      presence = { ...presence, selected };
      pointing ??= setTimeout(point, pointEveryMs);
    },
    pointed: (pointer, button) => {
      presence = { ...presence, pointer, button };
      pointing ??= setTimeout(point, pointEveryMs);
    },
    retry: () => {
      show();
      sending ??= setTimeout(write, 0);
    },
    end: () => {
      over = true;
      clearTimeout(sending);
      clearTimeout(pointing);
      elements.unobserve(onElements);
      images.unobserve(show);
      connection.awareness.off('change', people);
    },
  };
}
