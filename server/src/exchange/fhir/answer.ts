import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredResource, WriteResult } from '../../resource/fhir/index.ts';
import { preferencesOf } from './request.ts';

export const fhirJson = 'application/fhir+json; charset=utf-8';
export const sendJson = (reply: FastifyReply, text: string, status = 200): FastifyReply => reply.code(status).header('content-type', fhirJson).send(text);

const versionHeaders = (reply: FastifyReply, r: StoredResource): FastifyReply =>
  reply.header('etag', `W/"${r.version}"`).header('last-modified', r.lastUpdated.toUTCString());

/** A read: 304 when the client has this version already. */
export function sendStored(request: FastifyRequest, reply: FastifyReply, r: StoredResource): FastifyReply {
  void versionHeaders(reply, r).header('cache-control', 'private, no-cache');
  const known = request.headers['if-none-match'];
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${r.version}"`)) return reply.code(304).send();
  const since = known === undefined ? Date.parse(request.headers['if-modified-since'] ?? '') : NaN;
  if (!Number.isNaN(since) && Math.floor(r.lastUpdated.getTime() / 1000) * 1000 <= since) return reply.code(304).send();
  return sendJson(reply, r.text);
}

/** A write: 201 with Location, or 200; the body as the client prefers. */
export function sendWritten(request: FastifyRequest, reply: FastifyReply, baseUrl: string, r: WriteResult): FastifyReply {
  const status = r.outcome === 'created' ? 201 : 200;
  void versionHeaders(reply, r).header('location', `${baseUrl}/${r.type}/${r.id}/_history/${r.version}`);
  switch (preferencesOf(request).returns) {
    case 'minimal': return reply.code(status).send();
    case 'OperationOutcome': return sendJson(reply, JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational', diagnostics: `The resource was ${r.outcome}.` }] }), status);
    case 'representation': return sendJson(reply, r.text, status);
  }
}
