import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { transferSyntax } from '@bedside/dicom';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, notFound } from '../../kernel/index.ts';
import type { ImageRepository, InstanceRow, Selection } from '../../resource/image/index.ts';
import { contextOf } from '../../security/policy/index.ts';
import { negotiate, requireJson } from './accept.ts';
import { writeMultipart } from './multipart.ts';

const maxFramesPerRequest = 1_000;

type OutPart = { headers: Readonly<Record<string, string>>; body: AsyncIterable<Uint8Array> };

function sendMultipart(reply: FastifyReply, type: string, parts: AsyncIterable<OutPart>): FastifyReply {
  const boundary = randomUUID();
  return reply.header('content-type', `multipart/related; type="${type}"; boundary=${boundary}`).send(Readable.from(writeMultipart(parts, boundary), { objectMode: false }));
}

/** Instances as received. @see PS3.18 10.4.1.1.1 */
export async function retrieveInstances(images: ImageRepository, request: FastifyRequest, reply: FastifyReply, selection: Selection): Promise<FastifyReply> {
  const rows = await images.instances(contextOf(request), selection);
  const framing = rows.map((row) => negotiate(request.headers.accept, { mediaType: 'application/dicom', transferSyntax: row.transfer_syntax }));
  if (selection.instance && framing[0] === 'single') {
    const row = rows[0]!;
    return reply.header('content-type', `application/dicom; transfer-syntax=${row.transfer_syntax}`).header('content-length', row.size).send(await images.open(row));
  }
  return sendMultipart(reply, 'application/dicom', (async function* (): AsyncGenerator<OutPart> {
    for (const row of rows) yield { headers: { 'Content-Type': `application/dicom; transfer-syntax=${row.transfer_syntax}` }, body: (await images.open(row)) as AsyncIterable<Buffer> };
  })());
}

/** Metadata was written when the instances came in: it is joined, not made. @see PS3.18 10.4.1.1.2 */
export async function retrieveMetadata(images: ImageRepository, request: FastifyRequest, reply: FastifyReply, selection: Selection): Promise<FastifyReply> {
  requireJson(request.headers.accept);
  const texts = await images.metadata(contextOf(request), selection);
  return reply.header('content-type', 'application/dicom+json').send(`[${texts.join(',')}]`);
}

/** Frames in the stored transfer syntax. @see PS3.18 10.4.1.1.6 */
export async function retrieveFrames(images: ImageRepository, request: FastifyRequest, reply: FastifyReply, selection: Selection, list: string): Promise<FastifyReply> {
  const numbers = list.split(',').map((part) => (/^[1-9]\d{0,7}$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.length > maxFramesPerRequest || numbers.some(Number.isNaN)) throw invalid('frame-list', `Frames are numbers from 1, at most ${maxFramesPerRequest} of them, with commas.`, { details: { at: 'frames' } });
  const row = (await images.instances(contextOf(request), selection))[0]!;
  if (row.frames === 0) throw notFound('frame-unknown', 'The instance has no frames.');
  const syntax = transferSyntax(row.transfer_syntax);
  const mediaType = syntax.frameMediaType;
  const framing = negotiate(request.headers.accept, { mediaType, transferSyntax: row.transfer_syntax });
  const type = `${mediaType}; transfer-syntax=${row.transfer_syntax}`;
  // The first is read before anything is answered, so that a frame that is not there is an error and not a broken body.
  const first = await images.frame(row, numbers[0]!);
  if (numbers.length === 1 && framing === 'single') return reply.header('content-type', type).header('cache-control', 'private, max-age=86400, immutable').send(first);
  for (const number of numbers) if (number > row.frames) throw notFound('frame-unknown', `The instance has ${row.frames} frames.`, { details: { at: 'frames' } });
  reply.header('cache-control', 'private, max-age=86400, immutable');
  return sendMultipart(reply, mediaType, (async function* (): AsyncGenerator<OutPart> {
    for (const [at, number] of numbers.entries()) {
      yield { headers: { 'Content-Type': type, 'Content-Location': `${request.url.split('/frames/')[0]}/frames/${number}` }, body: one(at === 0 ? first : await images.frame(row, number)) };
    }
  })());
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A value that the metadata only points to, by its place in the file. @see PS3.18 10.4.1.1.5 */
export async function retrieveBulk(images: ImageRepository, request: FastifyRequest, reply: FastifyReply, selection: Selection, range: string): Promise<FastifyReply> {
  const place = /^(\d{1,15})-(\d{1,15})$/.exec(range);
  const row = (await images.instances(contextOf(request), selection))[0]!;
  const offset = Number(place?.[1] ?? -1);
  const length = Number(place?.[2] ?? 0);
  if (!place || length < 1 || offset + length > row.size || row.deflated) throw notFound('bulk-unknown', 'There is no such bulk value.');
  const framing = negotiate(request.headers.accept, { mediaType: 'application/octet-stream', transferSyntax: row.transfer_syntax });
  const bytes = await images.open(row, { first: offset, last: offset + length - 1 });
  if (framing === 'single') return reply.header('content-type', 'application/octet-stream').header('content-length', length).header('content-disposition', 'attachment').send(bytes);
  return sendMultipart(reply, 'application/octet-stream', (async function* (): AsyncGenerator<OutPart> {
    yield { headers: { 'Content-Type': 'application/octet-stream' }, body: bytes as AsyncIterable<Buffer> };
  })());
}

/** The rows that an instance search tells of. */
export const pageOf = <T extends InstanceRow | object>(rows: readonly T[], page: { offset: number; limit: number }): T[] => rows.slice(page.offset, page.offset + page.limit);
