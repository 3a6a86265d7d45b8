export type * from './contract.ts';
export type { InstanceAttributes, InstanceIds } from './attributes.ts';
export { readableName } from './imaging-study.ts';
export { createImageRepository, type ImageRepositoryDeps } from './repository.ts';
export { imageMigrations } from './schema.ts';
