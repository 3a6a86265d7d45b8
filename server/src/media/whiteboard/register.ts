import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import { BedsideError, forbidden, invalid, newSecret, unauthenticated, type Database } from '../../kernel/index.ts';
import { createBoards } from './boards.ts';
import { closeCodes, serve, type Participant } from './connection.ts';
import { boardFile, type BoardFile } from './export.ts';
import { boardLimits } from './scene.ts';
import { openBoardStorage } from './storage.ts';

/** What a ticket admits to. */
export interface BoardAdmission extends Participant { readonly boardId: string }

export interface WhiteboardDeps {
  readonly db: Database;
  /** Who comes with this ticket. @throws when it admits nobody; only errors of kind unavailable are worth trying again. */
  readonly admit: (ticket: string) => Promise<BoardAdmission>;
  /** Keeps an image as a Binary of the case that the board belongs to, and answers with its id. The bytes are not to be trusted. */
  readonly keepImage: (seat: BoardAdmission, bytes: AsyncIterable<Uint8Array>, contentType: string) => Promise<string>;
  /** The bytes of an image that `keepImage` kept, or of another one that this participant may see. */
  readonly openImage: (seat: BoardAdmission, id: string) => Promise<{ readonly contentType: string; readonly size: number; readonly stream: Readable }>;
  /** Keeps the board with its case: the picture as the browser drew it, and the scene. */
  readonly keepBoard: (seat: BoardAdmission, picture: AsyncIterable<Uint8Array>, scene: BoardFile) => Promise<void>;
  readonly onFault?: (error: Error) => void;
}

export interface WhiteboardDoor {
  /** The durable state of a board in Excalidraw's file format. */
  export(boardId: string): Promise<BoardFile>;
  /** Ends somebody's connections and image keys: their right to be there is gone. */
  expel(participantId: string): void;
  close(): Promise<void>;
}

/** How long a seat's image key outlives its connection, so that a picture in transfer at a reconnection is not refused. */
const keyLingersMs = 60_000;

/**
 * Shared whiteboards at `/whiteboard`. The first message is JSON `{"ticket": "..."}`; the answer is JSON with the seat and an image key; then
 * the Yjs protocols follow in binary. `/whiteboard/images` and `/whiteboard/keep` take that key as a bearer token.
 * @see y-protocols (sync, awareness); clause 8.1.2.2 (medical notes on a shared whiteboard)
 */
