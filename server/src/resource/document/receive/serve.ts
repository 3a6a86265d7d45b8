import type { Readable } from 'node:stream';
import { BedsideError, notFound } from '../../../kernel/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import type { BlobStore } from '../../blob/index.ts';
import type { FhirRepository } from '../../fhir/contract.ts';

export interface ServeRequest {
  /** The Range header. */
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}
export interface ServedBinary {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: Readonly<Record<string, string>>;
  readonly stream?: Readable;
}

/** What a browser may show by itself; the rest is offered for saving. */
const shownInline = new Set(['application/pdf', 'image/jpeg', 'image/png', 'video/mp4', 'video/quicktime', 'video/webm', 'text/plain']);
const suffixes: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png', 'application/dicom': 'dcm', 'video/mp4': 'mp4', 'video/quicktime': 'mov', 'video/webm': 'webm',
  'application/xml': 'xml', 'application/hl7-cda+xml': 'xml', 'application/fhir+xml': 'xml', 'application/fhir+json': 'json', 'text/plain': 'txt',
};

/**
 * The bytes of a Binary in their own type, whole or in a range. Access is that of the Binary's FHIR row or of the document with its id; reading it is audited there.
 * Nothing in the bytes can act in the name of this site: they are never sniffed, and run in a sandbox without scripts.
 * @throws not-found `binary-without-bytes` when the Binary holds its data itself. @see RFC 9110 14 (ranges), 13 (conditions); FHIR R4 Binary
 */
export async function serveBinary(deps: { readonly blobs: BlobStore; readonly fhir: FhirRepository }, ctx: RequestContext, id: string, request: ServeRequest = {}): Promise<ServedBinary> {
  await demandAccess(deps.fhir, ctx, id);
  const [info] = await deps.blobs.of(`Binary/${id}`);
  if (!info) throw notFound('binary-without-bytes', 'The bytes of this Binary are not in the object store.');
  const etag = `"${info.sha256}"`;
  const headers = {
    'content-type': info.contentType === 'text/plain' ? 'text/plain; charset=utf-8' : info.contentType,
    'etag': etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': `${shownInline.has(info.contentType) ? 'inline' : 'attachment'}; filename="${id}.${suffixes[info.contentType] ?? 'bin'}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    'cross-origin-resource-policy': 'same-origin',
  };
  if (request.ifNoneMatch !== undefined && request.ifNoneMatch.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')))) return { status: 304, headers };
  const range = request.ifRange === undefined || request.ifRange === etag ? parseRange(request.range, info.size) : undefined;
  if (range === 'unsatisfiable') return { status: 416, headers: { ...headers, 'content-range': `bytes */${info.size}` } };
  if (!range) return { status: 200, headers: { ...headers, 'content-length': String(info.size) }, stream: await deps.blobs.read(info.id) };
  return {
    status: 206,
    headers: { ...headers, 'content-length': String(range.last - range.first + 1), 'content-range': `bytes ${range.first}-${range.last}/${info.size}` },
    stream: await deps.blobs.read(info.id, range),
  };
}

/** Whoever may read the Binary, or the document that bears its id (sent along with a case, say), may have the bytes. */
async function demandAccess(fhir: FhirRepository, ctx: RequestContext, id: string): Promise<void> {
  try {
    await fhir.read(ctx, 'Binary', id);
  } catch (error) {
    if (!(error instanceof BedsideError) || (error.kind !== 'not-found' && error.kind !== 'forbidden')) throw error;
    await fhir.read(ctx, 'DocumentReference', id).catch(() => { throw error; });
  }
}

/** One range of bytes. Several at once, other units and malformed ones are ignored, as the standard allows. */
export function parseRange(header: string | undefined, size: number): { first: number; last: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Number(match[2]);
    return length === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last };
}
