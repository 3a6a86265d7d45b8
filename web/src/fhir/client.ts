import type { Bundle, OperationOutcome, Parameters, Resource } from '@medplum/fhirtypes';
import { FhirError } from './errors.ts';

export type Query = string | URLSearchParams | Readonly<Record<string, string | number | readonly string[] | undefined>>;
type OfType<T extends Resource['resourceType']> = Extract<Resource, { resourceType: T }>;

/** A plain FHIR R4 client: typed, ETag-aware, every fault a `FhirError`. @see http://hl7.org/fhir/R4/http.html */
export interface FhirClient {
  readonly base: string;
  read<T extends Resource['resourceType']>(type: T, id: string, signal?: AbortSignal): Promise<OfType<T>>;
  search<T extends Resource['resourceType']>(type: T, query: Query, signal?: AbortSignal): Promise<Bundle>;
  /** Follows a `link.url` of a Bundle. */
  page(url: string, signal?: AbortSignal): Promise<Bundle>;
  history(path: string, signal?: AbortSignal): Promise<Bundle>;
  create<T extends Resource>(resource: T): Promise<T>;
  /** Sends If-Match when the resource carries `meta.versionId`, so that nobody's change is lost. */
  update<T extends Resource & { id?: string }>(resource: T): Promise<T>;
  remove(type: string, id: string): Promise<void>;
  /** `path` as in `Task/1/$accept`; POST with a body, GET without. */
  operation<T extends Resource = Resource>(path: string, body?: Parameters | Resource, options?: { ifMatch?: string; signal?: AbortSignal; query?: Query }): Promise<T>;
  transaction(bundle: Bundle): Promise<Bundle>;
  /** Bytes of a Binary or another attachment of ours; the token goes along only to our own server. */
  bytes(url: string, signal?: AbortSignal): Promise<Blob>;
}

export interface FhirClientOptions {
  /** Absolute or root-relative address of the FHIR service, without a slash at its end. */
  readonly base: string;
  readonly token: () => Promise<string | undefined>;
  /** BCP 47 tag for Accept-Language. */
  readonly language: () => string;
  /** Called on 401, once per answer. */
  readonly onUnauthenticated?: () => void;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

const FHIR_JSON = 'application/fhir+json';

export function queryText(query: Query): string {
  if (typeof query === 'string') return query;
  if (query instanceof URLSearchParams) return query.toString();
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  return params.toString();
}

export function createFhirClient(options: FhirClientOptions): FhirClient {
  const { base, timeoutMs = 30_000 } = options;
  const send = options.fetch ?? fetch;

  async function request(url: string, init: RequestInit, accept = FHIR_JSON): Promise<Response> {
    const token = await options.token();
    const headers = new Headers(init.headers);
    headers.set('Accept', accept);
    headers.set('Accept-Language', options.language());
    if (token) headers.set('Authorization', `Bearer ${token}`);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await send(url, { ...init, headers, signal, credentials: 'same-origin' });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new FhirError(0, undefined, undefined, { cause });
    }
    if (response.ok) return response;
    if (response.status === 401) options.onUnauthenticated?.();
    throw await failure(response);
  }

  async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
    const response = await request(url, init);
    if (response.status === 204) return undefined as T;
    try {
      return await response.json() as T;
    } catch (cause) {
      throw new FhirError(502, undefined, undefined, { cause });
    }
  }
  const body = (resource: Resource, headers: Record<string, string> = {}): RequestInit => ({ body: JSON.stringify(resource), headers: { 'Content-Type': FHIR_JSON, Prefer: 'return=representation', ...headers } });
  const withSignal = (signal?: AbortSignal): RequestInit => (signal ? { signal } : {});

  return {
    base,
    read: (type, id, signal) => json(`${base}/${type}/${encodeURIComponent(id)}`, withSignal(signal)),
    search: (type, query, signal) => json(`${base}/${type}?${queryText(query)}`, withSignal(signal)),
    page: (url, signal) => json(ownAddress(base, url), withSignal(signal)),
    history: (path, signal) => json(`${base}/${path}/_history`, withSignal(signal)),
    create: (resource) => json(`${base}/${resource.resourceType}`, { method: 'POST', ...body(resource) }),
    update: (resource) => json(`${base}/${resource.resourceType}/${resource.id}`, {
      method: 'PUT', ...body(resource, resource.meta?.versionId ? { 'If-Match': `W/"${resource.meta.versionId}"` } : {}),
    }),
    remove: async (type, id) => { await request(`${base}/${type}/${id}`, { method: 'DELETE' }); },
    operation: (path, parameters, { ifMatch, signal, query } = {}) => {
      const url = `${base}/${path}${query ? `?${queryText(query)}` : ''}`;
      const conditions: Record<string, string> = ifMatch ? { 'If-Match': `W/"${ifMatch}"` } : {};
      return json(url, parameters ? { method: 'POST', ...body(parameters, conditions), ...withSignal(signal) } : withSignal(signal));
    },
    transaction: (bundle) => json(base, { method: 'POST', ...body(bundle) }),
    bytes: async (url, signal) => (await request(ownAddress(base, url), withSignal(signal), '*/*')).blob(),
  };
}

/** A `Binary/1` or a link that the server made, as an address of this server: a token is never sent anywhere else. */
function ownAddress(base: string, url: string): string {
  const origin = globalThis.location?.origin ?? 'http://localhost';
  const absolute = /^(?:https?:)?\//.test(url) ? new URL(url, origin) : new URL(`${base}/${url}`, origin);
  const own = new URL(base, origin);
  if (absolute.pathname.startsWith(own.pathname)) return `${own.origin}${absolute.pathname}${absolute.search}`;
  if (absolute.origin === own.origin) return absolute.href;
  throw new FhirError(415);
}

async function failure(response: Response): Promise<FhirError> {
  const outcome = await response.json().then(asOutcome, () => undefined);
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new FhirError(response.status, outcome, Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter * 1000 : undefined);
}
function asOutcome(value: unknown): OperationOutcome | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('resourceType' in value && value.resourceType === 'OperationOutcome') return value as OperationOutcome;
  if ('detail' in value && typeof value.detail === 'string') return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'processing', diagnostics: value.detail }] };
  return undefined;
}
