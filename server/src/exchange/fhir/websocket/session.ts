import type { Subscription } from '@medplum/fhirtypes';
import type { WebSocket } from 'ws';
import { BedsideError } from '../../../kernel/index.ts';
import { endOfChanges, isAfter, visibleAmong, type Change, type OpenFhirRepository, type Position } from '../../../resource/fhir/index.ts';
import type { RequestContext } from '../../../security/policy/index.ts';
import { notification, type Told } from './notification.ts';
import { askedOf, type Asked } from './subscription.ts';

/** What happened longer ago is not told again after a gap: the client looks at everything once more. */
const catchUpMs = 3_600_000;
/** A socket that takes its messages too slowly is closed at this many waiting bytes. */
const mostWaitingBytes = 1_048_576;

/** One subscription bound to one WebSocket. */
export interface Session {
  readonly asked: Asked;
  readonly socket: WebSocket;
  readonly ctx: RequestContext;
  /** Up to where this subscription was told. */
  readonly position: () => Position;
  /** Tells what of the changes concerns it; they must come in order. */
  tell(changes: readonly Change[]): Promise<void>;
  beat(nowMs: number): void;
}

/** Binds a subscription: says the handshake, and goes on where it was left. */
export async function bind(repository: OpenFhirRepository, ctx: RequestContext, subscriptionId: string, socket: WebSocket): Promise<Session> {
  const { db, clock, baseUrl } = repository.store;
  const asked = askedOf(repository, JSON.parse((await repository.read(ctx, 'Subscription', subscriptionId)).text) as Subscription);
  const end = await endOfChanges(db);
  const { rows } = await db.query<{ events: string; txid: string; seq: string; late: boolean }>(
    `insert into fhir.subscription_state as s (id, events, txid, seq) values ($1, 0, $2::xid8, $3::bigint) on conflict (id) do update set events = s.events
     returning s.events::text, s.txid::text, s.seq::text, coalesce((select min(at) < $4::timestamptz from bedside.outbox o where (o.txid, o.seq) > (s.txid, s.seq)), false) as late`,
    [asked.id, end.txid.toString(), end.seq.toString(), new Date(clock.now().getTime() - catchUpMs)]);
  const state = rows[0]!;
  let position: Position = state.late ? end : { txid: BigInt(state.txid), seq: BigInt(state.seq) };
  let events = BigInt(state.events);
  let lastSentMs = clock.now().getTime();
  const send = (text: string): Promise<void> => new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) { reject(new BedsideError('gone', 'socket-closed', 'The WebSocket is closed.')); return; }
    if (socket.bufferedAmount > mostWaitingBytes) socket.close(1013, 'too slow');
    lastSentMs = clock.now().getTime();
    socket.send(text, (error) => { if (error) reject(error); else resolve(); });
  });
  await send(notification(baseUrl(), asked, 'handshake', events, [], clock.now()));

  const concerning = async (changes: readonly Change[]): Promise<Change[]> => {
    const byType = Map.groupBy(changes.filter((c) => c.type !== 'Subscription' && (asked.types === undefined || asked.types.includes(c.type))), (c) => c.type);
    const found: Change[] = [];
    for (const [type, list] of byType) {
      for (let at = 0; at < list.length; at += 300) {
        const part = list.slice(at, at + 300);
        const seen = await visibleAmong(repository, ctx, type, [...new Set(part.map((c) => c.id))], asked.filters.get(type) ?? '');
        found.push(...part.filter((c) => seen.has(c.id)));
      }
    }
    return found.sort((a, b) => (isAfter(a.position, b.position) ? 1 : -1));
  };
  return {
    asked, socket, ctx, position: () => position,
    async tell(changes) {
      const fresh = changes.filter((c) => isAfter(c.position, position));
      if (fresh.length === 0) return;
      const told = (await concerning(fresh)).map((change, i): Told => ({ number: events + BigInt(i) + 1n, change }));
      if (told.length > 0) await send(notification(baseUrl(), asked, 'event-notification', events + BigInt(told.length), told, clock.now()));
      events += BigInt(told.length);
      position = fresh.at(-1)!.position;
      // Noted after it was sent: what a crash comes between is told twice, never lost.
      if (told.length > 0) await db.query('update fhir.subscription_state set events = $2, txid = $3::xid8, seq = $4 where id = $1', [asked.id, events.toString(), position.txid.toString(), position.seq.toString()]);
    },
    beat(nowMs) {
      if (nowMs >= asked.end) socket.close(1000, 'the subscription ended');
      else if (nowMs - lastSentMs >= asked.heartbeatMs) send(notification(baseUrl(), asked, 'heartbeat', events, [], clock.now())).catch(() => socket.terminate());
    },
  };
}
