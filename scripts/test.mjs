// npm test: installs what is missing, then runs every check and test in Node 24. `npm test -- server/src/kernel` runs the tests under a folder alone.
import { join } from 'node:path';
import { giveUp, nodeOfProject, provide, root, runForwarding } from './bootstrap/index.mjs';

try {
  await provide({ needs: ['start', 'test'], web: true });
  const { code } = await runForwarding(nodeOfProject(), ['--disable-warning=ExperimentalWarning', '--import', join(root, 'scripts/bootstrap/with-parent.mjs'), join(root, 'scripts/test.ts'), ...process.argv.slice(2)], { cwd: root });
  process.exit(code);
} catch (error) {
  giveUp(error);
}
