import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { BedsideError, tooMany, unavailable, type ErrorKind } from '../../../kernel/index.ts';
import type { FormDocument, ReportDocument, SummaryDocument } from './input.ts';
import type { SignatureBox } from './proof.ts';

export type RenderTask =
  | { readonly kind: 'report'; readonly document: ReportDocument }
  | { readonly kind: 'summary'; readonly document: SummaryDocument }
  | { readonly kind: 'form'; readonly document: FormDocument; readonly createdAt: Date };
export type RenderAnswer =
  | { readonly bytes: Uint8Array; readonly pages: number; readonly signatureBoxes: readonly SignatureBox[] }
  | { readonly error: { readonly kind: ErrorKind; readonly code: string; readonly message: string; readonly at: string | undefined; readonly stack?: string | undefined } };

export interface PdfFile {
  readonly bytes: Uint8Array;
  readonly pages: number;
  readonly signatureBoxes: readonly SignatureBox[];
  stream(): Readable;
}

/** Writes documents in a thread of its own, one after the other: setting type takes tens to hundreds of milliseconds, which no request should wait for. */
export interface Renderer {
  /** @throws invalid as `renderReport`; too-many `document-queue`; unavailable `document-renderer` when the thread ended or took too long. */
  report(document: ReportDocument): Promise<PdfFile>;
  summary(document: SummaryDocument): Promise<PdfFile>;
  form(document: FormDocument, createdAt: Date): Promise<PdfFile>;
  close(): Promise<void>;
}

const mostWaiting = 100;

interface Waiting { readonly task: RenderTask; resolve(file: PdfFile): void; reject(error: unknown): void }

/** @param timeoutMs longest time for one document, after which its thread is ended. */
export function openRenderer({ timeoutMs = 60_000 }: { timeoutMs?: number } = {}): Renderer {
  const queue: Waiting[] = [];
  let worker: Worker | undefined;
  let current: Waiting | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const settle = (finish: (waiting: Waiting) => void): void => {
    clearTimeout(timer);
    const done = current;
    current = undefined;
    if (done) finish(done);
    next();
  };
  const start = (): Worker => {
    const fresh = new Worker(new URL('./render-worker.ts', import.meta.url));
    fresh.unref();
    fresh.on('message', (answer: RenderAnswer) => settle((waiting) => {
      if ('error' in answer) waiting.reject(errorOf(answer.error));
      else waiting.resolve({ ...answer, stream: () => Readable.from([Buffer.from(answer.bytes)]) });
    }));
    const lost = (cause: unknown): void => {
      if (worker !== fresh) return;
      worker = undefined;
      settle((waiting) => waiting.reject(unavailable('document-renderer', 'The document could not be written now; try again.', { cause })));
    };
    fresh.on('error', lost);
    fresh.on('exit', (code) => lost(new Error(`The rendering thread ended with ${code}.`)));
    return fresh;
  };
  const next = (): void => {
    if (current !== undefined || closed) return;
    current = queue.shift();
    if (current === undefined) return;
    worker ??= start();
    // The timer keeps the process alive while somebody waits; the thread itself does not.
    timer = setTimeout(() => { void worker?.terminate(); }, timeoutMs);
    worker.postMessage(current.task, []);
  };
  const render = (task: RenderTask): Promise<PdfFile> => new Promise((resolve, reject) => {
    if (closed) reject(unavailable('document-renderer', 'The server is stopping.'));
    else if (queue.length >= mostWaiting) reject(tooMany('document-queue', 'Too many documents are waiting to be written.', { details: { retryAfterMs: 5_000 } }));
    else {
      queue.push({ task, resolve, reject });
      next();
    }
  });
  return {
    report: (document) => render({ kind: 'report', document }),
    summary: (document) => render({ kind: 'summary', document }),
    form: (document, createdAt) => render({ kind: 'form', document, createdAt }),
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const ended = worker;
      worker = undefined;
      for (const waiting of [...(current ? [current] : []), ...queue.splice(0)]) waiting.reject(unavailable('document-renderer', 'The server is stopping.'));
      current = undefined;
      await ended?.terminate();
    },
  };
}

function errorOf(error: Extract<RenderAnswer, { error: object }>['error']): BedsideError {
  return new BedsideError(error.kind, error.code, error.message, { ...(error.at === undefined ? {} : { details: { at: error.at } }), ...(error.stack === undefined ? {} : { cause: error.stack }) });
}
