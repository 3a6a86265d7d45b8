import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { BedsideError, httpStatus, systemClock, type Clock, type Database } from '../../kernel/index.ts';
import { testDatabase } from '../../kernel/testing.ts';
import type { SecurityEvent } from '../authorization/index.ts';
import { openFileKeyWrapper } from '../keys/index.ts';
import { contextOf, type RequestContext } from '../policy/index.ts';
import { registerAuthentication, securityMigrations, type Authentication, type AuthenticationDeps } from './index.ts';

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, host, resolve); });
  const address = server.address();
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface SignInServer extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly auth: Authentication;
  readonly db: Database;
  readonly url: string;
  readonly folder: string;
  readonly events: SecurityEvent[];
  /** Somebody who may do everything, for setting up. */
  readonly system: RequestContext;
}

/** The whole of sign-in on a real port and a database of its own, with `GET /who` to ask who a token stands for. */
export async function startSignInServer(options: { clock?: Clock; host?: string; folder?: string; db?: Database; prepare?: (app: FastifyInstance) => void } & Partial<AuthenticationDeps> = {}): Promise<SignInServer> {
  const clock = options.clock ?? systemClock;
  const db = options.db ?? await testDatabase(securityMigrations);
  const folder = options.folder ?? await mkdtemp(join(tmpdir(), 'bedside-sign-in-'));
  const host = options.host ?? '127.0.0.1';
  const port = await freePort(host);
  const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
  const events: SecurityEvent[] = [];
  const app = Fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof BedsideError) return reply.status(httpStatus[error.kind]).send({ code: error.code, message: error.message });
    return reply.status(500).send({ message: error instanceof Error ? error.message : 'error' });
  });
  const auth = await registerAuthentication(app, {
    db, clock, url, wrapper: await openFileKeyWrapper(join(folder, 'keys')), demonstration: true,
    audit: async (event) => { events.push(event); }, ...options,
  });
  app.addHook('onRequest', auth.authenticate);
  app.get('/who', async (request) => {
    const { actor, purpose, traceId } = contextOf(request);
    return { actor, purpose, traceId };
  });
  options.prepare?.(app);
  await app.listen({ port, host });
  const system: RequestContext = {
    clock, traceId: randomBytes(16).toString('hex'), purpose: 'HOPERAT',
    actor: { accountId: 'test', role: 'network-administrator', name: 'Test', practitionerRoles: [], organizations: [], scopes: [], methods: [], clientId: 'test' },
  };
  return {
    app, auth, db, url, folder, events, system,
    async [Symbol.asyncDispose]() {
      await app.close();
      await auth.close();
      if (!options.db) await db.close();
      if (!options.folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
