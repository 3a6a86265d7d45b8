export { mostBodyBytes, registerFhir } from './plugin.ts';
export type { FhirHttpDeps, ServeBinary } from './deps.ts';
export { registerSubscriptions } from './websocket/register.ts';
export { bindingTokenOperation } from './websocket/token.ts';
