import { unavailable } from '../../kernel/errors.ts';
import type { MediaEvent, MediaProcessSettings, MediaResults, ParticipantQuality } from './control.ts';
import type { TrackRole } from './media-packet.ts';
import { playoutDelayMs } from './playout-delay.ts';
import { unknownRoundTripMs } from './receive-stream.ts';
import { RoomGraph } from './room-graph.ts';
import { DownConnection } from './webrtc/down-connection.ts';
import { UpConnection } from './webrtc/up-connection.ts';

export interface MediaRoomOptions {
  readonly roomId: string;
  readonly settings: MediaProcessSettings;
  readonly nowMs: () => number;
  readonly emit: (event: MediaEvent) => void;
}

interface Down { readonly connection: DownConnection; negotiation: number; negotiating: boolean; again: boolean }

/** One room's browsers in this media process: keeps the connections and the graph between them. */
export class MediaRoom {
  #options: MediaRoomOptions;
  #graph = new RoomGraph();
  #ups = new Map<string, UpConnection>();
  #downs = new Map<string, Down>();
  #open = new Map<string, readonly TrackRole[]>();
  /** Smoothed loudness (127 - dBov), for the active speaker. */
  #loudness = new Map<string, number>();
  #negotiations = 0;

  constructor(options: MediaRoomOptions) { this.#options = options; }

  get empty(): boolean { return this.#ups.size === 0 && this.#downs.size === 0; }

  async publish(participantId: string, sdp: string): Promise<MediaResults['publish']> {
    const { roomId, settings, nowMs, emit } = this.#options;
    const up = await UpConnection.accept(sdp, {
      participantId, ...settings, nowMs,
      onState: (state) => { if (this.#ups.get(participantId) === up) emit({ type: 'state', roomId, participantId, direction: 'up', state }); },
      onAudioLevel: (level) => this.#loudness.set(participantId, (this.#loudness.get(participantId) ?? 0) * 0.95 + (127 - level) * 0.05),
    });
    const before = this.#ups.get(participantId);
    this.#ups.set(participantId, up);
    this.#applyOpen(participantId);
    this.#graph.addSource(up);
    before?.close();
    return { sdp: up.answerSdp };
  }

  async subscribe(participantId: string, seats: number): Promise<MediaResults['subscribe']> {
    const { roomId, settings, nowMs, emit } = this.#options;
    this.#closeDown(participantId);
    const current = (): boolean => this.#downs.get(participantId) === down;
    const connection: DownConnection = new DownConnection({
      participantId, ...settings, nowMs,
      onState: (state) => { if (current()) emit({ type: 'state', roomId, participantId, direction: 'down', state }); },
      onPlan: (plan) => { if (current()) emit({ type: 'plan', roomId, participantId, plan }); },
      onNegotiationNeeded: () => { if (current()) this.#negotiateOrFail(participantId, down); },
    }, seats);
    this.#negotiations += 1;
    const down: Down = { connection, negotiation: this.#negotiations, negotiating: true, again: false };
    this.#downs.set(participantId, down);
    const sdp = await connection.offer();
    if (!current()) throw unavailable('media.replaced', 'A newer connection took the place of this one.');
    this.#graph.addSink(connection);
    return { sdp, negotiation: down.negotiation, plan: connection.plan };
  }

  answer(participantId: string, negotiation: number, sdp: string): void {
    const down = this.#downs.get(participantId);
    // An answer to an offer that has been replaced is late, not wrong.
    if (down === undefined || down.negotiation !== negotiation || !down.negotiating) return;
    down.connection.acceptAnswer(sdp);
    down.negotiating = false;
    down.connection.fillSeats();
    if (down.again) this.#negotiateOrFail(participantId, down);
  }

  /** Which tracks of a participant pass on; everything else is held back at once. */
  openTracks(participantId: string, roles: readonly TrackRole[]): void {
    this.#open.set(participantId, roles);
    this.#applyOpen(participantId);
  }

  closeParticipant(participantId: string): void {
    this.#open.delete(participantId);
    this.#loudness.delete(participantId);
    this.#closeDown(participantId);
    const up = this.#ups.get(participantId);
    if (up === undefined) return;
    this.#graph.removeSource(up);
    this.#ups.delete(participantId);
    up.close();
  }

  close(): void {
    for (const id of new Set([...this.#ups.keys(), ...this.#downs.keys()])) this.closeParticipant(id);
  }

  /** Twice a second: reports to senders and receivers. */
  report(): void {
    for (const up of this.#ups.values()) up.report();
    for (const { connection } of this.#downs.values()) connection.sendReports();
  }

  measure(): MediaEvent {
    const participants: ParticipantQuality[] = [...this.#ups].map(([participantId, up]) => {
      const quality = up.quality;
      const down = this.#downs.get(participantId)?.connection.quality;
      return {
        participantId, upLossFraction: quality?.lossFraction ?? 0, downLossFraction: down?.lossFraction ?? 0,
        residualLossFraction: quality?.residualLossFraction ?? 0,
        roundTripMs: Math.round(down?.roundTripMs ?? quality?.roundTripMs ?? 0), jitterMs: Math.round(quality?.jitterMs ?? 0),
        playoutMs: this.#playout(participantId),
      };
    });
    const [speakerId, loudness] = [...this.#loudness].reduce(([best, most], [id, value]) => (value > most ? [id, value] : [best, most]), ['', 0] as [string, number]);
    return { type: 'quality', roomId: this.#options.roomId, participants, speakerId: loudness > 127 - 60 ? speakerId : null };
  }

  /** For each source, how long this participant should hold its media back. */
  #playout(receiverId: string): Record<string, number> {
    const down = this.#downs.get(receiverId)?.connection.quality;
    if (down === undefined) return {};
    const leg = { lossFraction: down.lossFraction, roundTripMs: down.roundTripMs ?? unknownRoundTripMs };
    return Object.fromEntries([...this.#ups].filter(([id]) => id !== receiverId).map(([id, up]) => [id, playoutDelayMs({ lossFraction: up.quality?.lossFraction ?? 0, roundTripMs: up.quality?.roundTripMs ?? unknownRoundTripMs }, leg, down.knowsRoundTrip)]));
  }

  #applyOpen(participantId: string): void {
    const up = this.#ups.get(participantId);
    const roles = this.#open.get(participantId) ?? [];
    if (up === undefined) return;
    for (const [role, track] of up.tracks) track.setOpen(roles.includes(role));
    for (const [id, down] of this.#downs) {
      if (id === participantId) continue;
      const shown = down.connection.plan.auxiliary.participantId === participantId;
      if (roles.includes('auxiliary')) down.connection.showAuxiliary(up);
      else if (shown) down.connection.showAuxiliary(undefined);
    }
  }

  #closeDown(participantId: string): void {
    const down = this.#downs.get(participantId);
    if (down === undefined) return;
    this.#downs.delete(participantId);
    this.#graph.removeSink(down.connection);
    down.connection.close();
  }

  /** A negotiation that fails is told as a failed connection: the browser then makes a new one. */
  #negotiateOrFail(participantId: string, down: Down): void {
    this.#negotiate(participantId, down).catch(() => {
      this.#options.emit({ type: 'state', roomId: this.#options.roomId, participantId, direction: 'down', state: 'failed' });
    });
  }

  async #negotiate(participantId: string, down: Down): Promise<void> {
    if (down.negotiating) { down.again = true; return; }
    down.negotiating = true;
    down.again = false;
    this.#negotiations += 1;
    down.negotiation = this.#negotiations;
    const sdp = await down.connection.offer();
    if (this.#downs.get(participantId) !== down) return;
    this.#options.emit({ type: 'offer', roomId: this.#options.roomId, participantId, negotiation: down.negotiation, sdp, plan: down.connection.plan });
  }
}
