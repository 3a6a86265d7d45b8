import { cache, Enums, eventTarget, imageLoader, RenderingEngine, utilities, type Types } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { annotation, Enums as ToolEnums, ToolGroupManager, type Types as ToolTypes } from '@cornerstonejs/tools';
import { snapshot } from './capture.ts';
import { cacheBytes, tools } from './cornerstone.ts';
import { sideOf, tellsOrientation, type SeriesImage } from './series-images.ts';

export const dragTools = ['scroll', 'window', 'zoom', 'pan', 'length'] as const;
export type DragTool = (typeof dragTools)[number];

/** What the screen shows about the view. */
export interface StackState {
  readonly index: number;
  readonly windowCenter: number | undefined;
  readonly windowWidth: number | undefined;
  readonly zoom: number;
  readonly inverted: boolean;
  readonly loaded: number;
  /** Image that is shown could not be loaded or decoded. */
  readonly failed: boolean;
  readonly rendered: boolean;
  /** Sides of the patient at the left and upper edge. */
  readonly sides: { readonly left: string; readonly top: string };
  /** In millimetres only when the image says how large its pixels are; else the unit is `px` or what the calibration gives. */
  readonly lengths: readonly { readonly value: number; readonly unit: string }[];
}
export const emptyState: StackState = { index: 0, windowCenter: undefined, windowWidth: undefined, zoom: 1, inverted: false, loaded: 0, failed: false, rendered: false, sides: { left: '', top: '' }, lengths: [] };

const prefetchAtOnce = 3;
/** A frame that takes longer is told as one that cannot be shown. */
const patienceMs = 60_000;
const viewportId = 'stack';

/** One viewport on a stack of images, from element to disposal. */
export class StackView {
  readonly #engine: RenderingEngine;
  readonly #element: HTMLDivElement;
  readonly #onState: (state: StackState) => void;
  readonly #groupId: string;
  readonly #closing = new AbortController();
  readonly #observer: ResizeObserver;
  readonly #failed = new Set<string>();
  readonly #loaded = new Set<string>();
  readonly #metadata = new Map<string, object>();
  #images: readonly SeriesImage[] = [];
  #bytesEach = 0;
  #state = emptyState;
  #startZoom = 1;

