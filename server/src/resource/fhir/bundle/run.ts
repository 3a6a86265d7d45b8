import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { BedsideError, httpStatus, invalid, preconditionFailed } from '../../../kernel/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { demandScope, type Access } from '../access.ts';
import type { FhirTransaction, WriteResult } from '../contract.ts';
import { hash64 } from '../params/hash.ts';
import { outcomeOf } from '../outcome.ts';
import { search, searchText } from '../search/index.ts';
import type { Store } from '../store/store.ts';
import { demandType } from '../store/row.ts';
import { conditionalReferences, inOrder, plannedId, rewriteReferences, stepsOf, type Step } from './entries.ts';

export interface BundleRun {
  readonly store: Store;
  readonly ctx: RequestContext;
  readonly transaction: <T>(work: (fhir: FhirTransaction) => Promise<T>) => Promise<T>;
}

/** Runs a transaction (all or nothing) or a batch (each entry by itself). */
export async function runBundle(run: BundleRun, bundle: Bundle, source?: string): Promise<Bundle> {
  if (bundle.resourceType !== 'Bundle') throw invalid('bundle', 'A Bundle is expected.', { details: { at: 'resourceType' } });
  const steps = stepsOf(bundle, source);
  if (bundle.type === 'transaction') return { resourceType: 'Bundle', type: 'transaction-response', entry: await run.transaction((fhir) => all(run, fhir, steps)) };
  if (bundle.type !== 'batch') throw invalid('bundle-type', 'The bundle must be of type transaction or batch.', { details: { at: 'Bundle.type' } });
  const entry: BundleEntry[] = [];
  for (const step of steps) {
    try {
      entry.push((await run.transaction((fhir) => all(run, fhir, [{ ...step, index: 0 }])))[0]!);
    } catch (error) {
      entry.push({ response: { status: String(error instanceof BedsideError ? httpStatus[error.kind] : 500), outcome: outcomeOf(error) satisfies OperationOutcome } });
    }
  }
  return { resourceType: 'Bundle', type: 'batch-response', entry };
}

/** What an entry turns into once conditions are answered. */
interface Planned { readonly step: Step; readonly id?: string; readonly exists?: boolean }

async function all(run: BundleRun, fhir: FhirTransaction, steps: readonly Step[]): Promise<BundleEntry[]> {
  const targets = new Map<string, string>();
  const planned: Planned[] = [];
  const taken = new Set<string>();
  for (const step of inOrder(steps)) {
    demandType(run.store, step.type);
    const plan = await planStep(run, fhir, step);
    if (plan.id !== undefined) {
      const name = `${step.type}/${plan.id}`;
      if (step.method !== 'GET' && step.method !== 'HEAD' && !plan.exists) {
        if (taken.has(name)) throw invalid('bundle-duplicate', `Entry ${step.index} changes a resource that another entry changes.`, { details: { at: `Bundle.entry[${step.index}]` } });
        taken.add(name);
      }
      if (step.fullUrl !== undefined && step.method !== 'DELETE') targets.set(step.fullUrl, name);
    }
    planned.push(plan);
  }
  for (const { step } of planned) for (const reference of step.text === undefined ? [] : conditionalReferences(step.text)) {
    if (targets.has(reference)) continue;
    const [type = '', query = ''] = reference.split('?', 2);
    const id = await onlyMatch(run, fhir, type, query, `Bundle.entry[${step.index}].resource`);
    if (id === undefined) throw preconditionFailed('no-match', `Entry ${step.index}: a conditional reference finds nothing.`, { details: { at: `Bundle.entry[${step.index}].resource` } });
    targets.set(reference, `${type}/${id}`);
  }
  const entries: BundleEntry[] = [];
  for (const plan of planned) {
    try {
      entries[plan.step.index] = await perform(run, fhir, plan, targets);
    } catch (error) {
      throw located(error, plan.step.index);
    }
  }
  return entries;
}

/** Says in which entry it went wrong. */
function located(error: unknown, index: number): unknown {
  if (!(error instanceof BedsideError)) return error;
  return new BedsideError(error.kind, error.code, `Entry ${index}: ${error.message}`, { cause: error, details: { ...error.details, at: `Bundle.entry[${index}]${error.details.at === undefined ? '' : `.resource (${error.details.at})`}` } });
}

