import { randomUUID } from 'node:crypto';
import type { MediaEvent, MediaProcessSettings, MediaResults } from '../sfu/index.ts';
import type { TrackRole } from '../sfu/index.ts';
import { MediaProcess } from './media-process.ts';

export interface MediaPoolOptions {
  /** Forked processes; rooms are spread over them. */
  readonly processes: number;
  /** Address that media is sent from and to; empty or 0.0.0.0 for all addresses. */
  readonly address: string;
  readonly iceServers?: readonly string[];
  /** What browsers are asked to send, best first. */
  readonly videoOrder?: MediaProcessSettings['videoOrder'];
}

/** What a room hears of its media. */
export interface MediaListener {
  onEvent(event: MediaEvent): void;
  /** The process of this room has died; connections must be made anew (a fresh process waits for them). */
  onRestart(): void;
}

/** What the signalling needs of the media processes. */
export interface MediaService {
  openRoom(roomId: string, listener: MediaListener): RoomMedia;
  probe(sdp: string): Promise<{ readonly sdp: string; close(): void }>;
  close(): Promise<void>;
}

interface Slot { process: MediaProcess; readonly rooms: Map<string, MediaListener>; restarts: number }

const restartPause = (restarts: number): number => Math.min(5_000, restarts <= 1 ? 0 : 100 * 2 ** restarts);
/** After this long without dying a process counts as sound again. */
const soundAfterMs = 30_000;

/** The forked media processes: which room lives in which, and what happens when one dies. */
export class MediaPool implements MediaService {
  #slots: Slot[];
  #settings: MediaProcessSettings;
  #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(options: MediaPoolOptions) {
    this.#settings = {
      bindAddress: options.address === '0.0.0.0' || options.address === '::' ? '' : options.address.replace(/^localhost$/, '127.0.0.1'),
      iceServers: options.iceServers ?? [], videoOrder: options.videoOrder ?? ['VP8', 'H264'],
    };
    this.#slots = Array.from({ length: options.processes }, () => {
      const slot: Slot = { process: undefined as unknown as MediaProcess, rooms: new Map(), restarts: 0 };
      slot.process = this.#start(slot);
      return slot;
    });
  }

  /** Process ids, for supervision and for tests that kill one. */
  get processIds(): readonly number[] { return this.#slots.flatMap((slot) => slot.process.pid ?? []); }

  /** Takes a room into the process that has the fewest. */
  openRoom(roomId: string, listener: MediaListener): RoomMedia {
    const slot = this.#slots.find((one) => one.rooms.has(roomId)) ?? this.#slots.reduce((least, one) => (one.rooms.size < least.rooms.size ? one : least));
    slot.rooms.set(roomId, listener);
    return {
      publish: async (participantId, sdp) => await slot.process.request({ type: 'publish', roomId, participantId, sdp }) as MediaResults['publish'],
      subscribe: async (participantId, seats) => await slot.process.request({ type: 'subscribe', roomId, participantId, seats }) as MediaResults['subscribe'],
      answer: async (participantId, negotiation, sdp) => { await slot.process.request({ type: 'answer', roomId, participantId, negotiation, sdp }); },
      openTracks: async (participantId, roles) => { await slot.process.request({ type: 'open-tracks', roomId, participantId, roles }); },
      closeParticipant: async (participantId) => { await slot.process.request({ type: 'close-participant', roomId, participantId }); },
      close: async () => {
        slot.rooms.delete(roomId);
        await slot.process.request({ type: 'close-room', roomId });
      },
    };
  }

  /** Answers the offer of a link measurement in any process. */
  async probe(sdp: string): Promise<{ readonly sdp: string; close(): void }> {
    const { process } = this.#slots[Math.floor(Math.random() * this.#slots.length)]!;
    const probeId = randomUUID();
    const result = await process.request({ type: 'probe', probeId, sdp }) as MediaResults['probe'];
    // A probe ends by itself after its lifetime, so a process that is gone needs no telling.
    return { sdp: result.sdp, close: () => { process.request({ type: 'close-probe', probeId }).catch(() => undefined); } };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#slots.map((slot) => slot.process.close()));
  }

  #start(slot: Slot): MediaProcess {
    const startedAt = performance.now();
    return new MediaProcess({
      settings: this.#settings,
      onEvent: (event) => slot.rooms.get(event.roomId)?.onEvent(event),
      onExit: () => {
        if (this.#closed) return;
        slot.restarts = performance.now() - startedAt > soundAfterMs ? 1 : slot.restarts + 1;
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          slot.process = this.#start(slot);
          for (const listener of slot.rooms.values()) listener.onRestart();
        }, restartPause(slot.restarts));
        this.#timers.add(timer);
      },
    });
  }
}

/** The media of one room, as the signalling sees it. Every call may reject with an `unavailable` error while a process restarts. */
export interface RoomMedia {
  publish(participantId: string, sdp: string): Promise<MediaResults['publish']>;
  subscribe(participantId: string, seats: number): Promise<MediaResults['subscribe']>;
  answer(participantId: string, negotiation: number, sdp: string): Promise<void>;
  /** Which of a participant's tracks pass on to the others. */
  openTracks(participantId: string, roles: readonly TrackRole[]): Promise<void>;
  closeParticipant(participantId: string): Promise<void>;
  close(): Promise<void>;
}
