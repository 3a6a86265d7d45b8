import type { Bundle, Parameters, ParametersParameter, Resource } from '@medplum/fhirtypes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { asParameters, fhirKey, invalidateTypes, useFhir, useLive } from '../../fhir/index.ts';
import { useRef } from 'react';
import { offersOf, type Offers } from './actions.ts';
import { caseViewOf } from './case.ts';

/** Types whose change may change a case's page. */
export const caseTypes = ['Task', 'ServiceRequest', 'QuestionnaireResponse', 'List', 'DocumentManifest', 'Appointment', 'Encounter', 'Consent', 'DiagnosticReport', 'Composition', 'CarePlan', 'Communication', 'Provenance'] as const;

export function useCase(id: string) {
  const client = useFhir();
  const { pollMs } = useLive();
  return useQuery({
    queryKey: fhirKey(caseTypes, 'case', id),
    queryFn: async ({ signal }) => {
      const view = caseViewOf(await client.operation<Bundle>(`Task/${id}/$case`, undefined, { signal }), id);
      if (!view) throw new Error('The answer of $case does not hold the case');
      return view;
    },
    refetchInterval: pollMs,
  });
}

export function useOffers(id: string | undefined) {
  const client = useFhir();
  const { pollMs } = useLive();
  return useQuery({
    queryKey: fhirKey(caseTypes, 'actions', id),
    queryFn: async ({ signal }) => offersOf(await client.operation<Parameters>(`Task/${id}/$actions`, undefined, { signal })),
    enabled: id !== undefined, refetchInterval: pollMs,
  });
}

/** What may be done stands beside the case that it is about: never a newer offer beside an older case, which would be refused as changed meanwhile. */
export function useOffersBeside(caseIsFetching: boolean, offers: Offers | undefined): Offers | undefined {
  const held = useRef(offers);
  if (!caseIsFetching || held.current === undefined) held.current = offers;
  return held.current;
}

export interface Performed { readonly action: string; readonly input?: readonly ParametersParameter[]; readonly ifMatch?: string | undefined }

/** Performs an action on a case; nothing is shown as done before the server said so. */
export function usePerform<T extends Resource = Resource>(id: string) {
  const client = useFhir();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ action, input = [], ifMatch }: Performed) => client.operation<T>(`Task/${id}/$${action}`, asParameters(input), ifMatch ? { ifMatch } : {}),
    onSettled: () => invalidateTypes(queries, [...caseTypes, 'Slot']),
  });
}
