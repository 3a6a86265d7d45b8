import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { DataStore, Server, Upload, ERRORS } from '@tus/server';
import type { FastifyInstance } from 'fastify';
import { BedsideError, httpStatus, invalid, type Database } from '../../kernel/index.ts';
import type { BlobStore } from '../../resource/blob/index.ts';
import type { DocumentAnnouncement, VirusScan } from '../../resource/document/receive/index.ts';
import type { FhirRepository } from '../../resource/fhir/contract.ts';
import type { KeyWrapper } from '../../security/keys/index.ts';
import { contextOf, type RequestContext } from '../../security/policy/index.ts';
import { openStaging } from './staging.ts';
import { tusProblem, typeProblems } from './tus-problems.ts';
import { openUploads, type Uploads } from './uploads.ts';

export interface UploadDeps {
  readonly db: Database;
  readonly fhir: FhirRepository;
  readonly blobs: BlobStore;
  readonly wrapper: KeyWrapper;
  /** Where unfinished uploads are kept, encrypted: BEDSIDE_DATA/uploads. */
  readonly folder: string;
  /** Largest upload, from UPLOAD_LIMIT_MB. */
  readonly limitBytes: number;
  readonly scan?: VirusScan;
  /** How long an unfinished upload can be resumed; a day unless given. */
  readonly expiryMs?: number;
  readonly quota?: { readonly uploads: number; readonly bytes: number };
  /** Told of a failure in the regular cleaning, which is tried again. */
  readonly onFault?: (error: Error) => void;
}

/** Response header that names the document a finished upload became. */
export const documentHeader = 'Bedside-Document';
const path = '/upload';
const idleMs = 120_000;
const cleanEveryMs = 600_000;

/**
 * Resumable uploads at /upload. Metadata: `title` (or `filename`), `category`, `filetype`, and, where they apply, `patient` and `case`.
 * The last PATCH answers when the document is registered and names it in `Bedside-Document`; a file that is refused is answered with the error.
 * @see tus resumable upload protocol 1.0.0 (core, creation, creation-with-upload, termination, expiration)
 */
export async function registerUpload(app: FastifyInstance, deps: UploadDeps): Promise<Uploads> {
  const expiryMs = deps.expiryMs ?? 86_400_000;
  const stagingFolder = join(deps.folder, 'staging');
  const uploads = openUploads({ ...deps, staging: await openStaging(stagingFolder), stagingFolder, expiryMs, quota: deps.quota ?? { uploads: 100, bytes: deps.limitBytes * 4 } });
  await uploads.expire();
  const contexts = new WeakMap<IncomingMessage, RequestContext>();
  const server = tusServer(uploads, deps.limitBytes, expiryMs, contexts, (error) => deps.onFault?.(error));
  const cleaning = setInterval(() => { uploads.expire().catch((error: unknown) => deps.onFault?.(error as Error)); }, cleanEveryMs);
  cleaning.unref();
  app.addHook('onClose', async () => clearInterval(cleaning));

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The body is left in the socket for tus, which reads it as it is stored.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.route({
      method: ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'], url: `${path}/*`,
      handler: (request, reply) => handle(request.raw, reply.raw, () => contextOf(request), () => reply.hijack()),
    });
    scope.route({
      method: ['POST', 'OPTIONS'], url: path,
      handler: (request, reply) => handle(request.raw, reply.raw, () => contextOf(request), () => reply.hijack()),
    });
  });
  const handle = async (raw: IncomingMessage, response: ServerResponse, context: () => RequestContext, hijack: () => unknown): Promise<void> => {
    if (raw.method !== 'OPTIONS') contexts.set(raw, context());
    hijack();
    typeProblems(response);
    raw.setTimeout(idleMs, () => raw.destroy());
    await server.handle(raw, response);
  };
  return uploads;
}

type TusRequest = Parameters<NonNullable<ConstructorParameters<typeof Server>[0]['onUploadFinish']>>[0];
const rawOf = (request: TusRequest): { req: IncomingMessage; res: ServerResponse } => {
  const node = request.runtime?.node;
  if (!node?.res) throw invalid('upload-runtime', 'Uploads need a Node.js server.');
  return { req: node.req as IncomingMessage, res: node.res as ServerResponse };
};

