import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BedsideError, invalid, notFound } from '../../kernel/index.ts';
import { createIfNone, removeWhere, updateWhere } from '../../resource/fhir/index.ts';
import { contextOf } from '../../security/policy/index.ts';
import { sendJson, sendStored, sendWritten } from './answer.ts';
import type { FhirHttpDeps } from './deps.ts';
import { definitionId, definitionOf, type Operations } from './operations.ts';
import { demandJsonBody, ifMatchOf, preferencesOf, resourceOf, searchTextOf } from './request.ts';

/** One request, taken apart: path segments after `/fhir`, the query. */
export interface Call { readonly deps: FhirHttpDeps; readonly operations: Operations; readonly request: FastifyRequest; readonly reply: FastifyReply; readonly query: URLSearchParams }

const body = (call: Call, type: string): { resource: Resource; source: string } => {
  demandJsonBody(call.request);
  const read = resourceOf(call.request);
  if (read.resource.resourceType !== type) throw invalid('type-mismatch', `The body is no ${type}.`, { details: { at: 'resourceType' } });
  return read;
};

export async function read(call: Call, type: string, id: string): Promise<FastifyReply> {
  const { deps, request, reply } = call;
  const ctx = contextOf(request);
  if (type === 'OperationDefinition') {
    const operation = call.operations.all.find((o) => definitionId(o) === id);
    if (operation) return sendJson(reply, JSON.stringify(definitionOf(operation, deps.baseUrl())));
  }
  if (type === 'Binary' && deps.serveBinary && !wantsJson(request, call.query)) {
    try {
      const served = await deps.serveBinary(ctx, id, { range: request.headers.range, ifRange: request.headers['if-range'] as string | undefined, ifNoneMatch: request.headers['if-none-match'] });
      for (const [name, value] of Object.entries(served.headers)) void reply.header(name, value);
      return reply.code(served.status).send(served.stream);
    } catch (error) {
      if (!(error instanceof BedsideError) || error.code !== 'binary-without-bytes') throw error;
    }
  }
  const found = await deps.repository.read(ctx, type, id);
  if (type === 'Binary' && !wantsJson(request, call.query)) return sendOwnData(reply, JSON.parse(found.text) as { contentType?: string; data?: string });
  return sendStored(request, reply, found);
}

const wantsJson = (request: FastifyRequest, query: URLSearchParams): boolean => query.has('_format') || /json/.test(request.headers.accept ?? '');
/** The bytes that a Binary holds itself. They are never taken for a page of ours. */
function sendOwnData(reply: FastifyReply, binary: { contentType?: string; data?: string }): FastifyReply {
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(binary.contentType ?? '') ? binary.contentType! : 'application/octet-stream';
  return reply.header('content-type', type).header('content-security-policy', "sandbox; default-src 'none'").header('x-content-type-options', 'nosniff')
    .header('content-disposition', 'attachment').send(Buffer.from(binary.data ?? '', 'base64'));
}

export async function vread(call: Call, type: string, id: string, version: string): Promise<FastifyReply> {
  if (!/^\d{1,9}$/.test(version)) throw notFound('not-found', 'There is no such version.');
  return sendStored(call.request, call.reply, await call.deps.repository.vread(contextOf(call.request), type, id, Number(version)));
}

export async function create(call: Call, type: string): Promise<FastifyReply> {
  const ctx = contextOf(call.request);
  const { resource, source } = body(call, type);
  // The server chooses the id, whatever the body says.
  const { id: _ignored, ...rest } = resource;
  const condition = call.request.headers['if-none-exist'];
  const done = typeof condition === 'string'
    ? await createIfNone(call.deps.repository, ctx, rest as Resource, condition.replace(/^.*\?/, ''), { source })
    : await call.deps.repository.create(ctx, rest as Resource, { source });
  return sendWritten(call.request, call.reply, call.deps.baseUrl(), done);
}

export async function update(call: Call, type: string, id: string): Promise<FastifyReply> {
  const ctx = contextOf(call.request);
  const { resource, source } = body(call, type);
  if (resource.id !== id) throw invalid('id-mismatch', 'The id in the body must be that of the address.', { details: { at: `${type}.id` } });
  const ifMatch = ifMatchOf(call.request);
  return sendWritten(call.request, call.reply, call.deps.baseUrl(), await call.deps.repository.update(ctx, resource, { source, ...(ifMatch === undefined ? {} : { ifMatch }) }));
}

export async function updateConditional(call: Call, type: string): Promise<FastifyReply> {
  const ctx = contextOf(call.request);
  const { resource, source } = body(call, type);
  return sendWritten(call.request, call.reply, call.deps.baseUrl(), await updateWhere(call.deps.repository, ctx, resource, call.query.toString(), { source }));
}

export async function remove(call: Call, type: string, id: string): Promise<FastifyReply> {
  const ifMatch = ifMatchOf(call.request);
  const done = await call.deps.repository.remove(contextOf(call.request), type, id, ifMatch === undefined ? {} : { ifMatch });
  return call.reply.code(204).header('etag', `W/"${done.version}"`).send();
}

export async function removeConditional(call: Call, type: string): Promise<FastifyReply> {
  await removeWhere(call.deps.repository, contextOf(call.request), type, call.query.toString());
  return call.reply.code(204).send();
}

export async function search(call: Call, type: string): Promise<FastifyReply> {
  const text = await call.deps.repository.search(contextOf(call.request), type, searchTextOf(call.request), { lenient: preferencesOf(call.request).lenient });
  return sendJson(call.reply.header('cache-control', 'private, no-store'), text);
}

export async function history(call: Call, at: { type?: string; id?: string }): Promise<FastifyReply> {
  return sendJson(call.reply.header('cache-control', 'private, no-store'), await call.deps.repository.history(contextOf(call.request), at, call.query.toString()));
}

export async function bundle(call: Call): Promise<FastifyReply> {
  const ctx = contextOf(call.request);
  const { resource, source } = body(call, 'Bundle');
  return sendJson(call.reply, JSON.stringify(await call.deps.repository.bundle(ctx, resource as Bundle, source)));
}
