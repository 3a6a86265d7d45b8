import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { RawData, WebSocket } from 'ws';
import { applyAwarenessUpdate, encodeAwarenessUpdate, modifyAwarenessUpdate, removeAwarenessStates, type Awareness } from 'y-protocols/awareness';
import { messageYjsSyncStep1, messageYjsSyncStep2, messageYjsUpdate } from 'y-protocols/sync';
import { encodeStateVector } from 'yjs';
import { invalid } from '../../kernel/index.ts';
import { isRefusal, type Board } from './board.ts';
import { boardLimits } from './scene.ts';

/** Kinds of messages, as y-websocket numbers them; `saved` is ours: how many of this connection's changes (updates that are not empty) are durable. */
export const messages = { sync: 0, awareness: 1, saved: 10 } as const;
/** Why a connection ends. 4xxx: of this application. */
export const closeCodes = { refused: 4400, notAdmitted: 4401, readOnly: 4403, heldElsewhere: 4409, tooFast: 4429, over: 4503 } as const;

export interface Participant { readonly participantId: string; readonly displayName: string; readonly canDraw: boolean }

/** What a client that does not read may have waiting. */
const mostUnsentBytes = 33_554_432;
const pingEveryMs = 20_000;

/** Speaks the Yjs protocols with one client until either side ends. Returns the ending. */
export function serve(socket: WebSocket, board: Board, awareness: Awareness, who: Participant): () => void {
  const clients = new Set<number>();
  let over = false;
  let saved = 0;
  let alive = true;
  let tokens = { messages: boardLimits.messageBurst as number, bytes: boardLimits.bytesBurst as number, at: performance.now() };

  const end = (code?: number, reason?: string): void => {
    if (over) return;
    over = true;
    stop();
    clearInterval(pinging);
    awareness.off('update', relayAwareness);
    removeAwarenessStates(awareness, [...clients], 'left');
    if (code !== undefined) socket.close(code, reason?.slice(0, 120));
  };
  const send = (fill: (encoder: encoding.Encoder) => void): void => {
    if (over || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > mostUnsentBytes) {
      socket.terminate();
      end();
      return;
    }
    const encoder = encoding.createEncoder();
    fill(encoder);
    socket.send(encoding.toUint8Array(encoder));
  };
  const sendSync = (step: number, bytes: Uint8Array): void => send((e) => {
    encoding.writeVarUint(e, messages.sync);
    encoding.writeVarUint(e, step);
    encoding.writeVarUint8Array(e, bytes);
  });
  const sendAwareness = (ids: number[]): void => send((e) => {
    encoding.writeVarUint(e, messages.awareness);
    encoding.writeVarUint8Array(e, encodeAwarenessUpdate(awareness, ids));
  });
  const relayAwareness = ({ added, updated, removed }: { added: number[]; updated: number[]; removed: number[] }, origin: unknown): void => {
    if (origin !== socket) sendAwareness([...added, ...updated, ...removed]);
  };

  const change = (update: Uint8Array): void => {
    if (update.length <= 2) return; // nothing is missing here
    if (!who.canDraw) return end(closeCodes.readOnly, 'You may look at this board, not draw.');
    board.change(update, who.participantId).then(() => {
      saved += 1;
      send((e) => {
        encoding.writeVarUint(e, messages.saved);
        encoding.writeVarUint(e, saved);
      });
      return undefined;
    }, () => end(closeCodes.over, 'The board could not be saved; it is opened again.'));
    return undefined;
  };
  const sync = (decoder: decoding.Decoder): void => {
    const step = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === messageYjsSyncStep1) sendSync(messageYjsSyncStep2, board.missing(bytes));
    else if (step === messageYjsSyncStep2 || step === messageYjsUpdate) change(bytes);
    else throw invalid('whiteboard-message', 'Unknown synchronisation step.');
  };
  const presence = (decoder: decoding.Decoder): void => {
    const update = decoding.readVarUint8Array(decoder);
    if (update.length > 8_192) throw invalid('whiteboard-message', 'The presence is too large.');
    const ids = awarenessIds(update);
    for (const id of ids) {
      if (!clients.has(id) && (clients.size >= 4 || awareness.states.has(id) || !board.owns(id, who.participantId))) throw invalid('whiteboard-message', 'The presence is in the name of somebody else.');
      clients.add(id);
    }
    // Who somebody is comes from the admission, not from what the client says.
    const named = modifyAwarenessUpdate(update, (state: unknown) => (state === null ? null : { ...pointerOf(state), user: { id: who.participantId, name: who.displayName } }));
    applyAwarenessUpdate(awareness, named, socket);
  };
  const allowed = (bytes: number): boolean => {
    const now = performance.now();
    const seconds = (now - tokens.at) / 1_000;
    tokens = {
      messages: Math.min(boardLimits.messageBurst, tokens.messages + seconds * boardLimits.messagesPerSecond) - 1,
      bytes: Math.min(boardLimits.bytesBurst, tokens.bytes + seconds * boardLimits.bytesPerSecond) - bytes, at: now,
    };
    return tokens.messages >= 0 && tokens.bytes >= 0;
  };
  const receive = (data: RawData, binary: boolean): void => {
    const bytes = new Uint8Array(data as Buffer);
    if (over) return;
    if (!binary) return end(closeCodes.refused, 'Text was not expected here.');
    if (bytes.length > boardLimits.mostMessageBytes) return end(1009, 'A message is too large.');
    if (!allowed(bytes.length)) return end(closeCodes.tooFast, 'Too much at once; slow down.');
    try {
      const decoder = decoding.createDecoder(bytes);
      const kind = decoding.readVarUint(decoder);
      if (kind === messages.sync) sync(decoder);
      else if (kind === messages.awareness) presence(decoder);
      else throw invalid('whiteboard-message', 'Unknown kind of message.');
    } catch (error) {
      // Bytes that do not decode end in a plain Error of the decoder; either way the sender learns that it was refused, and nobody else sees it.
      end(closeCodes.refused, isRefusal(error) ? error.message : 'The message cannot be read.');
    }
    return undefined;
  };

  const stop = board.listen({ changed: (update) => sendSync(messageYjsUpdate, update), over: () => end(closeCodes.over, 'The board is opened again.') });
  awareness.on('update', relayAwareness);
  const pinging = setInterval(() => {
    if (!alive) {
      socket.terminate();
      end();
      return;
    }
    alive = false;
    socket.ping();
  }, pingEveryMs);
  socket.on('pong', () => { alive = true; });
  socket.on('message', receive);
  socket.on('close', () => end());
  socket.on('error', () => end());
  if (who.canDraw) sendSync(messageYjsSyncStep1, encodeStateVector(board.durable));
  if (awareness.states.size > 0) sendAwareness([...awareness.states.keys()]);
  return () => end(closeCodes.over, 'The server is restarting.');
}

/** Client ids of an awareness update: count, then id, clock and state of each. */
function awarenessIds(update: Uint8Array): number[] {
  const decoder = decoding.createDecoder(update);
  const count = decoding.readVarUint(decoder);
  if (count > 8) throw invalid('whiteboard-message', 'The presence names too many.');
  return Array.from({ length: count }, () => {
    const id = decoding.readVarUint(decoder);
    decoding.readVarUint(decoder);
    const text = decoding.readVarString(decoder);
    JSON.parse(text);
    return id;
  });
}

const finite = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
/** Only what others may be shown of somebody: pointer, button, selected elements. */
function pointerOf(state: unknown): Record<string, unknown> {
  const { pointer, button, selected } = state as { pointer?: { x?: unknown; y?: unknown; tool?: unknown }; button?: unknown; selected?: unknown };
  return {
    ...(typeof pointer === 'object' && pointer !== null ? { pointer: { x: finite(pointer.x), y: finite(pointer.y), tool: pointer.tool === 'laser' ? 'laser' : 'pointer' } } : {}),
    button: button === 'down' ? 'down' : 'up',
    selected: Array.isArray(selected) ? selected.filter((id) => typeof id === 'string' && id.length <= 64).slice(0, 50) : [],
  };
}
