import { useQuery } from '@tanstack/react-query';
import type { CapabilityStatement } from '@medplum/fhirtypes';
import { isDemonstration, useFhir } from '../fhir/index.ts';

export interface ServerInfo { readonly demonstration: boolean; readonly version: string | undefined }

/** What the server says of itself in its CapabilityStatement. */
export function useServerInfo(): ServerInfo | undefined {
  const client = useFhir();
  return useQuery({
    queryKey: ['metadata'], staleTime: Infinity,
    queryFn: ({ signal }) => client.operation<CapabilityStatement>('metadata', undefined, { signal }),
    select: (statement): ServerInfo => ({ demonstration: isDemonstration(statement) || statement.implementation?.description?.toLowerCase().includes('demonstration') === true, version: statement.software?.version }),
  }).data;
}
