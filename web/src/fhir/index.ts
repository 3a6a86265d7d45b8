export { createFhirClient, queryText, type FhirClient, type Query } from './client.ts';
export { FhirProvider, useFhir } from './context.tsx';
export { codesOf, diagnosticsOf, failureKind, failureKinds, faultyFields, FhirError, isRetryable, type FailureKind } from './errors.ts';
export { fhirKey, invalidateTypes, readQuery, usePages, useRead, useSearch } from './queries.ts';
export { LiveProvider, useLive } from './live.tsx';
export * from './reading.ts';
export { useResources } from './resources.ts';
