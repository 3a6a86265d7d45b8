import type { Resource } from '@medplum/fhirtypes';
import { BedsideError, type Clock } from '../kernel/index.ts';
import { measureOf } from '../application/process/statistics/index.ts';
import type { ApplicationDefinition } from '../application/process/index.ts';
import type { FhirRepository } from '../resource/fhir/contract.ts';
import { systemContext } from './system.ts';

/** The resources that declarations stand for (forms, evaluations, measures), written when they are new or changed. */
export async function seedDefinitions(repository: FhirRepository, definitions: readonly ApplicationDefinition[], clock: Clock): Promise<void> {
  const ctx = systemContext(clock);
  const wanted: Resource[] = definitions.flatMap((d) => [d.form, ...(d.evaluation ? [d.evaluation] : []), measureOf(measureIdOf(d.code), d.code)]);
  for (const resource of wanted) {
    const stored = await current(repository, ctx, resource);
    if (stored === undefined || JSON.stringify({ ...(JSON.parse(stored) as Resource), meta: undefined }) !== JSON.stringify({ ...resource, meta: undefined })) {
      await repository.update(ctx, resource);
    }
  }
}

/** `Measure/consultations` counts teleconsultations; another application's measure has its own code. */
export const measureIdOf = (application: string): string => (application === 'teleconsultation' ? 'consultations' : application);

async function current(repository: FhirRepository, ctx: ReturnType<typeof systemContext>, resource: Resource): Promise<string | undefined> {
  try {
    return (await repository.read(ctx, resource.resourceType, resource.id!)).text;
  } catch (error) {
    if (error instanceof BedsideError && (error.kind === 'not-found' || error.kind === 'gone')) return undefined;
    throw error;
  }
}
