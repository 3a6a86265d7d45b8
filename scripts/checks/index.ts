import { checkRepository } from './repository.ts';
import { checkSettingsReference } from './settings-reference.ts';
import { reported, root, runProgram, typeChecks, type Step } from './steps.ts';

export { reported, root, runProgram, runSteps, type Step } from './steps.ts';

/** Everything that is checked without running the product. */
export function staticChecks(): Step[] {
  return [
    ...typeChecks(),
    { heading: 'Lint', run: () => runProgram('oxlint', ['--deny-warnings']) },
    { heading: 'Direction of imports', run: () => runProgram('depcruise', ['--config', '.dependency-cruiser.cjs', 'server/src', 'web/src', 'packages', 'scripts', 'conformance']) },
    { heading: 'Generated documents are current', run: () => reported(checkSettingsReference(root)) },
    { heading: 'Nothing of one machine in the repository', run: () => reported(checkRepository(root)) },
  ];
}
