import { createHash } from 'node:crypto';
import type { Bundle } from '@medplum/fhirtypes';
import { BedsideError } from '../../kernel/index.ts';
import { joined, nothing, refused, took, type ImportDeps, type Outcome } from './contract.ts';
import { isObject, type JsonObject } from './lossless.ts';

/** A resource on its way in: its text with the digits of its numbers, and the id under which it is kept. */
export interface Incoming { readonly where: string; readonly type: string; readonly id: string; readonly text: string }

/** How many resources one transaction takes: what a crash can cost at most. */
export const batchSize = 250;

const idSyntax = /^[A-Za-z0-9.-]{1,64}$/;
const uuid = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The same id whenever the same resource comes: its own, else its bundle address, else made from its content. */
export function idFor(resource: JsonObject, fullUrl: unknown): string {
  const own = resource['id'];
  if (typeof own === 'string' && idSyntax.test(own)) return own;
  const address = typeof fullUrl === 'string' ? uuid.exec(fullUrl)?.[1] : undefined;
  if (address) return address.toLowerCase();
  const h = createHash('sha256').update(JSON.stringify(resource)).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-5${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** Puts `Type/id` where the addresses of the same file stand. */
export const withReferences = (text: string, targets: ReadonlyMap<string, string>): string => (targets.size === 0 ? text
  : text.replaceAll(/"((?:urn:uuid:|urn:oid:|https?:\/\/)[^"\\]{1,500})"/g, (whole, address: string) => { const target = targets.get(address); return target === undefined ? whole : `"${target}"`; }));

/** The resources of a bundle or a single resource; what cannot be one is refused. */
export function resourcesOf(value: unknown, where: string): { incoming: Incoming[]; outcome: Outcome } {
  if (!isObject(value) || typeof value['resourceType'] !== 'string') return { incoming: [], outcome: refused(where, 'file', 'It holds no FHIR resource: resourceType is missing.') };
  if (value['resourceType'] !== 'Bundle') return { incoming: [{ where, type: value['resourceType'], id: idFor(value, undefined), text: JSON.stringify(value) }], outcome: nothing };
  const entries = Array.isArray(value['entry']) ? value['entry'] as unknown[] : [];
  const refusals: Outcome[] = [];
  const found: { where: string; type: string; id: string; resource: JsonObject }[] = [];
  const targets = new Map<string, string>();
  for (const [n, entry] of entries.entries()) {
    const at = `${where}, entry ${n}`;
    const resource = isObject(entry) ? entry['resource'] : undefined;
    if (!isObject(entry) || !isObject(resource) || typeof resource['resourceType'] !== 'string') {
      refusals.push(refused(at, 'entry', 'It holds no resource.'));
      continue;
    }
    const type = resource['resourceType'];
    const id = idFor(resource, entry['fullUrl']);
    if (typeof entry['fullUrl'] === 'string') targets.set(entry['fullUrl'], `${type}/${id}`);
    found.push({ where: at, type, id, resource });
  }
  return { incoming: found.map(({ resource, ...rest }) => ({ ...rest, text: withReferences(JSON.stringify(resource), targets) })), outcome: joined(...refusals) };
}

/** Writes resources: all together, or, when one of them is refused, each by itself, so that the others come in. */
export async function writeResources(deps: ImportDeps, incoming: readonly Incoming[], onWritten: (n: number) => void = () => undefined): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < incoming.length; at += batchSize) {
    const part = incoming.slice(at, at + batchSize);
    outcomes.push(await writePart(deps, part));
    onWritten(part.length);
  }
  return joined(...outcomes);
}

async function writePart(deps: ImportDeps, part: readonly Incoming[]): Promise<Outcome> {
  const source = `{"resourceType":"Bundle","entry":[${part.map((i) => `{"resource":${i.text}}`).join(',')}]}`;
  const plain = JSON.parse(source) as Bundle;
  const bundle = (type: 'transaction' | 'batch'): Bundle => ({ ...plain, type, entry: plain.entry!.map((entry, n) => ({ ...entry, request: { method: 'PUT', url: `${part[n]!.type}/${part[n]!.id}` } })) });
  try {
    await deps.repository.bundle(deps.ctx, bundle('transaction'), source);
    return joined(...part.map((i) => took(i.type)));
  } catch (error) {
    if (!(error instanceof BedsideError) || error.kind === 'unavailable' || error.kind === 'internal') throw error;
  }
  if (part.length === 1) return one(deps, part[0]!, bundle('transaction'), source);
  const answer = await deps.repository.bundle(deps.ctx, bundle('batch'), source);
  return joined(...part.map((i, n) => {
    const response = answer.entry?.[n]?.response;
    if (response?.status?.startsWith('2')) return took(i.type);
    const issue = response?.outcome?.resourceType === 'OperationOutcome' ? response.outcome.issue?.[0] : undefined;
    return refused(i.where, i.type, [issue?.diagnostics ?? issue?.details?.text ?? `refused with ${response?.status ?? 'no answer'}`, issue?.expression?.[0]].filter(Boolean).join(' at '));
  }));
}

async function one(deps: ImportDeps, incoming: Incoming, bundle: Bundle, source: string): Promise<Outcome> {
  try {
    await deps.repository.bundle(deps.ctx, bundle, source);
    return took(incoming.type);
  } catch (error) {
    if (!(error instanceof BedsideError) || error.kind === 'unavailable' || error.kind === 'internal') throw error;
    return refused(incoming.where, incoming.type, error.message);
  }
}
