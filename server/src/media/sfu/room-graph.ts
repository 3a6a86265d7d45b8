import type { ClockReference, Codec, MediaPacket, TrackRole } from './media-packet.ts';
import { PacketHistory } from './packet-history.ts';

/** A track's receivers; the adapter of the sink implements it. Called synchronously for each packet: no waiting in here. */
export interface TrackReceiver {
  write(packet: MediaPacket): void;
  /** The track was held back and passes again: what was missed in between is not lost and must not be asked for. */
  restart(): void;
}

/** What an adapter hangs on a track to steer its sender. */
export interface TrackSender {
  /** Asks the sender for a key frame; the adapter limits how often. */
  requestKeyFrame(): void;
  /** Mapping of the media clock, when the sender has told it. */
  clockReference(): ClockReference | undefined;
}

/** One track of a source: keeps the history, tells its receivers. It knows no protocol. */
export class SourceTrack {
  readonly role: TrackRole;
  readonly history = new PacketHistory();
  #sender: TrackSender;
  #receivers = new Set<TrackReceiver>();
  #open = false;
  codec: Codec | undefined;

  constructor(role: TrackRole, sender: TrackSender) {
    this.role = role;
    this.#sender = sender;
  }

  /** Closed: nothing passes (no consent yet, muted by the host, no floor). Every track begins closed. */
  get open(): boolean { return this.#open; }
  setOpen(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    if (!open) return;
    for (const receiver of this.#receivers) receiver.restart();
    this.#sender.requestKeyFrame();
  }

  /** The adapter of the source hands in each packet once. */
  push(packet: MediaPacket): void {
    this.codec = packet.codec;
    if (!this.#open) return;
    this.history.put(packet);
    for (const receiver of this.#receivers) receiver.write(packet);
  }

  connect(receiver: TrackReceiver): void { this.#receivers.add(receiver); }
  disconnect(receiver: TrackReceiver): void { this.#receivers.delete(receiver); }
  requestKeyFrame(): void { if (this.#open) this.#sender.requestKeyFrame(); }
  clockReference(): ClockReference | undefined { return this.#sender.clockReference(); }
}

/** Whatever sends: a browser now, later a SIP or H.323 terminal, a camera, the composer. */
export interface Source {
  readonly id: string;
  readonly tracks: ReadonlyMap<TrackRole, SourceTrack>;
}

/** Whatever receives: it is told which sources there are, and connects itself to the tracks that it wants. */
export interface Sink {
  /** A sink never receives the source of the same id. */
  readonly id: string;
  sourceAdded(source: Source): void;
  sourceRemoved(source: Source): void;
}

/** The sources and sinks of one room. Protocols are adapters that make them. */
export class RoomGraph {
  #sources = new Map<string, Source>();
  #sinks = new Map<string, Sink>();

  get empty(): boolean { return this.#sources.size === 0 && this.#sinks.size === 0; }
  get sources(): IterableIterator<Source> { return this.#sources.values(); }
  get sinks(): IterableIterator<Sink> { return this.#sinks.values(); }

  /** Adds a source; one of the same id is replaced. */
  addSource(source: Source): void {
    const before = this.#sources.get(source.id);
    if (before !== undefined) this.removeSource(before);
    this.#sources.set(source.id, source);
    for (const sink of this.#sinks.values()) if (sink.id !== source.id) sink.sourceAdded(source);
  }

  removeSource(source: Source): void {
    if (this.#sources.get(source.id) !== source) return;
    this.#sources.delete(source.id);
    for (const sink of this.#sinks.values()) if (sink.id !== source.id) sink.sourceRemoved(source);
  }

  /** Adds a sink; one of the same id is replaced. The sink is told of all sources at once. */
  addSink(sink: Sink): void {
    this.#sinks.set(sink.id, sink);
    for (const source of this.#sources.values()) if (source.id !== sink.id) sink.sourceAdded(source);
  }

  removeSink(sink: Sink): void {
    if (this.#sinks.get(sink.id) === sink) this.#sinks.delete(sink.id);
  }
}
