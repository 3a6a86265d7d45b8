import type { ClientMessage, ServerMessages } from '@bedside/server/media/protocol/index.ts';
import { ReceiveLink, type ReceivedStreams } from './receive-link.ts';
import { SendLink, type LocalTracks } from './send-link.ts';

/** A connection that is merely `disconnected` often comes back by itself; after this long it is made anew. */
const disconnectedForMs = 2_500;
/** A connection that does not come about in this time is made anew. */
const connectWithinMs = 8_000;
const retryAfterMs = 400;

export interface MediaLinksHandlers {
  send(message: ClientMessage): void;
  /** Streams or connectedness have changed. */
  changed(): void;
}

/**
 * Both media connections of this browser and their renewal. A connection that fails is replaced by a new one, as is done when the network changes:
 * the server's transport cannot restart ICE on an existing connection.
 */
export class MediaLinks {
  #handlers: MediaLinksHandlers;
  #iceServers: readonly string[] = [];
  #tracks: LocalTracks = { audio: null, main: null, auxiliary: null };
  #up: SendLink | undefined;
  #down: ReceiveLink | undefined;
  #generation = 0;
  #timers = new Map<'up' | 'down', ReturnType<typeof setTimeout>>();
  #playout: Readonly<Record<string, number>> = {};
  #others = 1;

  constructor(handlers: MediaLinksHandlers) { this.#handlers = handlers; }

  get connected(): boolean { return this.#up?.peer.connectionState === 'connected' && this.#down?.peer.connectionState === 'connected'; }
  get streams(): ReceivedStreams { return this.#down?.streams() ?? { byParticipant: new Map(), auxiliary: undefined }; }
  /** For measurements. */
  get peers(): { up: RTCPeerConnection | undefined; down: RTCPeerConnection | undefined } { return { up: this.#up?.peer, down: this.#down?.peer }; }

  /** Connects what is not connected; `afresh` replaces both connections even if they seem sound. */
  connect(iceServers: readonly string[], afresh: boolean): void {
    this.#iceServers = iceServers;
    if (afresh || !isSound(this.#up?.peer)) this.#renewUp();
    if (afresh || !isSound(this.#down?.peer)) this.#renewDown();
  }

  async setTrack(role: keyof LocalTracks, track: MediaStreamTrack | null): Promise<void> {
    this.#tracks = { ...this.#tracks, [role]: track };
    await this.#up?.replace(role, track);
  }

  async fitTo(others: number): Promise<void> {
    this.#others = others;
    await this.#up?.fitTo(others);
  }

  async onPublished(message: ServerMessages['published']): Promise<void> {
    const up = this.#up;
    if (up?.generation !== message.generation) return;
    await up.accept(message.sdp);
    await up.fitTo(this.#others);
  }

  async onOffer(message: ServerMessages['offer']): Promise<void> {
    const down = this.#down;
    if (down?.generation !== message.generation) return;
    const sdp = await down.answer(message.sdp);
    if (this.#down !== down) return;
    down.setPlan(message.plan);
    this.#handlers.send({ type: 'answer', sdp, negotiation: message.negotiation });
    down.setPlayoutDelay(this.#playout);
  }

  onPlan(message: ServerMessages['plan']): void { this.#down?.setPlan(message.plan); }

  onPlayout(delayMs: Readonly<Record<string, number>>): void {
    this.#playout = delayMs;
    this.#down?.setPlayoutDelay(delayMs);
  }

  /** Makes one connection anew after a moment: the server refused or lost it, and may be restarting. */
  renewSoon(direction: 'up' | 'down'): void { this.#renewAfter(direction, retryAfterMs); }

  #renew(direction: 'up' | 'down'): void {
    if (direction === 'up') this.#renewUp();
    else this.#renewDown();
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#up?.close();
    this.#down?.close();
    this.#up = undefined;
    this.#down = undefined;
  }

  #renewUp(): void {
    this.#up?.close();
    this.#generation += 1;
    const up = new SendLink(this.#generation, this.#iceServers, (state) => this.#onState('up', state));
    this.#up = up;
    this.#renewAfter('up', connectWithinMs);
    // If no offer comes about, the watch on connecting makes a new connection.
    this.#offer(up).catch(() => up.close());
  }

  async #offer(up: SendLink): Promise<void> {
    const sdp = await up.offer(this.#tracks);
    if (this.#up === up) this.#handlers.send({ type: 'publish', sdp, generation: up.generation });
  }

  #renewDown(): void {
    this.#down?.close();
    this.#generation += 1;
    this.#down = new ReceiveLink(this.#generation, this.#iceServers, { state: (state) => this.#onState('down', state), change: () => this.#handlers.changed() });
    this.#renewAfter('down', connectWithinMs);
    this.#handlers.send({ type: 'subscribe', generation: this.#generation });
  }

  #onState(direction: 'up' | 'down', state: RTCPeerConnectionState): void {
    if (state === 'connected') { clearTimeout(this.#timers.get(direction)); this.#timers.delete(direction); }
    if (state === 'disconnected') this.#renewAfter(direction, disconnectedForMs);
    if (state === 'failed') this.#renewAfter(direction, 0);
    this.#handlers.changed();
  }

  #renewAfter(direction: 'up' | 'down', afterMs: number): void {
    clearTimeout(this.#timers.get(direction));
    this.#timers.set(direction, setTimeout(() => this.#renew(direction), afterMs));
  }
}

const isSound = (peer: RTCPeerConnection | undefined): boolean => peer !== undefined && (peer.connectionState === 'connected' || peer.connectionState === 'connecting');
