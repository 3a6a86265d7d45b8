import { join } from 'node:path';
import { root } from './print.mjs';
import { withLock } from './lock.mjs';
import { providePackages } from './packages.mjs';
import { provideSystemPackages } from './system-packages.mjs';
import { provideWeb } from './web.mjs';

export { giveUp, root, say, Trouble } from './print.mjs';
export { runForwarding, runToEnd } from './child.mjs';
export { nodeOfProject } from './node.mjs';

/**
 * Makes everything ready that is missing; at once when nothing is.
 * @param needs which system packages are wanted: any of 'start', 'test', 'bench'.
 */
export async function provide({ needs, web }) {
  await withLock(join(root, '.runtime', 'bootstrap.lock'), 'Another start is installing; waiting for it', async () => {
    await providePackages();
    await provideSystemPackages(needs);
    if (web) await provideWeb();
  });
}
