import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import type { OutboxEvent, Tx } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';

/** A resource as it is stored: `text` is the JSON returned verbatim, decimals' digits included. */
export interface StoredResource {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
  readonly text: string;
  readonly deleted: boolean;
}

export interface WriteResult extends StoredResource { readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted' }

/** Facts of a row that access is decided by; stable for the row's life. */
export interface RowFacts {
  /** Institution that owns the row; default: the actor's. */
  readonly owner?: string;
  /** The case (id of its parent Task) that the row belongs to, if any. Only the process engine sets it. */
  readonly caseId?: string;
}

export interface WriteOptions extends RowFacts {
  /** Version that must be the current one (If-Match); another gives precondition-failed. */
  readonly ifMatch?: number;
  /** Bytes as received; stored instead of re-serialising `resource` (decimals keep their digits). */
  readonly source?: string;
  /** Set by the process engine only: the step was allowed by the case's own rules, so ownership and "use an operation" are not asked again. */
  readonly byEngine?: true;
}

/** Everything that can be done inside one transaction; reads see its own writes. */
export interface FhirTransaction {
  readonly tx: Tx;
  readonly ctx: RequestContext;
  read<T extends Resource>(type: T['resourceType'], id: string): Promise<{ resource: T; version: number }>;
  /** Like read, but locks the row until the transaction ends. */
  readForUpdate<T extends Resource>(type: T['resourceType'], id: string): Promise<{ resource: T; version: number }>;
  /** Creates with the id in `resource.id`, or a new one. */
  create(resource: Resource, options?: WriteOptions): Promise<WriteResult>;
  update(resource: Resource, options?: WriteOptions): Promise<WriteResult>;
  remove(type: string, id: string, options?: WriteOptions): Promise<WriteResult>;
  search<T extends Resource>(type: T['resourceType'], query: string): Promise<T[]>;
  /** Events for the outbox besides the `fhir.changed` ones that every write makes. */
  publish(events: readonly OutboxEvent[]): Promise<void>;
}

/** The FHIR repository: HTTP-free, access-checked, audited. Ids and versions in, stored text out. */
export interface FhirRepository {
  read(ctx: RequestContext, type: string, id: string): Promise<StoredResource>;
  vread(ctx: RequestContext, type: string, id: string, version: number): Promise<StoredResource>;
  create(ctx: RequestContext, resource: Resource, options?: WriteOptions): Promise<WriteResult>;
  update(ctx: RequestContext, resource: Resource, options?: WriteOptions): Promise<WriteResult>;
  remove(ctx: RequestContext, type: string, id: string, options?: WriteOptions): Promise<WriteResult>;
  /** `query` as in the URL after `?`. Returns a searchset Bundle as JSON text. */
  search(ctx: RequestContext, type: string, query: string, options?: { readonly lenient?: boolean }): Promise<string>;
  history(ctx: RequestContext, at: { type?: string; id?: string }, query: string): Promise<string>;
  /** Bundle of type transaction or batch. */
  bundle(ctx: RequestContext, bundle: Bundle, source?: string): Promise<Bundle>;
  /**
   * One database transaction over many steps, for the process engine and the registration services. Access is checked on each step,
   * unless `byEngine`: then the caller answers for it, and the traces still name the actor.
   */
  transaction<T>(ctx: RequestContext, work: (fhir: FhirTransaction) => Promise<T>, options?: { readonly byEngine?: boolean }): Promise<T>;
}

/** Called in the transaction before each write, whatever the door; may change the resource or throw. */
export interface WriteHook {
  readonly types: readonly string[];
  before(ctx: RequestContext, fhir: FhirTransaction, change: { before?: Resource; after?: Resource }): Promise<Resource | void>;
}

/** An operation served under /fhir, registered in compose. */
export interface FhirOperation {
  /** Without the `$`. */
  readonly code: string;
  readonly level: 'system' | 'type' | 'instance';
  /** Resource type; absent at system level. */
  readonly type?: string;
  readonly affectsState: boolean;
  readonly title: string;
  readonly description: string;
  /** `in` parameters, for the OperationDefinition. */
  readonly parameters?: readonly { readonly name: string; readonly type: string; readonly min: number; readonly max: string; readonly documentation?: string }[];
  /** Reachable without signing in (only what reveals nothing). */
  readonly anonymous?: boolean;
  run(ctx: RequestContext, input: OperationInput): Promise<Resource | OperationAnswer>;
}
export interface OperationInput {
  readonly id?: string;
  /** The body: a Parameters resource or any resource; GET parameters are turned into Parameters. */
  readonly body?: Resource;
  readonly query: URLSearchParams;
  /** Version in the If-Match header. */
  readonly ifMatch?: number;
}
export interface OperationAnswer { readonly status: number; readonly resource?: Resource; readonly text?: string; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }

export type Outcome = OperationOutcome;