async function planStep(run: BundleRun, fhir: FhirTransaction, step: Step): Promise<Planned> {
  if (step.method === 'POST') {
    if (step.ifNoneExist === undefined) return { step, id: plannedId() };
    const id = await onlyMatch(run, fhir, step.type, step.ifNoneExist, `Bundle.entry[${step.index}].request.ifNoneExist`, true);
    return id === undefined ? { step, id: plannedId() } : { step, id, exists: true };
  }
  if ((step.method === 'PUT' || step.method === 'DELETE') && step.id === undefined) {
    if (!step.query) throw invalid('bundle-entry', `Entry ${step.index}: ${step.method} needs an id or a query.`, { details: { at: `Bundle.entry[${step.index}].request.url` } });
    const id = await onlyMatch(run, fhir, step.type, step.query, `Bundle.entry[${step.index}].request.url`, true);
    if (step.method === 'DELETE') return id === undefined ? { step } : { step, id };
    return { step: { ...step, ...(id === undefined ? { method: 'POST' as const } : { id }) }, id: id ?? plannedId() };
  }
  return step.id === undefined ? { step } : { step, id: step.id };
}

/** The one resource a condition finds; undefined for none. @throws precondition-failed for several. */
export async function onlyMatch(run: Pick<BundleRun, 'store' | 'ctx'>, fhir: FhirTransaction, type: string, query: string, at: string, lock = false): Promise<string | undefined> {
  demandType(run.store, type);
  // Two that ask the same at once would both find nothing and both create: the second waits for the first to commit.
  if (lock) await fhir.tx.query('select pg_advisory_xact_lock($1::bigint)', [hash64(`condition ${type}?${query}`)]);
  const params = new URLSearchParams(query);
  params.delete('_count');
  if (params.size === 0) throw invalid('condition-empty', 'The condition is empty.', { details: { at } });
  const { page } = await search({ store: run.store, sql: fhir.tx, access: { ctx: run.ctx, engine: false } }, type, `${params.toString()}&_count=2`);
  if (page.rows.length > 1) throw preconditionFailed('several-matches', 'The condition finds more than one resource.', { details: { at } });
  return page.rows[0]?.id;
}

async function perform(run: BundleRun, fhir: FhirTransaction, { step, id, exists }: Planned, targets: ReadonlyMap<string, string>): Promise<BundleEntry> {
  const access: Access = { ctx: run.ctx, engine: false };
  if (step.method === 'GET' || step.method === 'HEAD') {
    if (id !== undefined) {
      const { resource, version } = await fhir.read(step.type as Resource['resourceType'], id);
      return { resource, response: { status: '200', etag: `W/"${version}"` } };
    }
    demandScope(access, step.type, 'search');
    const s = { store: run.store, sql: fhir.tx, access };
    const answer = await search(s, step.type, step.query ?? '');
    await run.store.audit.recordIn(fhir.tx, run.ctx, { action: 'R', kind: 'search', type: step.type, query: step.query ?? '', ids: answer.page.rows.map((f) => f.id), patients: [...new Set(answer.page.rows.flatMap((f) => (f.patient === null ? [] : [f.patient])))] });
    return { resource: JSON.parse(searchText(s, answer)) as Bundle, response: { status: '200' } };
  }
  if (step.method === 'DELETE') {
    if (id !== undefined) await fhir.remove(step.type, id, step.ifMatch === undefined ? {} : { ifMatch: step.ifMatch });
    return { response: { status: '204' } };
  }
  if (exists) return { response: { status: '200', location: `${step.type}/${id}` } };
  const source = rewriteReferences(step.text!, targets);
  const resource = { ...(JSON.parse(source) as Resource), id: id! } as Resource;
  const done = step.method === 'POST' ? await fhir.create(resource, { source }) : await fhir.update(resource, { source, ...(step.ifMatch === undefined ? {} : { ifMatch: step.ifMatch }) });
  return { response: responseOf(done) };
}

const responseOf = (done: WriteResult): NonNullable<BundleEntry['response']> => ({
  status: done.outcome === 'created' ? '201' : '200', location: `${done.type}/${done.id}/_history/${done.version}`,
  etag: `W/"${done.version}"`, lastModified: done.lastUpdated.toISOString(),
});
