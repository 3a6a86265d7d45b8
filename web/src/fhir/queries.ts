import type { Bundle, Resource } from '@medplum/fhirtypes';
import { queryOptions, useInfiniteQuery, useQuery, type QueryClient, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query';
import { queryText, type FhirClient, type Query } from './client.ts';
import { useFhir } from './context.tsx';
import { nextLink } from './reading.ts';

type OfType<T extends Resource['resourceType']> = Extract<Resource, { resourceType: T }>;
type More<T> = Partial<Pick<UseQueryOptions<T>, 'enabled' | 'staleTime' | 'refetchInterval' | 'retry'>>;

/** Every query of ours begins `['fhir', types...]`, so that a notice about a type can refresh what shows it. */
export const fhirKey = (types: string | readonly string[], ...rest: readonly unknown[]): readonly unknown[] => ['fhir', typeof types === 'string' ? [types] : types, ...rest];

export const readQuery = <T extends Resource['resourceType']>(client: FhirClient, type: T, id: string) => queryOptions<OfType<T>>({
  queryKey: fhirKey(type, 'read', id),
  queryFn: ({ signal }) => client.read(type, id, signal),
});

export function useRead<T extends Resource['resourceType']>(type: T, id: string | undefined, more: More<OfType<T>> = {}): UseQueryResult<OfType<T>> {
  const client = useFhir();
  return useQuery({ ...readQuery(client, type, id ?? ''), ...more, enabled: id !== undefined && more.enabled !== false });
}

/** One page of a search; `query` undefined keeps it from running. `also` names included types that the answer depends on. */
export function useSearch<T extends Resource['resourceType']>(type: T, query: Query | undefined, more: More<Bundle> & { also?: readonly string[] } = {}): UseQueryResult<Bundle> {
  const client = useFhir();
  const { also = [], ...options } = more;
  const text = query === undefined ? '' : queryText(query);
  return useQuery<Bundle>({
    queryKey: fhirKey([type, ...also], 'search', type, text),
    queryFn: ({ signal }) => client.search(type, text, signal),
    ...options,
    enabled: query !== undefined && options.enabled !== false,
  });
}

/** A search read page after page as the person scrolls. */
export function usePages<T extends Resource['resourceType']>(type: T, query: Query, also: readonly string[] = [], enabled = true) {
  const client = useFhir();
  const text = queryText(query);
  return useInfiniteQuery({
    queryKey: fhirKey([type, ...also], 'pages', type, text),
    queryFn: ({ signal, pageParam }) => (pageParam === '' ? client.search(type, text, signal) : client.page(pageParam, signal)),
    initialPageParam: '',
    getNextPageParam: (last: Bundle) => nextLink(last),
    enabled,
  });
}

/** Marks everything stale that shows one of these resource types. */
export function invalidateTypes(queries: QueryClient, types: readonly string[]): Promise<void> {
  const changed = new Set(types);
  return queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'fhir' && Array.isArray(queryKey[1]) && queryKey[1].some((type) => changed.has(String(type))) });
}
