import type { Bundle, CodeableConcept, Coding, Parameters, ParametersParameter, Reference, Resource } from '@medplum/fhirtypes';

type OfType<T extends Resource['resourceType']> = Extract<Resource, { resourceType: T }>;

/** All resources of one type in a Bundle, in its order. */
export function ofType<T extends Resource['resourceType']>(bundle: Bundle | undefined, type: T): OfType<T>[] {
  return (bundle?.entry ?? []).flatMap((entry) => (entry.resource?.resourceType === type ? [entry.resource as OfType<T>] : []));
}

/** Matches of a search, without what was included beside them. */
export function matches<T extends Resource['resourceType']>(bundle: Bundle | undefined, type: T): OfType<T>[] {
  return (bundle?.entry ?? []).flatMap((entry) => (entry.resource?.resourceType === type && entry.search?.mode !== 'include' ? [entry.resource as OfType<T>] : []));
}

export const nextLink = (bundle: Bundle | undefined): string | undefined => bundle?.link?.find((link) => link.relation === 'next')?.url;

/** `Patient/1` of `https://x/fhir/Patient/1/_history/2`. */
export function referenceKey(reference: Reference | string | undefined): string | undefined {
  const text = typeof reference === 'string' ? reference : reference?.reference;
  const found = text && /([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(text);
  return found ? `${found[1]}/${found[2]}` : undefined;
}
export const referenceId = (reference: Reference | string | undefined): string | undefined => referenceKey(reference)?.split('/')[1];
export const referenceType = (reference: Reference | string | undefined): string | undefined => referenceKey(reference)?.split('/')[0];
export const keyOf = (resource: Resource): string => `${resource.resourceType}/${resource.id ?? ''}`;
export const referenceTo = (resource: Resource, display?: string): { reference: string; display?: string } => ({ reference: keyOf(resource), ...(display ? { display } : {}) });

/** Finds what a reference names among resources that came along. */
export function resolve<T extends Resource['resourceType']>(pool: readonly Resource[], type: T, reference: Reference | string | undefined): OfType<T> | undefined {
  const key = referenceKey(reference);
  return pool.find((resource) => resource.resourceType === type && keyOf(resource) === key) as OfType<T> | undefined;
}

/** Words for a concept: its text, else the first display, else the code. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  return concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display ?? concept?.coding?.[0]?.code;
}
export const codeIn = (concepts: CodeableConcept | readonly CodeableConcept[] | undefined, system: string): string | undefined =>
  codingIn(concepts, system)?.code;
export function codingIn(concepts: CodeableConcept | readonly CodeableConcept[] | undefined, system: string): Coding | undefined {
  const list: readonly CodeableConcept[] = concepts === undefined ? [] : Array.isArray(concepts) ? concepts : [concepts as CodeableConcept];
  return list.flatMap((concept) => concept.coding ?? []).find((coding) => coding.system === system);
}

export const parameter = (parameters: Parameters | undefined, name: string): ParametersParameter | undefined => parameters?.parameter?.find((p) => p.name === name);
export const parametersNamed = (parameters: Parameters | undefined, name: string): ParametersParameter[] => (parameters?.parameter ?? []).filter((p) => p.name === name);
export const partOf = (parent: ParametersParameter | undefined, name: string): ParametersParameter | undefined => parent?.part?.find((p) => p.name === name);
export const asParameters = (list: readonly ParametersParameter[]): Parameters => ({ resourceType: 'Parameters', parameter: [...list] });

/** True for resources that the demonstration network made. */
export const isDemonstration = (resource: Resource | undefined): boolean =>
  (resource?.meta?.tag ?? []).some((tag) => tag.code === 'demonstration' || tag.code === 'demo') || (resource?.meta?.security ?? []).some((label) => label.code === 'HTEST');
