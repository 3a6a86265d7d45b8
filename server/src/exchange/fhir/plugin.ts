import type { FastifyInstance, FastifyReply } from 'fastify';
import { BedsideError, notFound } from '../../kernel/index.ts';
import { contextOf } from '../../security/policy/index.ts';
import { sendJson } from './answer.ts';
import { capabilityOf } from './capability.ts';
import type { FhirHttpDeps } from './deps.ts';
import { answerError } from './errors.ts';
import * as on from './interactions.ts';
import { operationTable, runOperation } from './operations.ts';
import { demandJson } from './request.ts';

export const mostBodyBytes = 16 * 1024 * 1024;

/**
 * Serves the FHIR REST API under `/fhir`. Who asks is set on the request (`request.ctx`) by security/authentication; only
 * `/fhir/metadata` and operations that say so answer without.
 * @see http://hl7.org/fhir/R4/http.html
 */
export async function registerFhir(app: FastifyInstance, deps: FhirHttpDeps): Promise<void> {
  const operations = operationTable(deps.operations);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // Any type is taken as text here, and judged where the interaction is known: a form for _search, JSON elsewhere.
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: mostBodyBytes }, (_request, text, done) => { done(null, text); });
    scope.setErrorHandler((error, request, reply) => answerError(error, request, reply));
    scope.setNotFoundHandler((request, reply) => answerError(notFound('no-such-route', 'There is nothing at this address.'), request, reply));
    scope.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'], url: '/*', bodyLimit: mostBodyBytes,
      handler: async (request, reply) => {
        const [path = '', search = ''] = request.url.split('?', 2);
        const segments = path.split('/').slice(2).filter((s) => s !== '').map(decode);
        const call: on.Call = { deps, operations, request, reply, query: new URLSearchParams(search) };
        return dispatch(call, segments);
      },
    });
    scope.route({ method: ['GET', 'POST'], url: '/', bodyLimit: mostBodyBytes, handler: async (request, reply) => dispatch({ deps, operations, request, reply, query: new URLSearchParams() }, []) });
  }, { prefix: '/fhir' });
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound('no-such-route', 'There is nothing at this address.');
  }
};
const notAllowed = (): never => { throw new BedsideError('invalid', 'method-not-allowed', 'This method is not served here.'); };
const nothing = (): never => { throw notFound('no-such-route', 'There is nothing at this address.'); };

/** Which interaction a method and path mean. */
async function dispatch(call: on.Call, segments: readonly string[]): Promise<FastifyReply> {
  const { method } = call.request;
  const [first, second, third, fourth] = segments;
  const isBinary = first === 'Binary' && second !== undefined && third === undefined && method === 'GET';
  if (!isBinary) demandJson(call.request, call.query);
  if (segments.length > 4) return nothing();
  if (first === undefined) return method === 'POST' ? on.bundle(call) : notAllowed();
  if (first === 'metadata') {
    if (method !== 'GET') return notAllowed();
    return sendJson(call.reply.header('cache-control', 'no-cache'), JSON.stringify(capabilityOf(call.deps, call.operations, call.deps.repository.store.clock.now())));
  }
  const run = (at: Parameters<typeof runOperation>[4]): Promise<FastifyReply> => runOperation(call.deps, call.operations, call.request, call.reply, at, call.query);
  if (first.startsWith('$')) return segments.length === 1 ? run({ level: 'system', code: first.slice(1) }) : nothing();
  if (second?.startsWith('$')) return segments.length === 2 ? run({ level: 'type', type: first, code: second.slice(1) }) : nothing();
  if (third?.startsWith('$')) return segments.length === 3 ? run({ level: 'instance', type: first, id: second!, code: third.slice(1) }) : nothing();
  contextOf(call.request);
  if (first === '_history') return method === 'GET' && segments.length === 1 ? on.history(call, {}) : nothing();
  if (second === undefined) {
    switch (method) {
      case 'GET': return on.search(call, first);
      case 'POST': return on.create(call, first);
      case 'PUT': return on.updateConditional(call, first);
      case 'DELETE': return on.removeConditional(call, first);
      default: return notAllowed();
    }
  }
  if (second === '_search') return method === 'POST' && third === undefined ? on.search(call, first) : notAllowed();
  if (second === '_history') return method === 'GET' && third === undefined ? on.history(call, { type: first }) : nothing();
  if (third === undefined) {
    switch (method) {
      case 'GET': return on.read(call, first, second);
      case 'PUT': return on.update(call, first, second);
      case 'DELETE': return on.remove(call, first, second);
      default: return notAllowed();
    }
  }
  if (third !== '_history' || method !== 'GET') return nothing();
  return fourth === undefined ? on.history(call, { type: first, id: second }) : on.vread(call, first, second, fourth);
}
