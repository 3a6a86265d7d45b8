import type { BinaryFileData } from '@excalidraw/excalidraw/types';

export type BoardImageType = 'image/png' | 'image/jpeg';
/** Larger pictures are made smaller: nobody sees more on a board, and phones could not hold it. */
const mostPixels = 16_000_000;

/** The picture as PNG or JPEG with its size; other kinds are drawn into a PNG. */
export async function asBoardImage(blob: Blob): Promise<{ blob: Blob; type: BoardImageType; width: number; height: number }> {
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    if (width === 0 || height === 0) throw new Error('an empty picture');
    const known = blob.type === 'image/png' || blob.type === 'image/jpeg';
    if (known && width * height <= mostPixels) return { blob, type: blob.type as BoardImageType, width, height };
    const scale = Math.min(1, Math.sqrt(mostPixels / (width * height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!drawn) throw new Error('the picture cannot be drawn');
    return { blob: drawn, type: 'image/png', width: canvas.width, height: canvas.height };
  } finally {
    URL.revokeObjectURL(url);
  }
}

export const dataUrlOf = (blob: Blob): Promise<string> => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.addEventListener('load', () => resolve(reader.result as string));
  reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
  reader.readAsDataURL(blob);
});

const asked = async (path: string, key: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(path, { ...init, headers: { ...init.headers, authorization: `Whiteboard ${key}` } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response;
};

/** Keeps a picture with the case; answers with its id. */
export async function keepImage(base: string, key: string, blob: Blob): Promise<string> {
  const response = await asked(`${base}/images`, key, { method: 'POST', body: blob, headers: { 'content-type': blob.type } });
  return ((await response.json()) as { id: string }).id;
}

export async function fetchImage(base: string, key: string, id: string, fileId: string, created: number): Promise<BinaryFileData> {
  const blob = await (await asked(`${base}/images/${id}`, key)).blob();
  return { id: fileId, dataURL: await dataUrlOf(blob), mimeType: blob.type, created } as BinaryFileData;
}

export const keepPicture = async (base: string, key: string, picture: Blob): Promise<void> => {
  await asked(`${base}/keep`, key, { method: 'POST', body: picture, headers: { 'content-type': 'image/png' } });
};
