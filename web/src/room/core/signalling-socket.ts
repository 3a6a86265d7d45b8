import type { ClientMessage, ServerMessage } from '@bedside/server/media/protocol/index.ts';

const pingEveryMs = 2_000;
/** Without an answer for this long the connection counts as lost, whatever the operating system still believes. */
const silentAfterMs = 6_000;

export interface SocketHandlers {
  opened(): void;
  message(message: ServerMessage): void;
  /** Once, however it ended. */
  closed(): void;
}

/** One WebSocket to `/room` that notices silence. */
export class SignallingSocket {
  #socket: WebSocket;
  #timer: ReturnType<typeof setInterval>;
  #heardAtMs = performance.now();
  #done = false;
  #handlers: SocketHandlers;

  constructor(url: string, handlers: SocketHandlers) {
    this.#handlers = handlers;
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('open', () => { if (!this.#done) handlers.opened(); });
    this.#socket.addEventListener('message', (event) => {
      this.#heardAtMs = performance.now();
      if (this.#done || typeof event.data !== 'string') return;
      handlers.message(JSON.parse(event.data) as ServerMessage);
    });
    this.#socket.addEventListener('close', () => this.#finish());
    this.#timer = setInterval(() => {
      if (performance.now() - this.#heardAtMs > silentAfterMs) this.#finish();
      else this.send({ type: 'ping', sentAt: performance.now() });
    }, pingEveryMs);
  }

  /** Returns false when the message could not be handed over. */
  send(message: ClientMessage): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Ends without telling `closed`. */
  close(): void {
    this.#done = true;
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #finish(): void {
    if (this.#done) return;
    this.close();
    this.#handlers.closed();
  }
}
