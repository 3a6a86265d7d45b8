export type { ImportDeps, Outcome, Progress, Refusal } from './contract.ts';
export { importMigrations } from './journal.ts';
export { findFiles, importFiles, type Stop } from './run.ts';
export { importTable, progressLine } from './table.ts';
