import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, test, vi } from 'vitest';
import { drainRefused, problemErrors } from './index.ts';

test('whoever sends too much is answered after the last byte, when they listen, and not by a broken connection', async () => {
  const app = Fastify({ bodyLimit: 1_000 });
  problemErrors(app);
  drainRefused(app);
  app.post('/', () => 'never');
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1');
    const heard: string[] = [];
    socket.setEncoding('utf8').on('data', (text: string) => { heard.push(text); });
    await once(socket, 'connect');
    const parts = 10;
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${parts * 10_000}\r\n\r\n`);
    for (let n = 0; n < parts; n++) {
      socket.write(' '.repeat(10_000));
      await sleep(20);
      if (n < parts - 1) expect(heard).toEqual([]);
    }
    await vi.waitUntil(() => heard.join('').includes('}'), { timeout: 30_000 }); // the connection itself may be kept
    socket.destroy();
    expect(heard.join('')).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"body-too-large"/);
  } finally {
    await app.close();
  }
});
