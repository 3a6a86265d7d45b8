export { mostBodyBytes, registerFhir } from './plugin.ts';
export type { FhirHttpDeps, ServeBinary } from './deps.ts';
