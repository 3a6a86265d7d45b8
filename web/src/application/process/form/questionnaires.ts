import type { Questionnaire } from '@medplum/fhirtypes';
import { useQuery } from '@tanstack/react-query';
import { fhirKey, FhirError, matches, useFhir } from '../../../fhir/index.ts';

/** The questionnaire that a canonical `url|version` names; definitions never change, so one reading is enough. */
export function useQuestionnaire(canonical: string | undefined) {
  const client = useFhir();
  return useQuery<Questionnaire>({
    queryKey: fhirKey('Questionnaire', 'canonical', canonical),
    queryFn: async ({ signal }) => {
      const [url = '', version] = (canonical ?? '').split('|');
      const found = matches(await client.search('Questionnaire', { url, ...(version ? { version } : {}), _count: '1' }, signal), 'Questionnaire')[0];
      if (!found) throw new FhirError(404);
      return found;
    },
    enabled: canonical !== undefined, staleTime: Infinity,
  });
}
