import type { FastifyInstance } from 'fastify';
import type { Database } from '../kernel/index.ts';

/** `/healthz`: the process lives. `/readyz`: it can serve (the database answers and everything is open). */
export function registerHealth(app: FastifyInstance, db: Database, isOpen: () => boolean): void {
  app.get('/healthz', { logLevel: 'silent' }, () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'silent' }, async (_request, reply) => {
    const database = await db.query('select 1').then(() => true, () => false);
    const ready = database && isOpen();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', database });
  });
}
