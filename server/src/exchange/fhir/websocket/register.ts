import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { changesAfter, isAfter, type OpenFhirRepository, type Position } from '../../../resource/fhir/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { bind, type Session } from './session.ts';
import { redeem } from './token.ts';

export const socketLimits = { sessions: 2_000, messageBytes: 4_096, bindWithinMs: 20_000, lifeMs: 12 * 3_600_000, pollMs: 2_000 } as const;

export interface SubscriptionDeps {
  readonly repository: OpenFhirRepository;
  readonly onFault: (error: unknown) => void;
  /** Whether the account was suspended or signed out since; asked once a minute for each bound socket. */
  readonly isRevoked?: (ctx: RequestContext) => Promise<boolean>;
}

/**
 * `/fhir/ws`: the client sends `bind-with-token <token>`, and is told of changes it may see until it leaves. Driven by the outbox:
 * a notification of the database wakes it, and it looks every two seconds anyway.
 */
export async function registerSubscriptions(app: FastifyInstance, deps: SubscriptionDeps): Promise<void> {
  const { repository, onFault, isRevoked } = deps;
  const { db, clock } = repository.store;
  const sessions = new Set<Session>();
  if (!app.hasDecorator('websocketServer')) await app.register(websocket, { options: { maxPayload: 1_048_576 } });

  let pending = false;
  let ticks = 0;
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    while (pending && sessions.size > 0) {
      pending = false;
      const from = earliest([...sessions].map((s) => s.position()));
      const changes = await changesAfter(db, from);
      if (changes.length === 0) continue;
      await Promise.all([...sessions].map((s) => s.tell(changes).catch((error: unknown) => { sessions.delete(s); s.socket.terminate(); if ((error as { code?: string }).code !== 'socket-closed') onFault(error); })));
      // What concerned nobody still moves everybody on; a full batch means there is more.
      pending ||= changes.length >= 500;
    }
  };
  const wake = (): void => {
    pending = true;
    running ??= look().catch(onFault).finally(() => { running = undefined; if (pending && sessions.size > 0) setImmediate(wake); });
  };

  let listener: { release(broken?: boolean): void } | undefined;
  const listen = async (): Promise<void> => {
    const client = await db.pool.connect();
    listener = client;
    client.on('notification', wake);
    client.on('error', () => { if (listener === client) { listener = undefined; client.release(true); } });
    await client.query('listen bedside_outbox');
  };
  const dismiss = async (s: Session): Promise<void> => { if (await isRevoked?.(s.ctx)) s.socket.close(1008, 'signed out'); };
  const timer = setInterval(() => {
    wake();
    const now = clock.now().getTime();
    for (const s of sessions) s.beat(now);
    if (isRevoked && ++ticks % 30 === 0) for (const s of sessions) dismiss(s).catch(onFault);
    if (!listener && sessions.size > 0) listen().catch(onFault);
  }, socketLimits.pollMs).unref();

  app.get('/fhir/ws', { websocket: true }, (socket: WebSocket) => {
    let bound = 0;
    const giveUp = setTimeout(() => { if (bound === 0) socket.close(1008, 'not bound'); }, socketLimits.bindWithinMs);
    const old = setTimeout(() => socket.close(1000, 'bind again'), socketLimits.lifeMs);
    const mine = new Set<Session>();
    socket.on('close', () => { clearTimeout(giveUp); clearTimeout(old); for (const s of mine) sessions.delete(s); });
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer) => {
      const token = data.length <= socketLimits.messageBytes ? /^bind-with-token:? +([A-Za-z0-9_-]{20,200})\s*$/.exec(data.toString('utf8'))?.[1] : undefined;
      if (token === undefined || bound++ >= 10 || sessions.size >= socketLimits.sessions) { socket.close(1008, 'not understood'); return; }
      void (async () => {
        const spent = await redeem(db, clock, token);
        if (!spent) { socket.close(1008, 'the token is not valid'); return; }
        const session = await bind(repository, spent.ctx, spent.subscription, socket);
        if (socket.readyState !== socket.OPEN) return;
        mine.add(session);
        sessions.add(session);
        if (!listener) await listen();
        wake();
      })().catch((error: unknown) => { socket.close(1011, 'not bound'); onFault(error); });
    });
  });
  app.addHook('preClose', async () => {
    clearInterval(timer);
    for (const s of sessions) s.socket.close(1001, 'the server stops');
    sessions.clear();
    await running;
    listener?.release(true);
    listener = undefined;
  });
}

const earliest = (positions: readonly Position[]): Position => positions.reduce((a, b) => (isAfter(a, b) ? b : a));
