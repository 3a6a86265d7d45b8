import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

export const boardStates = ['connecting', 'open', 'interrupted', 'refused'] as const;
export type BoardState = (typeof boardStates)[number];
export interface Seat { readonly boardId: string; readonly participantId: string; readonly displayName: string; readonly canDraw: boolean; readonly imageKey: string }
export interface BoardStatus { readonly state: BoardState; readonly seat: Seat | undefined; readonly synced: boolean; readonly unsaved: number }

export type TicketSource = string | (() => Promise<string>);
export interface BoardConnection {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly status: () => BoardStatus;
  watch(listener: () => void): () => void;
  close(): void;
}

const messages = { sync: 0, awareness: 1, saved: 10 } as const;
/** Closings after which asking again with the same ticket is pointless. */
const finalCodes = new Set([4401, 4403]);
const pauseMs = (attempt: number): number => Math.min(10_000, 300 * 2 ** attempt) * (0.7 + Math.random() * 0.6);
const fromServer = Symbol('from the server');

/** Keeps a Yjs document in step with the server's board: reconnects by itself, sends again what was not acknowledged, loses nothing. */
export function connectBoard(url: string, ticket: TicketSource): BoardConnection {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const listeners = new Set<() => void>();
  let status: BoardStatus = { state: 'connecting', seat: undefined, synced: false, unsaved: 0 };
  let socket: WebSocket | undefined;
  let sent = 0;
  let saved = 0;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const tell = (change: Partial<BoardStatus>): void => {
    status = { ...status, ...change };
    for (const listener of listeners) listener();
  };
  const send = (kind: number, fill: (e: encoding.Encoder) => void): boolean => {
    if (socket?.readyState !== WebSocket.OPEN || !status.seat || status.state !== 'open') return false;
    const e = encoding.createEncoder();
    encoding.writeVarUint(e, kind);
    fill(e);
    socket.send(encoding.toUint8Array(e) as Uint8Array<ArrayBuffer>);
    return true;
  };
  const count = (): void => {
    sent += 1;
    tell({ unsaved: sent - saved });
  };

  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === fromServer) return;
    if (send(messages.sync, (e) => writeUpdate(e, update))) count();
    else tell({ unsaved: status.unsaved + 1 });
  });
  awareness.on('update', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>, origin: unknown) => {
    if (origin === fromServer) return;
    const own = [...added, ...updated, ...removed].filter((id) => id === doc.clientID);
    if (own.length > 0) send(messages.awareness, (e) => encoding.writeVarUint8Array(e, encodeAwarenessUpdate(awareness, own)));
  });

  const receive = (bytes: Uint8Array): void => {
    const decoder = decoding.createDecoder(bytes);
    const kind = decoding.readVarUint(decoder);
    if (kind === messages.saved) {
      saved = decoding.readVarUint(decoder);
      tell({ unsaved: Math.max(0, sent - saved) });
    } else if (kind === messages.awareness) applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), fromServer);
    else if (kind === messages.sync) {
      const answer = encoding.createEncoder();
      encoding.writeVarUint(answer, messages.sync);
      const step = readSyncMessage(decoder, answer, doc, fromServer);
      if (encoding.length(answer) > 1 && status.seat?.canDraw) {
        socket?.send(encoding.toUint8Array(answer) as Uint8Array<ArrayBuffer>);
        // The answer carries what the server lacks: kind, step, length, and an update of two bytes when that is nothing.
        if (encoding.length(answer) > 5) count();
      }
      if (step === 1 && !status.synced) tell({ synced: true });
    }
  };
  const admitted = (text: string): void => {
    const seat = JSON.parse(text) as Seat;
    attempt = 0;
    sent = 0;
    saved = 0;
    tell({ state: 'open', seat, unsaved: 0 });
    send(messages.sync, (e) => writeSyncStep1(e, doc));
    if (awareness.getLocalState() !== null) send(messages.awareness, (e) => encoding.writeVarUint8Array(e, encodeAwarenessUpdate(awareness, [doc.clientID])));
  };
  const open = async (): Promise<void> => {
    const presented = typeof ticket === 'string' ? ticket : await ticket();
    if (closed) return;
    const opening = new WebSocket(url);
    opening.binaryType = 'arraybuffer';
    socket = opening;
    opening.addEventListener('open', () => opening.send(JSON.stringify({ ticket: presented })));
    opening.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => (typeof data === 'string' ? admitted(data) : receive(new Uint8Array(data))));
    opening.addEventListener('close', ({ code }) => {
      if (socket !== opening) return;
      socket = undefined;
      removeAwarenessStates(awareness, [...awareness.getStates().keys()].filter((id) => id !== doc.clientID), fromServer);
      if (finalCodes.has(code)) tell({ state: 'refused' });
      else again();
    });
  };
  const again = (): void => {
    if (closed) return;
    if (status.state !== 'connecting') tell({ state: 'interrupted' });
    timer = setTimeout(start, pauseMs(attempt));
    attempt += 1;
  };
  const start = (): void => {
    clearTimeout(timer);
    open().catch(again);
  };
  const online = (): void => { if (!socket && !closed && status.state !== 'refused') start(); };
  addEventListener('online', online);
  start();

  return {
    doc, awareness, status: () => status,
    watch: (listener) => {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      removeEventListener('online', online);
      const open_ = socket;
      socket = undefined;
      awareness.destroy();
      open_?.close();
      doc.destroy();
      listeners.clear();
    },
  };
}
