import type { CodeableConcept, Coding, Meta, Reference } from '@medplum/fhirtypes';

/** On every resource of the demonstration network: nobody may take it for a real person or place. */
export const demonstrationTag: Coding = { system: 'urn:bedside:tag', code: 'demonstration', display: 'Demonstration: invented, not a real person or institution' };
export const demonstrationMeta = (): Meta => ({ tag: [{ ...demonstrationTag }] });

export const loinc = 'http://loinc.org';
export const snomed = 'http://snomed.info/sct';
export const icd10 = 'http://hl7.org/fhir/sid/icd-10';
export const atc = 'http://www.whocc.no/atc';
export const cvx = 'http://hl7.org/fhir/sid/cvx';
export const ucum = 'http://unitsofmeasure.org';
export const mdc = 'urn:iso:std:iso:11073:10101';
const terminology = 'http://terminology.hl7.org/CodeSystem';
export const hl7 = (system: string): string => `${terminology}/${system}`;

export const concept = (system: string, code: string, display: string): CodeableConcept => ({ coding: [{ system, code, display }], text: display });
export const coded = (system: string, code: string): CodeableConcept => ({ coding: [{ system, code }] });
/** A relative reference, assignable wherever a reference of some type is wanted. */
export const ref = (reference: string, display?: string): Reference<never> => ({ reference, ...(display ? { display } : {}) }) as Reference<never>;
export const idOf = (reference: string): string => reference.slice(reference.indexOf('/') + 1);
