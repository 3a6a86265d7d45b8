export { createProcessEngine, type ProcessEngine, type Preparation } from './engine.ts';
export { defineApplication, type ApplicationDefinition, type CaseSnapshot } from './definition.ts';
export { processMigrations } from './migrations.ts';
export { processOperations } from './operations.ts';
export type { Words } from './form.ts';
