import type { AccountRole } from './actor.ts';

/**
 * What a resource type is to access control. `directory`: who and what the network consists of, and definitions; any signed-in user reads it.
 * `administrative`: about patients and organisation, but no findings; an institution's administrator sees his institution's.
 * `personal`: belongs to the account that made it. `audit`: traces. Everything else is `clinical`.
 */
export const typeClasses = ['directory', 'administrative', 'personal', 'audit', 'clinical'] as const;
export type TypeClass = (typeof typeClasses)[number];

const directory: ReadonlySet<string> = new Set([
  'Organization', 'OrganizationAffiliation', 'Practitioner', 'PractitionerRole', 'Location', 'HealthcareService', 'Endpoint', 'Schedule', 'Slot', 'Questionnaire',
  'ValueSet', 'CodeSystem', 'ConceptMap', 'NamingSystem', 'StructureDefinition', 'StructureMap', 'SearchParameter', 'OperationDefinition', 'CapabilityStatement',
  'CompartmentDefinition', 'GraphDefinition', 'ImplementationGuide', 'TerminologyCapabilities', 'MessageDefinition', 'EventDefinition', 'ExampleScenario',
  'Measure', 'Library', 'ActivityDefinition', 'PlanDefinition', 'ObservationDefinition', 'SpecimenDefinition', 'DeviceDefinition', 'ChargeItemDefinition',
  'ResearchDefinition', 'ResearchElementDefinition', 'EvidenceVariable', 'Evidence', 'EffectEvidenceSynthesis', 'RiskEvidenceSynthesis', 'TestScript', 'Basic',
  'MedicationKnowledge', 'InsurancePlan', 'CatalogEntry',
]);
const administrative: ReadonlySet<string> = new Set([
  'Patient', 'RelatedPerson', 'Person', 'Appointment', 'AppointmentResponse', 'MeasureReport', 'Device', 'DeviceMetric', 'Account', 'Coverage', 'Invoice', 'ChargeItem', 'Group',
]);

export const classOf = (type: string): TypeClass => {
  if (directory.has(type)) return 'directory';
  if (administrative.has(type)) return 'administrative';
  if (type === 'Subscription') return 'personal';
  return type === 'AuditEvent' ? 'audit' : 'clinical';
};

/** Roles that work with patients' records of their own institution. */
export const staffRoles: readonly AccountRole[] = ['clinician', 'coordinator'];
/** Directory types that a clinician or coordinator keeps for himself or his institution: his times. */
export const ownTimes: ReadonlySet<string> = new Set(['Schedule', 'Slot']);
