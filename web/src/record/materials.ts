import type { Resource } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/index.ts';

/** What a material is, for sorting it on the desk; the same codes as the process engine's. */
export const materialClasses = ['summary', 'laboratory', 'imaging', 'ecg', 'pathology', 'document', 'photo', 'vital-signs', 'medication', 'consent', 'other'] as const;
export type MaterialClass = (typeof materialClasses)[number];

export const ECG_CODES: ReadonlySet<string> = new Set(['11524-6', '131328', '34534-8', '8601-7', '18844-1', '93000']);
export function isEcg(resource: Resource): boolean {
  if (resource.resourceType === 'Observation') {
    const sampled = resource.valueSampledData !== undefined || (resource.component ?? []).some((part) => part.valueSampledData !== undefined);
    return sampled || (resource.code?.coding ?? []).some((coding) => ECG_CODES.has(coding.code ?? ''));
  }
  if (resource.resourceType === 'ImagingStudy') return (resource.modality ?? []).some((one) => one.code === 'ECG') || (resource.series ?? []).some((one) => one.modality?.code === 'ECG');
  return resource.resourceType === 'DocumentReference' && (resource.type?.coding ?? []).some((coding) => ECG_CODES.has(coding.code ?? ''));
}

/** The class that most probably fits; a person may change it. */
export function classOfResource(resource: Resource): MaterialClass {
  if (isEcg(resource)) return 'ecg';
  switch (resource.resourceType) {
    case 'ImagingStudy': return 'imaging';
    case 'Observation': return (resource.category ?? []).some((category) => category.coding?.some((coding) => coding.code === 'vital-signs')) ? 'vital-signs' : 'laboratory';
    case 'DiagnosticReport': return (resource.category ?? []).some((category) => category.coding?.some((coding) => coding.code === 'RAD' || coding.code === 'imaging')) ? 'imaging' : 'laboratory';
    case 'MedicationRequest': case 'MedicationStatement': return 'medication';
    case 'Consent': return 'consent';
    case 'DocumentReference': {
      const kind = resource.content?.[0]?.attachment?.contentType ?? '';
      if (kind.startsWith('image/')) return 'photo';
      return (resource.type?.coding ?? []).some((coding) => coding.code === '34133-9' || coding.code === '18842-5' || coding.code === '60591-5') ? 'summary' : 'document';
    }
    default: return 'other';
  }
}

/** What a person calls it. */
export function titleOfResource(resource: Resource | undefined): string | undefined {
  if (!resource) return undefined;
  switch (resource.resourceType) {
    case 'DocumentReference': return resource.description ?? resource.content?.[0]?.attachment?.title ?? conceptText(resource.type);
    case 'ImagingStudy': return [resource.description ?? conceptText(resource.procedureCode?.[0]) ?? '', [...new Set((resource.modality ?? []).map((one) => one.code))].filter(Boolean).join('/')].filter(Boolean).join(' · ');
    case 'Observation': case 'DiagnosticReport': return conceptText(resource.code);
    case 'MedicationRequest': case 'MedicationStatement': return conceptText(resource.medicationCodeableConcept);
    default: return undefined;
  }
}
export function dateOfResource(resource: Resource | undefined): string | undefined {
  switch (resource?.resourceType) {
    case 'DocumentReference': return resource.date ?? resource.content?.[0]?.attachment?.creation;
    case 'ImagingStudy': return resource.started;
    case 'Observation': case 'DiagnosticReport': return resource.effectiveDateTime ?? resource.effectivePeriod?.start ?? resource.issued;
    case 'MedicationRequest': return resource.authoredOn;
    default: return resource?.meta?.lastUpdated;
  }
}
