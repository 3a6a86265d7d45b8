import type { FastifyRequest } from 'fastify';
import { invalid, unsupported, type BedsideError, type ErrorKind } from '../../kernel/index.ts';
import type { ImageRepository, RefusedInstance, StoredInstance } from '../../resource/image/index.ts';
import { contextOf } from '../../security/policy/index.ts';
import { multipartParameters, readMultipart } from './multipart.ts';

/** Failure Reason (0008,1197) of each kind of refusal. @see PS3.18 Table I.2-2 */
const failureReasons: Readonly<Record<ErrorKind, number>> = {
  'invalid': 0xC000, 'unprocessable': 0xC000, 'unsupported': 0x0122, 'conflict': 0x0111, 'precondition-failed': 0x0111, 'forbidden': 0x0124, 'unauthenticated': 0x0124,
  'too-large': 0xA700, 'too-many': 0xA700, 'unavailable': 0xA700, 'not-found': 0x0110, 'gone': 0x0110, 'internal': 0x0110,
};

export interface StowAnswer { readonly status: 200 | 202 | 409; readonly body: object }

const maxParts = 100_000;

/**
 * Store transaction: reads the request part by part, keeps each instance as it streams in, and answers when all is durable and visible.
 * @see PS3.18 10.5
 */
export async function store(request: FastifyRequest, body: AsyncIterable<Uint8Array>, images: ImageRepository, options: { study?: string; patient?: string; maxBytes: number; root: string }): Promise<StowAnswer> {
  const session = images.openSession(contextOf(request), {
    ...(options.study !== undefined && { study: options.study }), ...(options.patient !== undefined && { patient: options.patient }), maxBytes: options.maxBytes,
  });
  let parts = 0;
  try {
    for await (const part of dicomParts(request.headers['content-type'] ?? '', body)) {
      parts += 1;
      if (parts > maxParts) throw invalid('stow-parts', 'Too many instances in one request.');
      await session.add(part);
    }
  } catch (error) {
    await session.abandon();
    throw error;
  }
  if (parts === 0) throw invalid('stow-empty', 'The request holds no instance.');
  return answer(await session.finish(), options.root);
}

async function* dicomParts(contentType: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<AsyncIterable<Uint8Array>> {
  if (/^application\/dicom\s*(;|$)/i.test(contentType)) return yield body;
  const { boundary, type } = multipartParameters(contentType);
  if (type !== undefined && type !== 'application/dicom') throw unsupported('stow-type', 'Parts must be application/dicom.', { details: { at: 'Content-Type' } });
  for await (const part of readMultipart(body, boundary)) {
    const partType = part.headers.get('content-type') ?? 'application/dicom';
    if (!/^application\/(dicom|octet-stream)\b/i.test(partType)) throw unsupported('stow-type', 'A part is not application/dicom.', { details: { at: 'part Content-Type' } });
    yield part.body;
  }
}

/** @see PS3.18 Annex I */
function answer(result: { stored: readonly StoredInstance[]; refused: readonly RefusedInstance[] }, root: string): StowAnswer {
  const reference = (sopClass: string, sop: string): Record<string, object> => ({ '00081150': { vr: 'UI', Value: [sopClass] }, '00081155': { vr: 'UI', Value: [sop] } });
  const done = result.stored.map(({ ids, sopClass }) => ({ ...reference(sopClass, ids.sop), '00081190': { vr: 'UR', Value: [`${root}/studies/${ids.study}/series/${ids.series}/instances/${ids.sop}`] } }));
  const failed = result.refused.map(({ ids, sopClass, error }) => ({
    ...(ids ? reference(sopClass ?? '', ids.sop) : {}), '00081197': { vr: 'US', Value: [failureReasons[error.kind]] },
    // Error Comment, for people: the standard's reasons do not say which element it was.
    '00000902': { vr: 'LO', Value: [comment(error)] },
  }));
  const studies = new Set(result.stored.map((s) => s.ids.study));
  return {
    status: failed.length === 0 ? 200 : done.length > 0 ? 202 : 409,
    body: {
      ...(studies.size === 1 && { '00081190': { vr: 'UR', Value: [`${root}/studies/${[...studies][0]}`] } }),
      ...(done.length > 0 && { '00081199': { vr: 'SQ', Value: done } }),
      ...(failed.length > 0 && { '00081198': { vr: 'SQ', Value: failed } }),
    },
  };
}

const comment = (error: BedsideError): string => `${error.code}: ${error.message}`.slice(0, 200);
