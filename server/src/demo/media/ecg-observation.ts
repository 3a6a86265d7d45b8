import type { Observation } from '@medplum/fhirtypes';
import { concept, demonstrationMeta, hl7, loinc, mdc, ref } from '../vocabulary.ts';
import type { SynthesisedEcg } from './ecg.ts';

/** ISO/IEEE 11073-10101 codes of the standard leads. */
const leadCodes: Readonly<Record<string, string>> = {
  I: '131329', II: '131330', III: '131389', aVR: '131390', aVL: '131391', aVF: '131392', V1: '131331', V2: '131332', V3: '131333', V4: '131334', V5: '131335', V6: '131336',
};

/** The recording as FHIR has it: a SampledData in microvolts for each lead. @see https://hl7.org/fhir/R4/observation-example-sample-data.html */
export function ecgObservation(ecg: SynthesisedEcg, about: { id: string; patient: string; at: string; performer: string }): Observation {
  return {
    resourceType: 'Observation', id: about.id, meta: demonstrationMeta(), status: 'final', category: [concept(hl7('observation-category'), 'procedure', 'Procedure')],
    code: { coding: [{ system: mdc, code: '131328', display: 'MDC_ECG_ELEC_POTL' }, { system: loinc, code: '11524-6', display: 'EKG study' }], text: '12-lead electrocardiogram' },
    subject: ref(`Patient/${about.patient}`), effectiveDateTime: about.at, performer: [ref(about.performer)],
    component: ecg.leads.map(({ name, microvolts }) => ({
      code: { coding: [{ system: mdc, code: leadCodes[name]!, display: `MDC_ECG_LEAD_${name.toUpperCase()}` }], text: `Lead ${name}` },
      valueSampledData: { origin: { value: 0, unit: 'µV', system: 'http://unitsofmeasure.org', code: 'uV' }, period: 1000 / ecg.samplingHz, factor: 1, lowerLimit: -32_768, upperLimit: 32_767, dimensions: 1, data: microvolts.join(' ') },
    })),
  };
}
