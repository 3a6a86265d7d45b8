import type { Database } from '../../kernel/index.ts';
import type { BlobStore } from '../../resource/blob/index.ts';
import type { FhirRepository } from '../../resource/fhir/index.ts';
import type { ImageRepository } from '../../resource/image/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';

export const fileKinds = ['fhir-json', 'fhir-ndjson', 'dicom', 'cda', 'dicomdir', 'other'] as const;
export type FileKind = (typeof fileKinds)[number];

export interface ImportDeps {
  /** The system in the name of the institution that will own everything. */
  readonly ctx: RequestContext;
  readonly db: Database;
  readonly repository: FhirRepository;
  readonly blobs: BlobStore;
  readonly images: Pick<ImageRepository, 'openSession'>;
}

/** Something that did not come in, and why; `where` is the file, with an entry or line number. */
export interface Refusal { readonly where: string; readonly what: string; readonly why: string }

/** What one file, or a delivery of several, came to: how many of each resource type or kind. */
export interface Outcome {
  readonly taken: ReadonlyMap<string, number>;
  readonly refused: readonly Refusal[];
}

export interface Progress { readonly filesDone: number; readonly files: number; readonly taken: number; readonly refused: number; readonly current: string }

export const nothing: Outcome = { taken: new Map(), refused: [] };

export function joined(...outcomes: readonly Outcome[]): Outcome {
  const taken = new Map<string, number>();
  for (const outcome of outcomes) for (const [what, n] of outcome.taken) taken.set(what, (taken.get(what) ?? 0) + n);
  return { taken, refused: outcomes.flatMap((o) => o.refused) };
}
export const took = (what: string): Outcome => ({ taken: new Map([[what, 1]]), refused: [] });
export const refused = (where: string, what: string, why: string): Outcome => ({ taken: new Map(), refused: [{ where, what, why }] });
