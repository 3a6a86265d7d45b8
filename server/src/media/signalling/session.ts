import type { RawData, WebSocket } from 'ws';
import { BedsideError } from '../../kernel/index.ts';
import { classifyLink } from '../../network/index.ts';
import type { RoomConnection } from '../rooms/index.ts';
import { closeCodes, signallingLimits, type ClientMessage, type ClientMessages, type ServerMessage } from '../protocol/index.ts';
import { tokenBucket } from './rate-limit.ts';
import type { Lobby, Seat } from './lobby.ts';

/** A browser that reads too slowly is cut off rather than buffered for without end. */
const mostBufferedBytes = 1_048_576;
const defaultMostUnadmitted = 500;
/** A device check may take its time, but not for ever. */
const unadmittedForMs = 15 * 60_000;

type Phase = { is: 'outside' } | { is: 'entering' } | { is: 'seated'; seat: Seat; connection: RoomConnection };

/** One WebSocket: bounds its rate, notices when it falls silent, and carries messages between browser and room. */
export function openSession(socket: WebSocket, lobby: Lobby): void {
  const { admission, media, mostUnadmitted = defaultMostUnadmitted } = lobby.dependencies;
  let phase: Phase = { is: 'outside' };
  let heardAt = performance.now();
  let probe: { close(): void } | undefined;
  let counted = true;
  const allowed = tokenBucket(signallingLimits.messagesPerSecond, signallingLimits.messageBurst);
  const openedAt = performance.now();

  const send = (message: ServerMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > mostBufferedBytes) { socket.terminate(); return; }
    socket.send(JSON.stringify(message));
  };
  const refuse = (error: unknown, about?: string): void => {
    const known = error instanceof BedsideError ? error : undefined;
    send({ type: 'error', code: known?.code ?? 'room.internal', message: known?.message ?? 'The room could not do this.', retryable: known?.retryable ?? true, ...(about === undefined ? {} : { about }) });
  };
  const admitted = (): void => { if (counted) { counted = false; lobby.unadmitted -= 1; } };

  lobby.unadmitted += 1;
  if (lobby.unadmitted > mostUnadmitted) {
    send({ type: 'error', code: 'room.busy', message: 'Too many connections. Try again soon.', retryable: true });
    socket.close(closeCodes.refused, 'busy');
  }

  const seat = (found: Seat, token: string): RoomConnection => {
    admitted();
    const connection: RoomConnection = {
      send, resumeToken: token, downGeneration: 0,
      close(reason) {
        if (reason === 'replaced') { phase = { is: 'outside' }; send({ type: 'ended', reason }); }
        socket.close(reason === 'replaced' ? closeCodes.replaced : closeCodes.ended, reason);
      },
    };
    lobby.seats.set(token, found);
    phase = { is: 'seated', seat: found, connection };
    return connection;
  };

  const join = async (message: ClientMessages['join']): Promise<void> => {
    if (phase.is !== 'outside') return;
    phase = { is: 'entering' };
    try {
      const person = await admission.admit(message.ticket);
      // Gone before it was in: the seat waits for it as for any that vanishes, but it never had one.
      if (socket.readyState !== socket.OPEN) return;
      const room = lobby.roomOf(person.roomId);
      room.arrive(person, seat({ room, participantId: person.participantId }, lobby.newToken()));
    } catch (error) {
      phase = { is: 'outside' };
      refuse(error, 'join');
    }
  };

  const resume = (message: ClientMessages['resume']): void => {
    const found = lobby.seats.get(message.token);
    if (phase.is !== 'outside') return;
    if (found === undefined || !found.room.has(found.participantId)) {
      send({ type: 'error', code: 'room.seat-gone', message: 'The seat is no longer kept. Join again.', retryable: false, about: 'resume' });
      return;
    }
    found.room.resume(found.participantId, seat(found, message.token));
  };

  const startProbe = async (sdp: string): Promise<void> => {
    probe?.close();
    try {
      const answered = await media.probe(sdp);
      if (socket.readyState === socket.OPEN) { probe = answered; send({ type: 'probed', sdp: answered.sdp }); } else answered.close();
    } catch (error) {
      refuse(error, 'probe');
    }
  };

  const handle = (message: ClientMessage): void => {
    switch (message.type) {
      case 'ping': send({ type: 'pong', sentAt: message.sentAt }); return;
      case 'join': void join(message); return;
      case 'resume': resume(message); return;
      case 'probe': void startProbe(message.sdp); return;
      case 'measured': {
        const { roundTripMs, jitterMs, lossFraction, over } = message;
        probe?.close();
        probe = undefined;
        send({ type: 'graded', link: { ...classifyLink({ roundTripMs, jitterMs, lossFraction }), over } });
        return;
      }
      default: if (phase.is === 'seated') phase.seat.room.receive(phase.seat.participantId, message);
    }
  };

  const onMessage = (data: RawData, binary: boolean): void => {
    heardAt = performance.now();
    if (!allowed(heardAt)) { socket.close(closeCodes.tooFast, 'too many messages'); return; }
    try {
      if (binary) throw new BedsideError('invalid', 'room.message', 'Messages are text.', { details: { at: '/' } });
      handle(lobby.read(Buffer.isBuffer(data) ? data.toString('utf8') : String(data)));
    } catch (error) {
      refuse(error);
    }
  };

  const watch = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - heardAt > signallingLimits.silentAfterMs || (counted && nowMs - openedAt > unadmittedForMs)) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, signallingLimits.pingEveryMs);

  socket.on('pong', () => { heardAt = performance.now(); });
  socket.on('message', onMessage);
  // `close` always follows an error and does what is to be done.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(watch);
    admitted();
    probe?.close();
    if (phase.is === 'seated') phase.seat.room.lost(phase.seat.participantId, phase.connection);
  });
}
