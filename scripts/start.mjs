// npm start: installs what is missing, builds the front end if it changed, and runs the server in Node 24 until it is told to end.
import { join } from 'node:path';
import { giveUp, nodeOfProject, provide, root, runForwarding } from './bootstrap/index.mjs';

try {
  await provide({ needs: ['start'], web: true });
  const { code, signal, asked } = await runForwarding(nodeOfProject(), ['--disable-warning=ExperimentalWarning', '--import', join(root, 'scripts/bootstrap/with-parent.mjs'), join(root, 'server/src/main.ts'), ...process.argv.slice(2)], { cwd: process.cwd() });
  if (signal && !asked) process.stderr.write(`\nThe server was ended by ${signal}. Nothing that it acknowledged is lost; npm start goes on from there.\n`);
  process.exit(code);
} catch (error) {
  giveUp(error);
}
