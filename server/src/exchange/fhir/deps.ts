import type { Readable } from 'node:stream';
import type { RequestContext } from '../../security/policy/index.ts';
import type { FhirOperation, OpenFhirRepository } from '../../resource/fhir/index.ts';

/** The bytes of a Binary that lie in the object store. */
export type ServeBinary = (ctx: RequestContext, id: string, request: { range?: string | undefined; ifRange?: string | undefined; ifNoneMatch?: string | undefined }) =>
  Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly stream?: Readable }>;

export interface FhirHttpDeps {
  readonly repository: OpenFhirRepository;
  readonly operations: readonly FhirOperation[];
  /** Address of the API, e.g. `https://host/fhir`. */
  readonly baseUrl: () => string;
  readonly version: string;
  /** The data is invented: the CapabilityStatement says so, and screens show it. */
  readonly demonstration?: boolean;
  /** Absent: Binaries are served from their own data only. */
  readonly serveBinary?: ServeBinary;
  /** Addresses for the SMART extension of the CapabilityStatement. */
  readonly oauth?: () => { readonly authorize: string; readonly token: string };
}
