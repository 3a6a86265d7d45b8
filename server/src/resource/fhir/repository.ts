import type { Bundle, Resource } from '@medplum/fhirtypes';
import { BedsideError, sqlState, unavailable, type Clock, type Database, type Tx } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { demandScope, type Access } from './access.ts';
import type { AuditRecord } from './audit/event.ts';
import { openAuditLog, type AuditLog } from './audit/log.ts';
import { provideAuditPartitions } from './audit/schema.ts';
import { isAuditRead, readAudit, searchAudit } from './audit/serve.ts';
import { runBundle } from './bundle/run.ts';
import type { FhirRepository, FhirTransaction, StoredResource, WriteHook, WriteOptions, WriteResult } from './contract.ts';
import { history } from './history.ts';
import { r4 } from './model/model.ts';
import { plans } from './params/plan.ts';
import { search, searchText } from './search/index.ts';
import { prepared } from './store/prepared.ts';
import { readRow, readVersion, type Found } from './store/read.ts';
import { demandType } from './store/row.ts';
import type { Store } from './store/store.ts';
import { erase, hasHooks, rewrite, write } from './store/write.ts';
import { fhirTransaction } from './transaction.ts';

export interface FhirDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly hooks?: readonly WriteHook[];
  /** Base of the REST API, e.g. `https://host/fhir`; asked for at each use, since the port may be known late. */
  readonly baseUrl?: () => string;
}

/** The repository with what belongs to its process: the audit log and the daily upkeep. */
export interface OpenFhirRepository extends FhirRepository {
  /** Records an event that is no FHIR interaction: sign-in, viewing a study, joining a room. */
  audit(ctx: RequestContext, event: AuditRecord): Promise<void>;
  /** Makes next months' partitions; call at start and daily. */
  upkeep(): Promise<void>;
  close(): Promise<void>;
  readonly store: Store;
}

/** @see docs/adr/0002-fhir-store.md */
export function createFhirRepository(deps: FhirDeps): OpenFhirRepository {
  const store = openStore(deps);
  const direct = (ctx: RequestContext): Access => ({ ctx, engine: false });
  const inTransaction = async <T>(ctx: RequestContext, engine: boolean, work: (fhir: FhirTransaction, tx: Tx) => Promise<T>): Promise<T> => {
    const access: Access = { ctx, engine };
    try {
      const result = await deps.db.transaction((tx) => work(fhirTransaction(store, tx, access), tx));
      store.wake();
      return result;
    } catch (error) {
      throw serial(error);
    }
  };
  /** One statement when no hook needs a transaction around it. */
  const writeOne = async (ctx: RequestContext, type: string, inOne: (fhir: FhirTransaction) => Promise<WriteResult>, alone: () => Promise<WriteResult>): Promise<WriteResult> => {
    if (hasHooks(store, type)) return inTransaction(ctx, false, inOne);
    try {
      const result = await alone();
      store.wake();
      return result;
    } catch (error) {
      throw serial(error);
    }
  };
  const traced = async (ctx: RequestContext, kind: string, type: string, found: readonly Found[], query?: string): Promise<void> => {
    const patients = [...new Set(found.flatMap((f) => (f.patient === null ? [] : [f.patient])))];
    const [only] = found;
    await store.audit.record(ctx, {
      action: 'R', kind, type, ids: found.map((f) => (f.type === type ? f.id : `${f.type}/${f.id}`)), patients,
      ...(query === undefined ? {} : { query }), ...(found.length === 1 && only!.caseId !== null ? { caseId: only!.caseId } : {}),
    });
  };
  const one = (ctx: RequestContext) => ({ store, sql: deps.db, access: direct(ctx) });

  return {
    store,
    async read(ctx, type, id) {
      demandType(store, type);
      demandScope(direct(ctx), type, 'read');
      if (isAuditRead(type, id)) return readAudit(store, ctx, id);
      const found = await readRow(store, deps.db, direct(ctx), type, id).catch((error: unknown) => refused(store, ctx, 'read', type, id, error));
      await traced(ctx, 'read', type, [found]);
      return found satisfies StoredResource;
    },
    async vread(ctx, type, id, version) {
      demandType(store, type);
      demandScope(direct(ctx), type, 'read');
      const found = await readVersion(store, deps.db, direct(ctx), type, id, version).catch((error: unknown) => refused(store, ctx, 'vread', type, id, error));
      await traced(ctx, 'vread', type, [found]);
      return found;
    },
    create: (ctx, resource: Resource, options: WriteOptions = {}) =>
      writeOne(ctx, resource.resourceType, (fhir) => fhir.create(resource, options), () => write(one(ctx), resource, options)),
    update: (ctx, resource: Resource, options: WriteOptions = {}) =>
      writeOne(ctx, resource.resourceType, (fhir) => fhir.update(resource, options), () => rewrite(one(ctx), resource, options)),
    remove: (ctx, type, id, options: WriteOptions = {}) =>
      writeOne(ctx, type, (fhir) => fhir.remove(type, id, options), () => erase(one(ctx), type, id, options)),
    async search(ctx, type, query, options) {
      if (type === 'AuditEvent') return searchAudit(store, ctx, query);
      const answer = await search(one(ctx), type, query, options?.lenient);
      await traced(ctx, 'search', type, [...answer.page.rows, ...answer.added], query);
      return searchText(one(ctx), answer);
    },
    async history(ctx, at, query) {
      const page = await history(one(ctx), at, query);
      await traced(ctx, 'history', at.type ?? '', page.rows, query);
      return page.text;
    },
    bundle: async (ctx, bundle: Bundle, source) => {
      const result = await runBundle({ store, ctx, transaction: (work) => inTransaction(ctx, false, work) }, bundle, source);
      store.wake();
      return result;
    },
    transaction: (ctx, work, options) => inTransaction(ctx, options?.byEngine ?? false, work),
    audit: (ctx, event) => store.audit.record(ctx, event),
    upkeep: () => provideAuditPartitions(deps.db, deps.clock.now()),
    close: () => store.audit.close(),
  };
}

