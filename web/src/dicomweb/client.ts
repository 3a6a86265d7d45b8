/** A value of the DICOM JSON model. @see PS3.18 Annex F */
export interface DicomAttribute { readonly vr: string; readonly Value?: readonly unknown[]; readonly BulkDataURI?: string; readonly InlineBinary?: string }
export type DicomJson = Readonly<Record<string, DicomAttribute>>;

export interface DicomwebOptions {
  /** Absolute or origin-relative address of the service; default `/dicomweb`. */
  readonly root?: string;
  readonly getToken: () => Promise<string>;
}

export interface SeriesInfo { readonly uid: string; readonly modality: string; readonly number: number | undefined; readonly description: string; readonly instances: number }

/** A refusal of the service: `status` 0 when there was no answer. */
export class DicomwebError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'DicomwebError';
    this.status = status;
  }
}

/** The little of DICOMweb that the viewers ask for. Frames are fetched by the image loader itself. */
export interface Dicomweb {
  readonly root: string;
  readonly getToken: () => Promise<string>;
  listSeries(study: string, signal?: AbortSignal): Promise<SeriesInfo[]>;
  seriesMetadata(study: string, series: string, signal?: AbortSignal): Promise<DicomJson[]>;
  /** The file as stored. */
  instance(study: string, series: string, sop: string, signal?: AbortSignal): Promise<Uint8Array>;
}

export function createDicomweb(options: DicomwebOptions): Dicomweb {
  const root = new URL(options.root ?? '/dicomweb', location.origin).href.replace(/\/$/, '');
  const get = async (path: string, accept: string, signal: AbortSignal | undefined): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${root}${path}`, { headers: { accept, authorization: `Bearer ${await options.getToken()}` }, ...(signal && { signal }) });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new DicomwebError(0, cause instanceof Error ? cause.message : 'no answer');
    }
    if (!response.ok) throw new DicomwebError(response.status, `HTTP ${response.status}`);
    return response;
  };
  const json = async (path: string, signal: AbortSignal | undefined): Promise<DicomJson[]> => (await (await get(path, 'application/dicom+json', signal)).json()) as DicomJson[];
  return {
    root, getToken: options.getToken,
    async listSeries(study, signal) {
      const found = await json(`/studies/${study}/series?limit=1000`, signal);
      return found.map((s) => ({ uid: text(s, '0020000E') ?? '', modality: text(s, '00080060') ?? '', number: numberOf(s, '00200011'), description: text(s, '0008103E') ?? '', instances: numberOf(s, '00201209') ?? 0 }));
    },
    seriesMetadata: (study, series, signal) => json(`/studies/${study}/series/${series}/metadata`, signal),
    async instance(study, series, sop, signal) {
      const response = await get(`/studies/${study}/series/${series}/instances/${sop}`, 'application/dicom; transfer-syntax=*', signal);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** First value as text; person names in their alphabetic form, else the ideographic one. */
export function text(json: DicomJson, tag: string): string | undefined {
  const value = json[tag]?.Value?.[0];
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value && typeof value === 'object') {
    const name = value as { Alphabetic?: string; Ideographic?: string };
    return (name.Alphabetic ?? name.Ideographic)?.split('^').filter(Boolean).join(' ');
  }
  return undefined;
}
export const numbersOf = (json: DicomJson, tag: string): number[] => (json[tag]?.Value ?? []).map(Number).filter(Number.isFinite);
export const numberOf = (json: DicomJson, tag: string): number | undefined => numbersOf(json, tag)[0];