function tusServer(uploads: Uploads, limitBytes: number, expiryMs: number, contexts: WeakMap<IncomingMessage, RequestContext>, onFault: (error: Error) => void): Server {
  const ctxOf = (request: TusRequest): RequestContext => contexts.get(rawOf(request).req)!;
  const finish = async (request: TusRequest, id: string): Promise<void> => {
    const ctx = ctxOf(request);
    const received = await uploads.finish(id, ctx);
    rawOf(request).res.setHeader(documentHeader, `DocumentReference/${received.id}`);
  };
  const created = new Map<string, RequestContext>();
  return new Server({
    path, datastore: new UploadDataStore(uploads, created, expiryMs), relativeLocation: true, allowedOrigins: [], maxSize: limitBytes,
    exposedHeaders: [documentHeader], namingFunction: () => randomUUID(), disableTerminationForFinishedUploads: false,
    onUploadCreate: async (request, upload) => {
      announcementOf(upload);
      created.set(upload.id, ctxOf(request));
      return {};
    },
    onIncomingRequest: async (request, id) => {
      if (request.method === 'POST') return;
      if (!/^[0-9a-f-]{36}$/.test(id)) throw ERRORS.FILE_NOT_FOUND;
      const row = await uploads.get(id, ctxOf(request).actor.accountId);
      // The answer to the last PATCH may have been lost, or the reception have failed for a while: it is finished, or told again, now.
      if (request.method !== 'DELETE' && row.received === row.size) await finish(request, id);
    },
    onUploadFinish: async (request, upload) => {
      await finish(request, upload.id);
      return {};
    },
    onResponseError: (request, error) => {
      if (!(error instanceof BedsideError)) {
        const problem = tusProblem(error);
        if (problem.status_code >= 500) onFault(error as Error);
        return problem;
      }
      const { res } = rawOf(request);
      const retryAfterMs = error.details.retryAfterMs;
      if (retryAfterMs !== undefined) res.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
      const { found, claimed, at } = error.details;
      return { status_code: httpStatus[error.kind], body: JSON.stringify({ type: 'about:blank', title: error.message, status: httpStatus[error.kind], code: error.code, found, claimed, at }) };
    },
  });
}

/** What the sender said about the document. @throws invalid naming the metadata key */
function announcementOf(upload: Upload): DocumentAnnouncement {
  const { metadata = {}, size } = upload;
  if (size === undefined) throw invalid('upload-length', 'The length of the upload must be given.', { details: { at: 'Upload-Length' } });
  if (JSON.stringify(metadata).length > 8_192) throw invalid('upload-metadata', 'The metadata is too long.', { details: { at: 'Upload-Metadata' } });
  const text = (key: string): string | undefined => metadata[key] ?? undefined;
  const title = (text('title') ?? text('filename') ?? '').trim().slice(0, 200);
  const [patient, forCase] = [text('patient'), text('case')];
  return {
    title, category: text('category') ?? 'document', claimedType: text('filetype') ?? '',
    ...(patient === undefined || patient === '' ? {} : { patient }), ...(forCase === undefined || forCase === '' ? {} : { case: forCase }),
  };
}

/** What the tus server stores through. */
class UploadDataStore extends DataStore {
  readonly #uploads: Uploads;
  readonly #contexts: Map<string, RequestContext>;
  readonly #expiryMs: number;
  constructor(uploads: Uploads, contexts: Map<string, RequestContext>, expiryMs: number) {
    super();
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
    this.#uploads = uploads;
    this.#contexts = contexts;
    this.#expiryMs = expiryMs;
  }
  override async create(upload: Upload): Promise<Upload> {
    const ctx = this.#contexts.get(upload.id)!;
    this.#contexts.delete(upload.id);
    await this.#uploads.create(ctx, upload.id, upload.size!, announcementOf(upload), upload.metadata ?? {});
    upload.creation_date = ctx.clock.now().toISOString();
    return upload;
  }
  override write(stream: Readable, id: string, offset: number): Promise<number> {
    return this.#uploads.append(id, offset, stream);
  }
  override async getUpload(id: string): Promise<Upload> {
    const row = await this.#uploads.get(id);
    return new Upload({ id, size: row.size, offset: row.received, metadata: row.metadata, creation_date: row.createdAt.toISOString() });
  }
  override remove(id: string): Promise<void> { return this.#uploads.remove(id); }
  override deleteExpired(): Promise<number> { return this.#uploads.expire(); }
  override getExpiration(): number { return this.#expiryMs; }
}
