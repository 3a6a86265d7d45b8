// npm run check | import | bench | soak: installs what is missing, then runs the tool in Node 24.
import { join, resolve } from 'node:path';
import { Trouble, giveUp, nodeOfProject, provide, root, runForwarding } from './bootstrap/index.mjs';

const tools = {
  check: { file: 'scripts/check.ts', needs: [] },
  import: { file: 'server/src/compose/import/cli.ts', needs: ['start'], takesPaths: true },
  bench: { file: 'bench/bench.ts', needs: ['start', 'bench'] },
  soak: { file: 'bench/soak.ts', needs: ['start', 'bench'] },
};

try {
  const [name, ...rest] = process.argv.slice(2);
  const tool = tools[name];
  if (!tool) throw new Trouble(`There is no ${name ?? 'such tool'}; there are: ${Object.keys(tools).join(', ')}.`);
  await provide({ needs: tool.needs, web: false });
  const from = process.env.INIT_CWD ?? process.cwd(); // npm runs scripts in the project's folder, people name files from theirs
  const args = tool.takesPaths ? rest.map((arg) => (arg.startsWith('-') ? arg : resolve(from, arg))) : rest;
  const { code } = await runForwarding(nodeOfProject(), ['--disable-warning=ExperimentalWarning', '--import', join(root, 'scripts/bootstrap/with-parent.mjs'), join(root, tool.file), ...args], { cwd: process.cwd() });
  process.exit(code);
} catch (error) {
  giveUp(error);
}
