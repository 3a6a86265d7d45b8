import { cache, init as initCore } from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { addTool, init as initTools, LengthTool, PanTool, StackScrollTool, WindowLevelTool, ZoomTool } from '@cornerstonejs/tools';
import { frameIsPlausible, frameOf } from './frame-check.ts';

/** Cornerstone is one per page by its own design: this is the only place that knows it. Sources of tokens are kept by address of the service. */
const page = { started: undefined as Promise<void> | undefined, tokens: new Map<string, () => Promise<string>>() };

export const tools = { scroll: StackScrollTool, window: WindowLevelTool, zoom: ZoomTool, pan: PanTool, length: LengthTool } as const;

/** Makes the libraries ready, once, and tells them where tokens for this service come from. */
export function startCornerstone(root: string, getToken: () => Promise<string>): Promise<void> {
  page.tokens.set(root, getToken);
  page.started ??= start();
  return page.started;
}

async function start(): Promise<void> {
  initCore();
  cache.setMaxCacheSize(cacheBytes());
  initLoader({
    // At least two: an image that is hard to decode must not hold up all others.
    maxWebWorkers: Math.max(2, Math.min(4, Math.floor((navigator.hardwareConcurrency || 2) / 2))),
    beforeProcessing: async (xhr) => {
      const body = xhr.response as ArrayBuffer;
      const frame = frameOf(xhr.getResponseHeader('content-type') ?? '', new Uint8Array(body));
      if (!frameIsPlausible(frame.type, frame.bytes)) throw new Error('The frame is not what its type says');
      return body;
    },
    beforeSend: async (_xhr, imageId, headers) => {
      const url = imageId.slice(imageId.indexOf(':') + 1);
      const service = [...page.tokens].find(([root]) => url.startsWith(`${root}/`));
      // A token only ever goes to the service it is for.
      return service ? { ...headers, Authorization: `Bearer ${await service[1]()}` } : headers;
    },
  });
  // The loader tells of a failed frame by event and rejects what was asked for; a promise of its own that nobody can reach rejects with the request as well.
  addEventListener('unhandledrejection', (event) => { if (event.reason instanceof XMLHttpRequest) event.preventDefault(); });
  initTools();
  for (const tool of Object.values(tools)) addTool(tool);
}

/** Decoded pixels kept at most: a phone's browser dies sooner than it swaps. */
export function cacheBytes(): number {
  const memoryGb = (navigator as { deviceMemory?: number }).deviceMemory ?? (matchMedia('(max-width: 700px)').matches ? 2 : 8);
  return (memoryGb <= 2 ? 96 : memoryGb <= 4 ? 192 : 384) * 1_048_576;
}
