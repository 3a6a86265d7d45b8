import type { Resource } from '@medplum/fhirtypes';
import type { FastifyRequest } from 'fastify';
import { BedsideError, invalid, unprocessable, unsupported } from '../../kernel/index.ts';

export const mostDepth = 100;

/** True when brackets nest deeper than `most`: such a body would exhaust the stack of whoever walks it. */
export function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      do { i = text.indexOf('"', i + 1); if (i < 0) return false; } while (isEscaped(text, i));
    } else if (c === 123 || c === 91) { if (++depth > most) return true; } else if (c === 125 || c === 93) depth--;
  }
  return false;
}
function isEscaped(text: string, quote: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(quote - 1 - slashes) === 92) slashes++;
  return slashes % 2 === 1;
}

/** A body that must be a resource, with its bytes. */
export function resourceOf(request: FastifyRequest): { resource: Resource; source: string } {
  const source = request.body;
  if (typeof source !== 'string' || source.trim() === '') throw invalid('body-missing', 'The body must be a resource in JSON.');
  if (isDeeper(source, mostDepth)) throw invalid('body-depth', `The body nests deeper than ${mostDepth} levels.`);
  let resource: unknown;
  try {
    resource = JSON.parse(source);
  } catch (cause) {
    const at = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    throw invalid('json', `The body is not JSON${at === undefined ? '' : ` (character ${at})`}.`, { details: at === undefined ? {} : { at } });
  }
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource) || typeof (resource as Resource).resourceType !== 'string') throw unprocessable('no-resource', 'The body has no resourceType.', { details: { at: 'resourceType' } });
  return { resource: resource as Resource, source };
}

/** Version that If-Match names. */
export function ifMatchOf(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined) return undefined;
  const m = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim());
  if (!m) throw invalid('if-match', 'If-Match must be W/"n" with the version\'s number.', { details: { at: 'If-Match' } });
  return Number(m[1]);
}

export interface Preferences { readonly returns: 'representation' | 'minimal' | 'OperationOutcome'; readonly lenient: boolean }
/** @see RFC 7240; http://hl7.org/fhir/R4/http.html#ops */
export function preferencesOf(request: FastifyRequest): Preferences {
  const header = String(request.headers['prefer'] ?? '');
  const returns = /return=(representation|minimal|OperationOutcome)/.exec(header)?.[1] as Preferences['returns'] | undefined;
  return { returns: returns ?? 'representation', lenient: /handling=lenient/.test(header) };
}

const json = /^(application\/fhir\+json|application\/json|text\/json|json)$/;
/** @throws 406 when the client takes no JSON. */
export function demandJson(request: FastifyRequest, query: URLSearchParams): void {
  const asked = query.get('_format');
  const refuse = (): never => { throw new BedsideError('unsupported', 'not-acceptable', 'Only JSON is served: application/fhir+json.'); };
  if (asked !== null) { if (!json.test(asked.split(';')[0]!.trim())) refuse(); return; }
  const accept = request.headers.accept;
  if (accept === undefined || accept === '') return;
  const types = accept.split(',').map((part) => part.split(';')[0]!.trim().toLowerCase());
  if (!types.some((t) => json.test(t) || t === '*/*' || t === 'application/*')) refuse();
}

/** @throws 415 for a body in another format than JSON. */
export function demandJsonBody(request: FastifyRequest): void {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (request.body !== undefined && request.body !== '' && !json.test(type)) throw unsupported('content-type', 'Send JSON: application/fhir+json.');
}

/** Pairs of a search: from the address, and from the form of POST _search. */
export function searchTextOf(request: FastifyRequest): string {
  const mark = request.url.indexOf('?');
  const url = mark < 0 ? '' : request.url.slice(mark + 1);
  const form = request.method === 'POST' && typeof request.body === 'string' ? request.body : '';
  return [url, form].filter((x) => x !== '').join('&');
}
