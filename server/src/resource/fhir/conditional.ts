import type { Resource } from '@medplum/fhirtypes';
import { notFound } from '../../kernel/index.ts';
import type { RequestContext } from '../../security/policy/index.ts';
import { onlyMatch } from './bundle/run.ts';
import type { WriteOptions, WriteResult } from './contract.ts';
import type { OpenFhirRepository } from './repository.ts';
import { readRow } from './store/read.ts';

/** Creates unless the condition already finds one (If-None-Exist); several are an error. Two clients asking at once make one resource. */
export function createIfNone(repository: OpenFhirRepository, ctx: RequestContext, resource: Resource, query: string, options: WriteOptions = {}): Promise<WriteResult> {
  const run = { store: repository.store, ctx };
  return repository.transaction(ctx, async (fhir) => {
    const id = await onlyMatch(run, fhir, resource.resourceType, query, 'If-None-Exist', true);
    if (id === undefined) return fhir.create(resource, options);
    const found = await readRow(repository.store, fhir.tx, { ctx, engine: false }, resource.resourceType, id);
    return { ...found, outcome: 'unchanged' as const };
  });
}

/** Replaces the one resource that the condition finds, or creates one. */
export function updateWhere(repository: OpenFhirRepository, ctx: RequestContext, resource: Resource, query: string, options: WriteOptions = {}): Promise<WriteResult> {
  return repository.transaction(ctx, async (fhir) => {
    const id = await onlyMatch({ store: repository.store, ctx }, fhir, resource.resourceType, query, 'query', true);
    return id === undefined ? fhir.create(resource, options) : fhir.update({ ...resource, id } as Resource, options);
  });
}

/** Deletes the one resource that the condition finds. */
export function removeWhere(repository: OpenFhirRepository, ctx: RequestContext, type: string, query: string): Promise<WriteResult> {
  return repository.transaction(ctx, async (fhir) => {
    const id = await onlyMatch({ store: repository.store, ctx }, fhir, type, query, 'query', true);
    if (id === undefined) throw notFound('not-found', 'The condition finds nothing.', { details: { at: type } });
    return fhir.remove(type, id);
  });
}
