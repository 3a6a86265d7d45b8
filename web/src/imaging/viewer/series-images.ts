import { numberOf, numbersOf, text, type DicomJson } from '../../dicomweb/index.ts';

export interface SeriesImage { readonly imageId: string; readonly metadata: DicomJson; readonly instanceNumber: number | undefined; readonly frame: number }
/** What a series is, as far as it can be shown. */
export type SeriesContent =
  | { readonly kind: 'images'; readonly images: readonly SeriesImage[]; readonly bytesEach: number; readonly frameMs: number | undefined }
  | { readonly kind: 'pdf'; readonly url: string; readonly title: string }
  | { readonly kind: 'waveform'; readonly sop: string }
  | { readonly kind: 'other'; readonly modality: string };

/** From the metadata of a series to what is shown, in anatomical order. Pure. */
export function seriesContent(root: string, study: string, series: string, metadata: readonly DicomJson[]): SeriesContent {
  const withPixels = metadata.filter((m) => (numberOf(m, '00280010') ?? 0) > 0 && (numberOf(m, '00280011') ?? 0) > 0);
  const first = metadata[0];
  if (withPixels.length === 0) {
    const document = metadata.find((m) => m['00420011']);
    const uri = document?.['00420011']?.BulkDataURI;
    if (document && uri && text(document, '00420012') === 'application/pdf') return { kind: 'pdf', url: new URL(uri, root).href, title: text(document, '00420010') ?? '' };
    const wave = metadata.find((m) => m['54000100']);
    if (wave) return { kind: 'waveform', sop: text(wave, '00080018') ?? '' };
    return { kind: 'other', modality: (first && text(first, '00080060')) ?? '' };
  }
  const images = inOrder(withPixels).map(withPalette).flatMap((m) => {
    const base = `wadors:${root}/studies/${study}/series/${series}/instances/${text(m, '00080018') ?? ''}/frames/`;
    return Array.from({ length: Math.max(1, numberOf(m, '00280008') ?? 1) }, (_, frame) => ({ imageId: `${base}${frame + 1}`, metadata: m, instanceNumber: numberOf(m, '00200013'), frame: frame + 1 }));
  });
  const m = withPixels[0]!;
  const bytesEach = (numberOf(m, '00280010') ?? 0) * (numberOf(m, '00280011') ?? 0) * (numberOf(m, '00280002') ?? 1) * Math.ceil((numberOf(m, '00280100') ?? 16) / 8);
  return { kind: 'images', images, bytesEach, frameMs: numberOf(m, '00181063') };
}

/** The image loader reads palettes as numbers, where the JSON model has base64 of 16-bit words. @see PS3.3 C.7.6.3.1.6 */
function withPalette(m: DicomJson): DicomJson {
  if (!m['00281201']?.InlineBinary) return m;
  const palettes = ['00281201', '00281202', '00281203'].flatMap((tag) => {
    const inline = m[tag]?.InlineBinary;
    if (!inline) return [];
    const bytes = Uint8Array.from(atob(inline), (c) => c.charCodeAt(0));
    return [[tag, { vr: 'US', Value: Array.from({ length: bytes.length >> 1 }, (_, n) => bytes[n * 2]! | (bytes[n * 2 + 1]! << 8)) }] as const];
  });
  return { ...m, ...Object.fromEntries(palettes) };
}

/** Along the normal of the slices when all tell where they lie in one orientation, else by instance number. @see PS3.3 C.7.6.2.1.1 */
function inOrder(metadata: readonly DicomJson[]): DicomJson[] {
  const orientation = numbersOf(metadata[0]!, '00200037');
  const parallel = orientation.length === 6 && metadata.every((m) => {
    const other = numbersOf(m, '00200037');
    return numbersOf(m, '00200032').length === 3 && other.length === 6 && other.every((value, at) => Math.abs(value - orientation[at]!) < 1e-3);
  });
  const number = (m: DicomJson): number => numberOf(m, '00200013') ?? 0;
  if (!parallel) return [...metadata].sort((a, b) => number(a) - number(b));
  const [a, b, c, d, e, f] = orientation as [number, number, number, number, number, number];
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  const along = (m: DicomJson): number => numbersOf(m, '00200032').reduce((sum, value, at) => sum + value * normal[at]!, 0);
  return [...metadata].sort((x, y) => along(x) - along(y) || number(x) - number(y));
}

/** Windows in use for CT, in Hounsfield units. */
export const windowPresets = {
  soft: { center: 40, width: 400 }, lung: { center: -600, width: 1500 }, bone: { center: 500, width: 2000 }, brain: { center: 40, width: 80 },
} as const;
export type WindowPreset = keyof typeof windowPresets;

/** Whether an image says how it lies in the patient, in itself or in its functional groups. @see PS3.3 C.7.6.16.2.4 */
export function tellsOrientation(m: DicomJson): boolean {
  const groups = [m['52009229'], m['52009230']].flatMap((sequence) => (sequence?.Value ?? []) as DicomJson[]);
  return [m, ...groups.flatMap((group) => (group['00209116']?.Value ?? []) as DicomJson[])].some((place) => numbersOf(place, '00200037').length === 6);
}

/** Which side of the patient a direction points to: `R`, `L`, `A`, `P`, `H`, `F`, up to two letters. @see PS3.3 C.7.6.1.1.1 */
export function sideOf(direction: readonly [number, number, number]): string {
  const axes: [number, string, string][] = [[direction[0], 'L', 'R'], [direction[1], 'P', 'A'], [direction[2], 'H', 'F']];
  return axes.filter(([size]) => Math.abs(size) > 0.35).sort((a, b) => Math.abs(b[0]) - Math.abs(a[0])).slice(0, 2).map(([size, plus, minus]) => (size > 0 ? plus : minus)).join('');
}