/** A refused look leaves a trace too; then the refusal goes its way. */
async function refused(store: Store, ctx: RequestContext, kind: string, type: string, id: string, error: unknown): Promise<never> {
  if (error instanceof BedsideError) await store.audit.record(ctx, { action: 'R', kind, type, ids: [id], outcome: 4, detail: error.code });
  throw error;
}

/** Deadlocks and serialization failures are the database asking to try again. */
function serial(error: unknown): unknown {
  const state = sqlState(error);
  if (state === '40001' || state === '40P01') return unavailable('try-again', 'Others were writing the same; try again.', { cause: error, details: { retryAfterMs: 200 } });
  return error;
}

function openStore(deps: FhirDeps): Store {
  const audit: AuditLog = openAuditLog(deps.db);
  const hooks = new Map<string, WriteHook[]>();
  for (const hook of deps.hooks ?? []) for (const type of hook.types) hooks.set(type, [...(hooks.get(type) ?? []), hook]);
  let key: Promise<Buffer> | undefined;
  let waking = false;
  const readKey = async (): Promise<Buffer> => {
    const { rows } = await deps.db.query<{ value: Buffer }>("select value from fhir.secret where name = 'cursor'");
    return rows[0]!.value;
  };
  return {
    db: deps.db, clock: deps.clock, model: r4, plan: plans(r4), prepared: prepared(), hooks, audit,
    baseUrl: deps.baseUrl ?? (() => ''),
    cursorKey: () => key ??= readKey().catch((error: unknown) => { key = undefined; throw error; }),
    // NOTIFY inside the writing transaction would make all commits queue behind one lock; the outbox is durable, so waking may come after.
    wake: () => {
      if (waking) return;
      waking = true;
      setTimeout(() => {
        waking = false;
        // A lost wake-up is made good by the readers' poll.
        deps.db.query("select pg_notify('bedside_outbox', '')").catch(() => undefined);
      }, 5).unref();
    },
  };
}
