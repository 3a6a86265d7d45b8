import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { invalid, newId } from '../../../kernel/index.ts';
import { itemsOf, membersOf } from '../text/json-text.ts';

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const;
export type Method = (typeof methods)[number];
export const mostEntries = 5000;

/** An entry of a batch or transaction, taken apart. */
export interface Step {
  /** Position in the bundle. */
  readonly index: number;
  readonly method: Method;
  readonly type: string;
  readonly id?: string;
  /** After `?` in the request's url. */
  readonly query?: string;
  readonly fullUrl?: string;
  readonly ifNoneExist?: string;
  readonly ifMatch?: number;
  /** The resource's text within the bundle's. */
  readonly text?: string;
}

const fail = (index: number, message: string, at = 'request'): never => { throw invalid('bundle-entry', `Entry ${index}: ${message}`, { details: { at: `Bundle.entry[${index}].${at}` } }); };

/** Takes a bundle apart without re-serialising its resources. */
export function stepsOf(bundle: Bundle, source?: string): Step[] {
  const entries = bundle.entry ?? [];
  if (entries.length > mostEntries) throw invalid('bundle-size', `A bundle has at most ${mostEntries} entries.`, { details: { at: 'Bundle.entry' } });
  const texts = source === undefined ? undefined : resourceTexts(source);
  return entries.map((entry, index) => stepOf(entry, index, texts?.[index] ?? (entry.resource ? JSON.stringify(entry.resource) : undefined)));
}

function resourceTexts(source: string): (string | undefined)[] {
  const list = membersOf(source).find((m) => m.key === 'entry');
  return list ? itemsOf(source, list.valueStart).map((item) => {
    const resource = membersOf(source, item.start).find((m) => m.key === 'resource');
    return resource && source.slice(resource.valueStart, resource.end);
  }) : [];
}

function stepOf(entry: BundleEntry<Resource>, index: number, text: string | undefined): Step {
  const { request } = entry;
  const method = methods.find((m) => m === request?.method);
  if (!request?.url || !method) return fail(index, 'needs a request with a method (GET, HEAD, POST, PUT, DELETE) and a url.');
  const [path = '', query] = request.url.replace(/^\//, '').split('?', 2);
  const m = /^([A-Z][A-Za-z]+)(?:\/([A-Za-z0-9.-]{1,64}))?$/.exec(path);
  if (!m) return fail(index, 'the url must be Type, Type/id or Type?query.', 'request.url');
  const [, type = '', id] = m;
  if ((method === 'POST' || method === 'PUT') && text === undefined) return fail(index, 'has no resource.', 'resource');
  if (entry.resource && (method === 'POST' || method === 'PUT') && entry.resource.resourceType !== type) return fail(index, `the resource is no ${type}.`, 'resource');
  if (method === 'POST' && id !== undefined) return fail(index, 'POST goes to the type.', 'request.url');
  const ifMatch = /^(?:W\/)?"(\d{1,9})"$/.exec(request.ifMatch ?? '')?.[1];
  if (request.ifMatch !== undefined && ifMatch === undefined) return fail(index, 'ifMatch must be W/"n".', 'request.ifMatch');
  return {
    index, method, type, ...(id === undefined ? {} : { id }), ...(query === undefined ? {} : { query }), ...(text === undefined ? {} : { text }),
    ...(entry.fullUrl === undefined ? {} : { fullUrl: entry.fullUrl }), ...(request.ifNoneExist === undefined ? {} : { ifNoneExist: request.ifNoneExist.replace(/^\?/, '') }),
    ...(ifMatch === undefined ? {} : { ifMatch: Number(ifMatch) }),
  };
}

/** Before what hangs on it: an institution before its people, a patient before what is about him. */
const ranks: Readonly<Record<string, number>> = { Organization: 0, Practitioner: 1, Location: 1, PractitionerRole: 2, HealthcareService: 2, Patient: 3, Schedule: 3 };
const phases: Readonly<Record<Method, number>> = { DELETE: 0, POST: 1, PUT: 2, GET: 3, HEAD: 3 };
/** The specification's processing order: DELETE, POST, PUT, GET. @see http://hl7.org/fhir/R4/http.html#trules */
export const inOrder = (steps: readonly Step[]): Step[] =>
  [...steps].sort((a, b) => phases[a.method] - phases[b.method] || (ranks[a.type] ?? 9) - (ranks[b.type] ?? 9) || a.index - b.index);

/** Puts real references where `urn:uuid:` and conditional ones stand, in the text, so that nothing else changes. */
export function rewriteReferences(text: string, targets: ReadonlyMap<string, string>): string {
  if (targets.size === 0) return text;
  return text.replaceAll(/"((?:urn:(?:uuid|oid):|https?:\/\/|[A-Z][A-Za-z]+\?)[^"\\]*)"/g, (whole, address: string) => {
    const target = targets.get(address);
    return target === undefined ? whole : `"${target}"`;
  });
}

/** Conditional references (`Patient?identifier=x`) in the references of a resource. */
export const conditionalReferences = (text: string): string[] => [...new Set([...text.matchAll(/"reference"\s*:\s*"([A-Z][A-Za-z]+\?[^"\\]{1,1000})"/g)].map((m) => m[1]!))];

export const plannedId = (): string => newId();
