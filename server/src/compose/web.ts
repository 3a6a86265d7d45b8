import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Serves the built front end; every address that is no door of the server is a screen of it. */
export async function serveWeb(app: FastifyInstance, dist: string): Promise<void> {
  if (!existsSync(join(dist, 'index.html'))) app.log.warn({ dist }, 'the front end is not built yet; until it is, only the interfaces are served');
  mkdirSync(dist, { recursive: true });
  await app.register(fastifyStatic, {
    root: dist, index: ['index.html'], immutable: true, maxAge: '365d',
    // Names of built assets carry a hash; the page itself must be asked for anew.
    setHeaders: (reply, path) => { if (!path.includes('/assets/')) reply.header('cache-control', 'no-cache'); },
  });
  const doors = /^\/(fhir|oauth|dicomweb|upload|room|whiteboard|verify|certificates|metrics|healthz|readyz|\.well-known)(\/|$|\?)/;
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' && existsSync(join(dist, 'index.html')) && !doors.test(request.url) && (request.headers.accept ?? '').includes('text/html')) {
      return reply.header('cache-control', 'no-cache').type('text/html').sendFile('index.html', { maxAge: 0, immutable: false });
    }
    return reply.code(404).type('application/problem+json').send({ type: 'about:blank', title: 'Not found', status: 404, code: 'no-such-route' });
  });
}
