import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUid } from '@bedside/dicom';
import { BedsideError, httpStatus, invalid } from '../../kernel/index.ts';
import type { ImageRepository, Selection } from '../../resource/image/index.ts';
import { contextOf } from '../../security/policy/index.ts';
import { requireJson } from './accept.ts';
import { instanceJson, paging, seriesJson, studyJson, studyQuery } from './qido.ts';
import { store } from './stow.ts';
import { pageOf, retrieveBulk, retrieveFrames, retrieveInstances, retrieveMetadata } from './wado.ts';

export interface DicomwebDeps {
  readonly images: ImageRepository;
  /** Largest single instance, in bytes. */
  readonly maxInstanceBytes: number;
  /** Address of the service as others reach it, e.g. `https://bedside.example/dicomweb`; a path alone is allowed. */
  readonly root: string;
}

type Request = FastifyRequest<{ Params: { study?: string; series?: string; instance?: string; frames?: string; range?: string }; Querystring: Record<string, string | string[]> }>;

/**
 * QIDO-RS, WADO-RS and STOW-RS under `/dicomweb`, on the image repository. Rendered images and thumbnails are not served: viewers decode.
 * @see PS3.18 chapter 10
 */
export async function registerDicomweb(app: FastifyInstance, deps: DicomwebDeps): Promise<void> {
  await app.register(async (scope) => {
    const { images, root } = deps;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(/^(multipart\/related|application\/dicom)\b/, (_request, payload, done) => done(null, payload));
    scope.setErrorHandler(answerError);

    const json = (reply: FastifyReply, body: unknown): FastifyReply => reply.header('content-type', 'application/dicom+json').send(JSON.stringify(body));
    const post = async (request: Request, reply: FastifyReply): Promise<FastifyReply> => {
      const { study } = selection(request, 'study' in request.params);
      const patient = request.query['patient'];
      if (patient !== undefined && (typeof patient !== 'string' || !/^Patient\/[A-Za-z0-9.-]{1,64}$/.test(patient))) throw invalid('stow-patient', 'Must be Patient/id.', { details: { at: 'patient' } });
      const result = await store(request, request.body as AsyncIterable<Uint8Array>, images, {
        ...(study !== '' && { study }), ...(patient !== undefined && { patient }), maxBytes: deps.maxInstanceBytes, root,
      });
      return json(reply.code(result.status), result.body);
    };
    // A request may hold a whole study: the bound is that of each instance.
    const bodyLimit = Number.MAX_SAFE_INTEGER;
    scope.post('/studies', { bodyLimit }, post);
    scope.post('/studies/:study', { bodyLimit }, post);

    scope.get('/studies', async (request: Request, reply) => {
      requireJson(request.headers.accept);
      return json(reply, (await images.searchStudies(contextOf(request), studyQuery(request.query))).map((match) => studyJson(match, root)));
    });
    scope.get('/studies/:study/series', async (request: Request, reply) => {
      requireJson(request.headers.accept);
      return json(reply, pageOf(await images.series(contextOf(request), selection(request)), paging(request.query)).map((row) => seriesJson(row, root)));
    });
    const instances = async (request: Request, reply: FastifyReply): Promise<FastifyReply> => {
      requireJson(request.headers.accept);
      return json(reply, pageOf(await images.instances(contextOf(request), selection(request)), paging(request.query)).map((row) => instanceJson(row, root)));
    };
    scope.get('/studies/:study/instances', instances);
    scope.get('/studies/:study/series/:series/instances', instances);

    for (const path of ['/studies/:study', '/studies/:study/series/:series', '/studies/:study/series/:series/instances/:instance']) {
      scope.get(path, (request: Request, reply) => retrieveInstances(images, request, reply, selection(request)));
      scope.get(`${path}/metadata`, (request: Request, reply) => retrieveMetadata(images, request, reply, selection(request)));
    }
    const instance = '/studies/:study/series/:series/instances/:instance';
    scope.get(`${instance}/frames/:frames`, (request: Request, reply) => retrieveFrames(images, request, reply, selection(request), request.params.frames ?? ''));
    scope.get(`${instance}/bulkdata/:range`, (request: Request, reply) => retrieveBulk(images, request, reply, selection(request), request.params.range ?? ''));
  }, { prefix: '/dicomweb' });
}

function selection(request: Request, needed = true): Selection {
  const uid = (name: 'study' | 'series' | 'instance'): string | undefined => {
    const value = request.params[name];
    if (value !== undefined && !isUid(value)) throw invalid('bad-uid', 'A UID must be dotted digits of at most 64 characters.', { details: { at: name } });
    return value;
  };
  const [study, series, instance] = [uid('study'), uid('series'), uid('instance')];
  if (study === undefined && needed) throw invalid('bad-uid', 'A study is needed.', { details: { at: 'study' } });
  return { study: study ?? '', ...(series !== undefined && { series }), ...(instance !== undefined && { instance }) };
}

/** Problem details; what is not a Bedside error goes on to the application's own handler. @see RFC 9457 */
function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  if (!(error instanceof BedsideError)) throw error;
  const status = typeof error.details['status'] === 'number' ? error.details['status'] : httpStatus[error.kind];
  if (error.details.retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(error.details.retryAfterMs / 1000));
  void reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify({
    type: 'about:blank', title: error.code, status, detail: error.message, ...(error.details.at !== undefined && { at: error.details.at }),
  }));
}
