import type { Resource } from '@medplum/fhirtypes';
import { useQueries } from '@tanstack/react-query';
import { useFhir } from './context.tsx';
import { fhirKey } from './queries.ts';
import { ofType } from './reading.ts';

const CHUNK = 50;

/** Many resources named by `Type/id`, read by type in few requests. */
export function useResources(keys: readonly string[]): { readonly found: ReadonlyMap<string, Resource>; readonly isPending: boolean } {
  const client = useFhir();
  const byType = new Map<string, string[]>();
  for (const key of [...new Set(keys)].sort()) {
    const [type = '', id = ''] = key.split('/');
    byType.set(type, [...byType.get(type) ?? [], id]);
  }
  const chunks = [...byType].flatMap(([type, ids]) => Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) => ({ type, ids: ids.slice(index * CHUNK, (index + 1) * CHUNK) })));
  const queries = useQueries({
    queries: chunks.map(({ type, ids }) => ({
      queryKey: fhirKey(type, 'ids', ids), staleTime: 60_000,
      queryFn: async ({ signal }: { signal: AbortSignal }) => ofType(await client.search(type as 'DocumentReference', { _id: ids.join(','), _count: String(CHUNK) }, signal), type as 'DocumentReference') as Resource[],
    })),
  });
  return { found: new Map(queries.flatMap((query) => (query.data ?? []).map((resource) => [`${resource.resourceType}/${resource.id}`, resource] as const))), isPending: queries.some((query) => query.isPending) };
}
