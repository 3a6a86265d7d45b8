import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { drainRefused, problemErrors } from './index.ts';

test('whoever sends too much gets to read that it was too much', async () => {
  const app = Fastify({ bodyLimit: 1_000 });
  problemErrors(app);
  drainRefused(app);
  app.post('/', () => 'never');
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const { port } = app.server.address() as { port: number };
    for (let n = 0; n < 5; n++) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: Buffer.alloc(20_000_000, 0x20), headers: { 'content-type': 'application/json' } });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'body-too-large']);
    }
  } finally {
    await app.close();
  }
});
