export type * from './contract.ts';
export { createFhirRepository, type FhirDeps, type OpenFhirRepository } from './repository.ts';
export { fhirMigrations } from './store/schema.ts';
export { grants, type Grants, type PatientGrant } from './grants.ts';
export type { AuditAction, AuditRecord } from './audit/event.ts';
export { outcomeOf } from './outcome.ts';
export { r4, type Model } from './model/model.ts';
export { searchLimits } from './search/index.ts';
