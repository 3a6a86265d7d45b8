import type { MeasureReport } from '@medplum/fhirtypes';
import { useQuery } from '@tanstack/react-query';
import { fhirKey, useFhir, useSearch } from '../fhir/index.ts';
import { matches, ofType, referenceKey, resolve } from '../fhir/index.ts';
import { useQuestionnaire } from '../application/process/index.ts';
import { leaves, optionsOf } from '../application/process/index.ts';
import { useTranslation } from 'react-i18next';

/** Specialties as the application form offers them, in the person's language. */
export function useSpecialties(): readonly { value: string; label: string }[] {
  const { i18n } = useTranslation();
  const form = useQuestionnaire('urn:bedside:questionnaire:teleconsultation-form|1');
  const item = leaves(form.data?.item).find((one) => one.linkId === 'specialty');
  return item ? optionsOf(item, i18n.language) : [];
}

export interface Score { readonly value: number; readonly count: number }
/** The mean score of an expert and of how many evaluations. */
export function useScore(practitionerRole: string) {
  const client = useFhir();
  return useQuery({
    queryKey: fhirKey('QuestionnaireResponse', 'score', practitionerRole), staleTime: 300_000, retry: false,
    queryFn: async ({ signal }): Promise<Score | null> => {
      const report = await client.operation<MeasureReport>('Measure/consultations/$evaluate-measure', undefined, { signal, query: { subject: `PractitionerRole/${practitionerRole}` } });
      const group = report.group?.find((one) => one.code?.coding?.some((coding) => coding.code === 'score'));
      const value = group?.measureScore?.value;
      return value === undefined ? null : { value, count: group?.population?.[0]?.count ?? 0 };
    },
  });
}

/** Which experts have a free time on a day, as references to their PractitionerRole. */
export function useFreeOn(day: string | undefined) {
  const query = useSearch('Slot', day ? { status: 'free', start: [`ge${day}T00:00:00Z`, `le${day}T23:59:59Z`], _include: 'Slot:schedule', _count: '500' } : undefined, { also: ['Schedule'] });
  const schedules = ofType(query.data, 'Schedule');
  const free = new Set(matches(query.data, 'Slot').flatMap((slot) => (resolve(schedules, 'Schedule', slot.schedule)?.actor ?? []).flatMap((actor) => referenceKey(actor) ?? [])));
  return { free, isPending: day !== undefined && query.isPending, error: query.error };
}
