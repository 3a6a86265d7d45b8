import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { newId, newSecret } from '../../kernel/index.ts';
import { LiveRoom } from '../rooms/index.ts';
import type { Lobby, RoomDependencies, Seat } from './lobby.ts';
import { signallingLimits } from '../protocol/index.ts';
import { messageReader } from './read-message.ts';
import { openSession } from './session.ts';

export interface RoomDoor {
  /** Rooms that are alive now, for administration. */
  readonly roomIds: readonly string[];
  /** Ends somebody's place in every room, as if they had left: their right to be there is gone. */
  expel(participantId: string): void;
  /** Ends every room; called when the server closes. */
  close(): Promise<void>;
}

/** Serves the conference room's signalling at `/room`. @see protocol.ts */
export async function registerRoom(app: FastifyInstance, dependencies: RoomDependencies): Promise<RoomDoor> {
  const rooms = new Map<string, LiveRoom>();
  const seats = new Map<string, Seat>();
  const lobby: Lobby = {
    dependencies, seats, read: messageReader(), unadmitted: 0, newToken: () => newSecret(),
    roomOf(roomId) {
      const found = rooms.get(roomId) ?? new LiveRoom({
        roomId, pool: dependencies.media, admission: dependencies.admission, clock: dependencies.clock, newId, iceServers: dependencies.iceServers ?? [],
        onOver: () => { rooms.delete(roomId); },
        onSeatGone: (participantId) => {
          for (const [token, seat] of seats) if (seat.participantId === participantId && seat.room === rooms.get(roomId)) seats.delete(token);
        },
      });
      rooms.set(roomId, found);
      return found;
    },
  };
  if (!app.hasDecorator('websocketServer')) await app.register(websocket, { options: { maxPayload: signallingLimits.mostMessageBytes } });
  app.get('/room', { websocket: true }, (socket: WebSocket) => openSession(socket, lobby));

  const ticking = setInterval(() => { for (const room of rooms.values()) room.tick(); }, 1_000);
  const close = async (): Promise<void> => {
    clearInterval(ticking);
    for (const room of rooms.values()) room.dispatch({ type: 'shutdown' });
    await dependencies.media.close();
  };
  app.addHook('preClose', close);
  const expel = (participantId: string): void => { for (const room of rooms.values()) room.dispatch({ type: 'leave', participantId }); };
  return { get roomIds() { return [...rooms.keys()]; }, expel, close };
}
