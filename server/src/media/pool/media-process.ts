import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BedsideError, errorKinds, unavailable, type ErrorKind } from '../../kernel/errors.ts';
import type { FromMedia, MediaEvent, MediaProcessSettings, MediaRequest, ToMedia } from '../sfu/index.ts';

const requestTimeoutMs = 8_000;
const heartbeatMs = 1_000;
/** A process that answers nothing for this long hangs and is killed. */
const hangMs = 6_000;
const forcedExitMs = 2_000;

interface Pending { resolve(value: unknown): void; reject(error: unknown): void; readonly timer: NodeJS.Timeout }

export interface MediaProcessOptions {
  readonly settings: MediaProcessSettings;
  readonly onEvent: (event: MediaEvent) => void;
  /** The process is gone; every pending request has been rejected. */
  readonly onExit: () => void;
}

const entry = fileURLToPath(new URL('../sfu/process.ts', import.meta.url));

/** One forked media process: requests with answers, events, and a heartbeat that ends it when it hangs. */
export class MediaProcess {
  #child: ChildProcess;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #heartbeat: NodeJS.Timeout;
  #alive = true;
  #answeredAt = performance.now();

  constructor(options: MediaProcessOptions) {
    // No flags of the parent (test runners, inspectors) reach the child.
    this.#child = fork(entry, [JSON.stringify(options.settings)], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'json' });
    this.#child.on('message', (message: FromMedia) => this.#receive(message, options.onEvent));
    const ended = () => { if (this.#alive) { this.#end(); options.onExit(); } };
    this.#child.once('exit', ended);
    this.#child.once('error', ended);
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs);
  }

  get alive(): boolean { return this.#alive; }
  get pid(): number | undefined { return this.#child.pid; }

  /** @throws unavailable `media.process-gone`, `media.timeout`, or what the process answered */
  request(request: MediaRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!this.#alive) { reject(gone()); return; }
      const id = this.#nextId;
      this.#nextId += 1;
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(unavailable('media.timeout', 'The media process did not answer in time.', { details: { retryAfterMs: 1_000 } }));
      }, requestTimeoutMs);
      this.#pending.set(id, { resolve, reject, timer });
      this.#child.send({ id, request } satisfies ToMedia, (error) => { if (error !== null) this.#settle(id)?.reject(gone(error)); });
    });
  }

  async close(): Promise<void> {
    if (!this.#alive) return;
    this.#end();
    const exited = new Promise<void>((resolve) => { this.#child.once('exit', () => resolve()); });
    this.#child.disconnect();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), forcedExitMs);
    await exited;
    clearTimeout(force);
  }

  #receive(message: FromMedia, onEvent: (event: MediaEvent) => void): void {
    if (!this.#alive) return;
    this.#answeredAt = performance.now();
    if ('event' in message) { onEvent(message.event); return; }
    const pending = this.#settle(message.id);
    if (message.ok) pending?.resolve(message.result);
    else pending?.reject(new BedsideError(errorKinds.includes(message.error.kind as ErrorKind) ? message.error.kind as ErrorKind : 'internal', message.error.code, message.error.message));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending;
  }

  #beat(): void {
    if (performance.now() - this.#answeredAt > hangMs) { this.#child.kill('SIGKILL'); return; }
    // The answer resets the time; a failed beat shows as the exit of the process or as its hanging.
    this.request({ type: 'ping' }).catch(() => undefined);
  }

  #end(): void {
    this.#alive = false;
    clearInterval(this.#heartbeat);
    for (const id of this.#pending.keys()) this.#settle(id)?.reject(gone());
  }
}

const gone = (cause?: unknown) => unavailable('media.process-gone', 'The media process has ended; media is being reconnected.', { details: { retryAfterMs: 500 }, cause });