export async function registerWhiteboard(app: FastifyInstance, deps: WhiteboardDeps): Promise<WhiteboardDoor> {
  const storage = openBoardStorage(deps.db);
  const boards = createBoards(storage, deps.onFault ?? (() => undefined));
  const seats = new Map<string, BoardAdmission>();
  const endings = new Set<() => void>();
  const sockets = new Map<WebSocket, BoardAdmission>();

  const enter = async (socket: WebSocket, ticket: string): Promise<void> => {
    const seat = await deps.admit(ticket);
    const { board, awareness } = await boards.open(seat.boardId);
    if (socket.readyState !== socket.OPEN) return boards.left(seat.boardId);
    if (board.listeners > boardLimits.mostConnections) return socket.close(closeCodes.tooFast, 'Too many people are at this board.');
    const key = newSecret();
    seats.set(key, seat);
    const { boardId, participantId, displayName, canDraw } = seat;
    socket.send(JSON.stringify({ type: 'admitted', boardId, participantId, displayName, canDraw, imageKey: key }));
    const end = serve(socket, board, awareness, seat);
    endings.add(end);
    sockets.set(socket, seat);
    socket.once('close', () => {
      endings.delete(end);
      sockets.delete(socket);
      setTimeout(() => seats.delete(key), keyLingersMs).unref();
      boards.left(seat.boardId);
    });
    return undefined;
  };

  if (!app.hasDecorator('websocketServer')) await app.register(websocket, { options: { maxPayload: boardLimits.mostMessageBytes } });
  app.get('/whiteboard', { websocket: true }, (socket: WebSocket) => {
    const waiting = setTimeout(() => socket.close(closeCodes.notAdmitted, 'No ticket came.'), boardLimits.admissionTimeoutMs);
    socket.on('error', () => socket.terminate());
    socket.once('close', () => clearTimeout(waiting));
    socket.once('message', (data: Buffer, binary: boolean) => {
      clearTimeout(waiting);
      const ticket = binary ? undefined : readTicket(data);
      if (ticket === undefined) return socket.close(closeCodes.notAdmitted, 'The first message must be a ticket.');
      enter(socket, ticket).catch((error: unknown) => {
        const retry = !(error instanceof BedsideError) || error.kind === 'unavailable' || error.kind === 'internal';
        if (retry) deps.onFault?.(error as Error);
        const elsewhere = error instanceof BedsideError && error.code === 'whiteboard-elsewhere';
        socket.close(elsewhere ? closeCodes.heldElsewhere : retry ? closeCodes.over : closeCodes.notAdmitted, error instanceof BedsideError ? error.message.slice(0, 120) : 'The board cannot be opened now.');
      });
      return undefined;
    });
  });

  const seatOf = (request: FastifyRequest): BoardAdmission => {
    // A scheme of its own: `Bearer` is read as an access token before a request comes here.
    const seat = seats.get(/^Whiteboard (\S{20,100})$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (!seat) throw unauthenticated('whiteboard-key', 'Enter the board first.');
    return seat;
  };
  const drawing = (seat: BoardAdmission): BoardAdmission => {
    if (!seat.canDraw) throw forbidden('whiteboard-read-only', 'You may look at this board, not draw.');
    return seat;
  };
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(['image/png', 'image/jpeg'], (_request, payload, done) => done(null, payload));
    // A body that was refused half way is read to its end, when that is near, so that the sender gets to read why.
    scope.addHook('onError', async (request) => {
      if (request.raw.complete) return;
      if (Number(request.headers['content-length'] ?? (request.headers['transfer-encoding'] ? Infinity : 0)) <= 4 * boardLimits.mostImageBytes) request.raw.resume();
      else request.raw.destroy();
    });
    scope.post('/whiteboard/images', async (request, reply) => {
      const seat = drawing(seatOf(request));
      const id = await deps.keepImage(seat, bounded(request), request.headers['content-type'] ?? '');
      return reply.code(201).send({ id });
    });
    scope.get('/whiteboard/images/:id', async (request, reply) => sendImage(reply, await deps.openImage(seatOf(request), imageId(request))));
    scope.post('/whiteboard/keep', async (request, reply) => {
      const seat = drawing(seatOf(request));
      await (await boards.open(seat.boardId)).board.settled();
      boards.left(seat.boardId);
      await deps.keepBoard(seat, bounded(request), boardFile(await storage.read(seat.boardId)));
      return reply.code(204).send();
    });
  });

  const expel = (participantId: string): void => {
    for (const [key, seat] of seats) if (seat.participantId === participantId) seats.delete(key);
    for (const [socket, seat] of sockets) if (seat.participantId === participantId) socket.close(closeCodes.notAdmitted, 'Your right to be here has ended.');
  };
  const close = async (): Promise<void> => {
    for (const end of endings) end();
    await boards.close();
  };
  app.addHook('preClose', close);
  return { export: async (boardId) => boardFile(await storage.read(boardId)), expel, close };
}

function readTicket(data: Buffer): string | undefined {
  if (data.length > 4_096) return undefined;
  try {
    const { ticket } = JSON.parse(data.toString('utf8')) as { ticket?: unknown };
    return typeof ticket === 'string' && ticket.length > 0 ? ticket : undefined;
  } catch {
    return undefined;
  }
}

function imageId(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(id)) throw invalid('whiteboard-image', 'This is no image id.', { details: { at: 'id' } });
  return id;
}

async function* bounded(request: FastifyRequest): AsyncGenerator<Uint8Array> {
  let size = 0;
  // Leaving the loop must not destroy the request: its answer goes over the same socket.
  for await (const chunk of (request.body as Readable).iterator({ destroyOnReturn: false })) {
    size += (chunk as Uint8Array).length;
    if (size > boardLimits.mostImageBytes) throw new BedsideError('too-large', 'whiteboard-image-size', `An image may have ${boardLimits.mostImageBytes / 1_048_576} MiB.`);
    yield chunk as Uint8Array;
  }
}

function sendImage(reply: FastifyReply, image: { contentType: string; size: number; stream: Readable }): FastifyReply {
  return reply.header('content-type', image.contentType).header('content-length', image.size).header('cache-control', 'private, max-age=3600')
    .header('x-content-type-options', 'nosniff').header('content-security-policy', "sandbox; default-src 'none'").send(image.stream);
}
