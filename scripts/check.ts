import { runSteps, staticChecks } from './checks/index.ts';

const failed = runSteps(staticChecks());
if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);
