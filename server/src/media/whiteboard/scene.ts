/** What a board may hold. Everything else is refused before anybody sees it. */
export const boardLimits = {
  /** Bytes of one message of a client. */
  mostMessageBytes: 1_048_576,
  mostElements: 5_000,
  mostImages: 200,
  mostElementBytes: 262_144,
  /** Bytes of the whole board as Yjs encodes it. */
  mostBoardBytes: 16_777_216,
  mostImageBytes: 20_971_520,
  mostConnections: 64,
  mostBoards: 1_000,
  /** Changes a client may send: on average, and at once. */
  messagesPerSecond: 60, messageBurst: 600,
  bytesPerSecond: 524_288, bytesBurst: 8_388_608,
  admissionTimeoutMs: 5_000,
} as const;

/** Kinds of elements; those that load foreign pages (embeddable, iframe) are not among them. */
export const elementTypes = ['rectangle', 'diamond', 'ellipse', 'line', 'arrow', 'freedraw', 'text', 'image', 'frame'] as const;

export interface SceneElement { readonly id: string; readonly type: (typeof elementTypes)[number]; readonly version: number; readonly versionNonce: number; readonly isDeleted?: boolean; readonly [key: string]: unknown }
export interface SceneImage { readonly image: string; readonly mimeType: 'image/png' | 'image/jpeg'; readonly created: number }

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Why this value may not stand under this key, or undefined when it may. */
export function elementFault(key: string, value: unknown): string | undefined {
  if (!isObject(value)) return 'an element is not plain data';
  if (value['id'] !== key || key.length > 64) return 'an element stands under another id';
  if (!(elementTypes as readonly unknown[]).includes(value['type'])) return 'an element is of a kind that is not allowed';
  if (!isCount(value['version']) || !isCount(value['versionNonce'])) return 'an element has no version';
  if (value['link'] !== undefined && value['link'] !== null) return 'an element has a link';
  for (const name of ['x', 'y', 'width', 'height', 'angle']) if (typeof value[name] !== 'number' || !Number.isFinite(value[name]) || Math.abs(value[name]) > 1e7) return `the element's ${name} is not a usable number`;
  if (Buffer.byteLength(JSON.stringify(value)) > boardLimits.mostElementBytes) return 'an element is too large';
  return undefined;
}

export function imageFault(key: string, value: unknown): string | undefined {
  if (!isObject(value) || key.length > 64) return 'an image is not plain data';
  if (typeof value['image'] !== 'string' || !/^[A-Za-z0-9.-]{1,64}$/.test(value['image'])) return 'an image has no id';
  if (value['mimeType'] !== 'image/png' && value['mimeType'] !== 'image/jpeg') return 'an image is neither PNG nor JPEG';
  return isCount(value['created']) && Object.keys(value).length === 3 ? undefined : 'an image has unknown fields';
}
