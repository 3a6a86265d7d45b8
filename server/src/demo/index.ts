export { accountTable, demoAccounts, type DemoAccount } from './accounts.ts';
export { buildDemonstration, type Demonstration, type DemoImaging, type DemoRecord } from './build.ts';
export type { DemoDocument } from './media/documents.ts';
export { loadDemonstration, type DemonstrationDeps } from './load.ts';
