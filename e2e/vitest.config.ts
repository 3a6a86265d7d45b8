import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The product driven from outside: one test file after the other, each with a server of its own. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['e2e/**/*.e2e.test.ts'],
    // The story in browsers does not yet pass every time: it is run by `STORY=1 npx vitest run --config e2e/vitest.config.ts story`, and proves no row of conformance.
    exclude: ['**/node_modules/**', ...(process.env['STORY'] === '1' ? [] : ['e2e/story.e2e.test.ts'])],
    pool: 'forks',
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});
