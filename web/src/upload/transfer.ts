import { DetailedError, Upload } from 'tus-js-client';

export const transferStates = ['waiting', 'sending', 'receiving', 'paused', 'interrupted', 'done', 'failed'] as const;
export type TransferState = (typeof transferStates)[number];
/** What went wrong, as a key of words that say what to do. */
export const transferFaults = ['kind', 'damaged', 'infected', 'too-large', 'quota', 'full', 'sign-in', 'forbidden', 'details', 'unknown'] as const;
export type TransferFault = (typeof transferFaults)[number];

export interface Transfer {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly state: TransferState;
  readonly fault?: TransferFault;
  /** Content types of a file that is not what it says. */
  readonly found?: string;
  readonly claimed?: string;
}
/** What became of a file. */
export interface UploadedDocument { readonly reference: string; readonly name: string; readonly contentType: string; readonly size: number }

export interface TransferOptions {
  readonly endpoint: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tell: (change: Partial<Transfer>) => void;
  readonly done: (reference: string) => void;
}
export interface RunningTransfer { start(): void; pause(): void; cancel(): void }

/** Sent in one request: small enough that a broken line costs little, large enough to be fast. */
const chunkBytes = 8 * 1024 * 1024;
const retryDelays = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000];
const byCode: Readonly<Record<string, TransferFault>> = {
  'document-type-mismatch': 'kind', 'document-type-refused': 'kind', 'document-cut-short': 'damaged', 'document-damaged': 'damaged', 'document-empty': 'damaged',
  'document-infected': 'infected', 'upload-quota': 'quota', 'disk-full': 'full',
};
const byStatus: Readonly<Record<number, TransferFault>> = { 400: 'details', 401: 'sign-in', 403: 'forbidden', 404: 'forbidden', 413: 'too-large', 415: 'kind', 422: 'damaged', 429: 'quota', 507: 'full' };

/** The fault in a server's answer. */
export function faultOf(status: number | undefined, body: string): Pick<Transfer, 'fault' | 'found' | 'claimed'> & { fault: TransferFault } {
  let problem: { code?: unknown; found?: unknown; claimed?: unknown } = {};
  try {
    problem = JSON.parse(body) as typeof problem;
  } catch {
    problem = {};
  }
  const fault = byCode[String(problem.code)] ?? byStatus[status ?? 0] ?? 'unknown';
  return { fault, ...(typeof problem.found === 'string' ? { found: problem.found } : {}), ...(typeof problem.claimed === 'string' ? { claimed: problem.claimed } : {}) };
}

/** One file on its way: goes on by itself after an interruption, also where an earlier visit stopped. */
export function transfer(file: File, options: TransferOptions): RunningTransfer {
  let reference: string | undefined;
  let gone = false;
  const upload = new Upload(file, {
    endpoint: options.endpoint, chunkSize: chunkBytes, retryDelays, removeFingerprintOnSuccess: true,
    metadata: { ...options.metadata, filename: file.name, filetype: file.type },
    onBeforeRequest: async (request) => { for (const [name, value] of Object.entries(await options.headers())) request.setHeader(name, value); },
    onAfterResponse: (_request, response) => {
      reference = response.getHeader('Bedside-Document') ?? reference;
      if (!gone) options.tell({ state: 'sending' });
    },
    onProgress: (sent, total) => { if (!gone) options.tell({ sent, state: sent === total ? 'receiving' : 'sending' }); },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus();
      const again = status === undefined || status === 0 || status === 409 || status === 423 || (status >= 500 && faultOf(status, error.originalResponse?.getBody() ?? '').fault !== 'full');
      if (again && !gone) options.tell({ state: 'interrupted' });
      return again;
    },
    onSuccess: () => {
      if (gone) return;
      if (reference === undefined) options.tell({ state: 'failed', fault: 'unknown' });
      else {
        options.tell({ state: 'done', sent: file.size });
        options.done(reference);
      }
    },
    onError: (error) => {
      if (gone) return;
      const answer = error instanceof DetailedError ? error.originalResponse : undefined;
      options.tell({ state: 'failed', ...faultOf(answer?.getStatus(), answer?.getBody() ?? '') });
    },
  });
  const begin = async (): Promise<void> => {
    const [previous] = await upload.findPreviousUploads();
    if (previous) upload.resumeFromPreviousUpload(previous);
    if (!gone) upload.start();
  };
  const online = (): void => { if (!gone && !paused) upload.start(); };
  let paused = false;
  addEventListener('online', online);
  return {
    start: () => {
      paused = false;
      options.tell({ state: 'sending' });
      begin().catch(() => options.tell({ state: 'failed', fault: 'unknown' }));
    },
    pause: () => {
      paused = true;
      options.tell({ state: 'paused' });
      void upload.abort();
    },
    cancel: () => {
      gone = true;
      removeEventListener('online', online);
      // What was sent is removed on the server; if that cannot be told now, it expires there within a day.
      upload.abort(true).catch(() => undefined);
    },
  };
}