  constructor(element: HTMLDivElement, onState: (state: StackState) => void) {
    const id = crypto.randomUUID();
    this.#element = element;
    this.#onState = onState;
    this.#engine = new RenderingEngine(id);
    this.#groupId = `group-${id}`;
    this.#engine.enableElement({ viewportId, type: Enums.ViewportType.STACK, element, defaultOptions: { background: [0, 0, 0] } });
    const group = ToolGroupManager.createToolGroup(this.#groupId)!;
    for (const tool of Object.values(tools)) group.addTool(tool.toolName);
    group.addViewport(viewportId, id);
    this.setTool('scroll');
    this.#observer = new ResizeObserver(() => { if (!this.#closing.signal.aborted) this.#engine.resize(true, true); });
    this.#observer.observe(element);
    this.#listen();
  }

  get #viewport(): Types.IStackViewport { return this.#engine.getViewport<Types.IStackViewport>(viewportId); }

  #listen(): void {
    const { signal } = this.#closing;
    const on = (target: EventTarget, name: string, run: (detail: Record<string, unknown>) => void): void => {
      const listener = (event: Event): void => run((event as CustomEvent<Record<string, unknown>>).detail ?? {});
      target.addEventListener(name, listener);
      signal.addEventListener('abort', () => target.removeEventListener(name, listener));
    };
    on(this.#element, Enums.Events.STACK_NEW_IMAGE, () => this.#refresh({ index: this.#viewport.getCurrentImageIdIndex(), failed: this.#failed.has(this.#viewport.getCurrentImageId()) }));
    on(this.#element, Enums.Events.VOI_MODIFIED, () => this.#refresh({}));
    on(this.#element, Enums.Events.CAMERA_MODIFIED, () => this.#refresh({}));
    on(eventTarget, Enums.Events.IMAGE_LOAD_ERROR, (detail) => this.#fail(String(detail['imageId'])));
    on(eventTarget, Enums.Events.IMAGE_LOAD_FAILED, (detail) => this.#fail(String(detail['imageId'])));
    for (const name of [ToolEnums.Events.ANNOTATION_COMPLETED, ToolEnums.Events.ANNOTATION_MODIFIED, ToolEnums.Events.ANNOTATION_REMOVED, ToolEnums.Events.ANNOTATION_RENDERED]) on(eventTarget, name, () => this.#refresh({}));
  }

  #fail(imageId: string): void {
    if (!this.#images.some((image) => image.imageId === imageId)) return;
    this.#failed.add(imageId);
    this.#refresh({ failed: this.#failed.has(this.#images[this.#state.index]?.imageId ?? '') });
  }

  #refresh(change: Partial<StackState>): void {
    if (this.#closing.signal.aborted) return;
    const range = this.#viewport.getProperties().voiRange;
    const camera = this.#viewport.getCamera();
    const next: StackState = {
      ...this.#state,
      ...(range && rounded(utilities.windowLevel.toWindowLevel(range.lower, range.upper))),
      zoom: this.#viewport.getZoom() / this.#startZoom, inverted: this.#viewport.getProperties().invert ?? false,
      sides: sidesOf(camera, this.#images[this.#state.index]), loaded: this.#loaded.size, lengths: this.#lengths(), ...change,
    };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.#onState(next);
  }

  #lengths(): StackState['lengths'] {
    const ids = new Set(this.#images.map((image) => image.imageId));
    const all = annotation.state.getAllAnnotations().filter((a) => a.metadata?.toolName === tools.length.toolName && ids.has(a.metadata.referencedImageId ?? ''));
    return all.flatMap((a) => Object.values((a as ToolTypes.Annotation & { data: { cachedStats?: Record<string, { length?: number; unit?: string }> } }).data.cachedStats ?? {}).flatMap((s) => (typeof s.length === 'number' ? [{ value: s.length, unit: s.unit ?? 'px' }] : [])));
  }

  /** Shows a series, from its middle or first image, and fetches the rest as far as the cache holds it. */
  async show(images: readonly SeriesImage[], bytesEach: number, start: number): Promise<void> {
    this.#release();
    this.#images = images;
    this.#bytesEach = Math.max(1, bytesEach);
    this.#state = { ...emptyState, index: start };
    for (const { imageId, metadata } of images) {
      const own = { ...metadata };
      this.#metadata.set(imageId, own);
      wadors.metaDataManager.add(imageId, own as never);
    }
    try {
      await inTime(this.#viewport.setStack(images.map((image) => image.imageId), start));
      this.#loaded.add(images[start]!.imageId);
    } catch {
      // The loader has already told which image failed; the screen says so in its place.
      this.#fail(images[start]!.imageId);
    }
    if (this.#closing.signal.aborted) return;
    this.#viewport.resetCamera();
    this.#startZoom = this.#viewport.getZoom();
    this.#viewport.render();
    this.#refresh({ index: start, rendered: !this.#failed.has(images[start]!.imageId) });
    void this.#prefetch(images, start);
  }

  async #prefetch(images: readonly SeriesImage[], start: number): Promise<void> {
    const most = Math.max(1, Math.floor((cacheBytes() * 0.6) / this.#bytesEach));
    const queue = images.map((_, at) => at).sort((a, b) => Math.abs(a - start) - Math.abs(b - start)).slice(0, most);
    const work = async (): Promise<void> => {
      for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
        if (this.#closing.signal.aborted || this.#images !== images) return;
        const { imageId } = images[at]!;
        try {
          await imageLoader.loadAndCacheImage(imageId, { requestType: Enums.RequestType.Prefetch } as never);
          this.#loaded.add(imageId);
        } catch {
          this.#fail(imageId);
        }
        if (this.#images === images) this.#refresh({ loaded: this.#loaded.size });
      }
    };
    await Promise.all(Array.from({ length: prefetchAtOnce }, work));
  }

  setTool(tool: DragTool): void {
    const group = ToolGroupManager.getToolGroup(this.#groupId)!;
    const { MouseBindings } = ToolEnums;
    for (const name of dragTools) group.setToolPassive(tools[name].toolName, { removeAllBindings: true });
    const extra: Partial<Record<DragTool, { mouseButton?: number; numTouchPoints?: number }[]>> = {
      scroll: [{ mouseButton: MouseBindings.Wheel }], zoom: [{ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 }], pan: [{ mouseButton: MouseBindings.Auxiliary }],
    };
    for (const name of dragTools) {
      const bindings = [...(name === tool ? [{ mouseButton: MouseBindings.Primary }] : []), ...(extra[name] ?? [])];
      if (bindings.length > 0) group.setToolActive(tools[name].toolName, { bindings });
    }
  }

  /** Settles when the image is shown, or is known not to be. */
  async goTo(index: number): Promise<void> {
    if (this.#images.length === 0 || this.#closing.signal.aborted) return;
    const at = Math.max(0, Math.min(this.#images.length - 1, index));
    if (at === this.#viewport.getTargetImageIdIndex()) return;
    const { imageId } = this.#images[at]!;
    try {
      await inTime(this.#viewport.setImageIdIndex(at));
      this.#loaded.add(imageId);
    } catch {
      this.#fail(imageId);
      this.#refresh({ index: at, failed: true });
    }
  }
  /** Counted from where the view is going, so that quick keys add up. */
  step(by: number): void { void this.goTo(this.#viewport.getTargetImageIdIndex() + by); }

  setWindow(center: number, width: number): void {
    this.#viewport.setProperties({ voiRange: utilities.windowLevel.toLowHighRange(width, center) });
    this.#viewport.render();
  }
  adjustWindow(byCenter: number, byWidth: number): void {
    const { windowCenter, windowWidth } = this.#state;
    if (windowCenter !== undefined && windowWidth !== undefined) this.setWindow(windowCenter + byCenter, Math.max(1, windowWidth + byWidth));
  }
  zoomBy(factor: number): void {
    this.#viewport.setZoom(Math.max(0.2, Math.min(40, this.#viewport.getZoom() * factor)));
    this.#viewport.render();
  }
  panBy(x: number, y: number): void {
    const [px, py] = this.#viewport.getPan();
    this.#viewport.setPan([px + x, py + y]);
    this.#viewport.render();
  }
  toggleInvert(): void {
    this.#viewport.setProperties({ invert: !(this.#viewport.getProperties().invert ?? false) });
    this.#viewport.render();
    this.#refresh({});
  }
  rotate(): void {
    const { rotation = 0 } = this.#viewport.getViewPresentation();
    this.#viewport.setViewPresentation({ rotation: (rotation + 90) % 360 });
    this.#viewport.render();
    this.#refresh({});
  }
  reset(): void {
    this.#viewport.resetProperties();
    this.#viewport.setViewPresentation({ rotation: 0 });
    this.#viewport.resetCamera();
    this.#viewport.render();
    this.#refresh({});
  }
  clearMeasurements(): void {
    const ids = new Set(this.#images.map((image) => image.imageId));
    for (const a of annotation.state.getAllAnnotations()) if (a.annotationUID && ids.has(a.metadata?.referencedImageId ?? '')) annotation.state.removeAnnotation(a.annotationUID);
    this.#viewport.render();
    this.#refresh({});
  }

  capture(): Promise<Blob> { return snapshot(this.#viewport.getCanvas(), this.#element.querySelector('svg.svg-layer')); }

  /** Lets go of the pixels and metadata of the series. */
  #release(): void {
    if (this.#images.length > 0) this.clearMeasurements();
    for (const { imageId } of this.#images) {
      const own = this.#metadata.get(imageId);
      // Another view may show the image by then.
      const forget = (): void => { if (wadors.metaDataManager.get(imageId) === own) wadors.metaDataManager.remove(imageId); };
      const load = cache.getImageLoadObject(imageId);
      // An image that is on its way is decoded by its metadata.
      if (load) load.promise.then(forget, forget);
      else forget();
      if (load) cache.removeImageLoadObject(imageId, { force: true });
    }
    this.#metadata.clear();
    this.#images = [];
    this.#failed.clear();
    this.#loaded.clear();
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#release();
    this.#closing.abort();
    this.#observer.disconnect();
    ToolGroupManager.destroyToolGroup(this.#groupId);
    this.#engine.destroy();
  }
}

const rounded = ({ windowWidth, windowCenter }: { windowWidth: number; windowCenter: number }): { windowWidth: number; windowCenter: number } => ({ windowWidth: Math.round(windowWidth), windowCenter: Math.round(windowCenter) });

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('The image takes too long')), patienceMs); });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Letters for the left and upper edge, from how the image now lies; none when the image does not say how it was taken. */
function sidesOf(camera: Types.ICamera, image: SeriesImage | undefined): StackState['sides'] {
  const { viewUp, viewPlaneNormal } = camera;
  // The image library makes up an orientation where there is none: letters are only drawn when the image itself tells.
  if (!viewUp || !viewPlaneNormal || !image || !tellsOrientation(image.metadata)) return { left: '', top: '' };
  const [ux, uy, uz] = viewUp;
  const [nx, ny, nz] = viewPlaneNormal;
  const left: [number, number, number] = [-(uy * nz - uz * ny), -(uz * nx - ux * nz), -(ux * ny - uy * nx)];
  return { left: sideOf(left), top: sideOf([ux, uy, uz]) };
}
