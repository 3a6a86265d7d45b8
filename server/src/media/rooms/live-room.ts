import { BedsideError, type Clock } from '../../kernel/index.ts';
import { classifyLink } from '../../network/index.ts';
import type { MediaService, RoomMedia } from '../pool/index.ts';
import type { MediaEvent } from '../sfu/index.ts';
import type { ClientMessage, QualityView, ServerMessage } from '../protocol/index.ts';
import type { RoomAdmission } from './room-admission.ts';
import { isInside, viewOf, emptyRoom, type Admission, type RoomEffect, type RoomEvent, type RoomState } from './room-state.ts';
import { roomStep } from './room-step.ts';

/** One participant's signalling connection, as the room needs it. */
export interface RoomConnection {
  send(message: ServerMessage): void;
  close(reason: 'ended-by-host' | 'empty' | 'shutdown' | 'removed' | 'refused' | 'left' | 'replaced'): void;
  readonly resumeToken: string;
  /** The browser's own count of its receiving connection. */
  downGeneration: number;
}

export interface LiveRoomOptions {
  readonly roomId: string;
  readonly pool: MediaService;
  readonly admission: RoomAdmission;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly iceServers: readonly string[];
  /** Nobody is left: the room may be forgotten. */
  readonly onOver: () => void;
  /** A seat is gone: its resume token is void. */
  readonly onSeatGone: (participantId: string) => void;
}

const recordTries = 3;

/** Holds a room's state, carries out the effects of its steps, and stands between its browsers and its media. */
export class LiveRoom {
  #options: LiveRoomOptions;
  #state: RoomState;
  #connections = new Map<string, RoomConnection>();
  #media: RoomMedia;
  #over = false;

  constructor(options: LiveRoomOptions) {
    this.#options = options;
    this.#state = emptyRoom(options.roomId);
    this.#media = options.pool.openRoom(options.roomId, { onEvent: (event) => this.#onMedia(event), onRestart: () => this.dispatch({ type: 'media-restarted' }) });
  }

  has(participantId: string): boolean { return this.#state.participants.has(participantId); }

  /** A connection that has shown a ticket. */
  arrive(admission: Admission, connection: RoomConnection): void {
    this.#connect(admission.participantId, connection);
    this.dispatch({ type: 'arrive', admission });
  }

  /** A connection that has shown its resume token. */
  resume(participantId: string, connection: RoomConnection): void {
    this.#connect(participantId, connection);
    this.dispatch({ type: 'returned', participantId });
  }

  /** The connection is gone; a connection that was replaced does not count. */
  lost(participantId: string, connection: RoomConnection): void {
    if (this.#connections.get(participantId) !== connection) return;
    this.#connections.delete(participantId);
    this.dispatch({ type: 'vanished', participantId, nowMs: this.#nowMs() });
  }

  tick(): void { this.dispatch({ type: 'tick', nowMs: this.#nowMs() }); }

  receive(participantId: string, message: ClientMessage): void {
    const byId = participantId;
    switch (message.type) {
      case 'publish': this.#publish(participantId, message.sdp, message.generation); return;
      case 'subscribe': this.#subscribe(participantId, message.generation); return;
      case 'answer': this.#attempt(participantId, 'answer', () => this.#media.answer(participantId, message.negotiation, message.sdp)); return;
      case 'media-state': case 'hand': case 'consent': case 'floor': this.dispatch({ participantId, ...message }); return;
      case 'chat':
        this.dispatch({ type: 'chat', participantId, text: message.text, clientId: message.clientId, lineId: this.#options.newId(), sentAt: this.#options.clock.now().toISOString() });
        return;
      case 'admit': this.dispatch({ type: 'admit', byId, participantId: message.participantId, accept: message.accept }); return;
      case 'mute': case 'remove': this.dispatch({ type: message.type, byId, participantId: message.participantId }); return;
      case 'end': this.dispatch({ type: 'end', byId }); return;
      case 'leave': this.dispatch({ type: 'leave', participantId }); return;
      case 'join': case 'resume': case 'ping': case 'probe': case 'measured': return;
    }
  }

  dispatch(event: RoomEvent): void {
    const step = roomStep(this.#state, event);
    this.#state = step.state;
    for (const effect of step.effects) this.#do(effect);
    if (!this.#over && (this.#state.ended || this.#state.participants.size === 0)) {
      this.#over = true;
      // A process that has died has closed the room's media with it.
      this.#media.close().catch(() => undefined);
      this.#options.onOver();
    }
  }

  #nowMs(): number { return this.#options.clock.now().getTime(); }

  #connect(participantId: string, connection: RoomConnection): void {
    this.#connections.get(participantId)?.close('replaced');
    this.#connections.set(participantId, connection);
  }

  #do(effect: RoomEffect): void {
    const { admission } = this.#options;
    switch (effect.do) {
      case 'send': this.#connections.get(effect.to)?.send(effect.message); return;
      case 'welcome': this.#welcome(effect.participantId, effect.resumed); return;
      case 'wait': {
        const connection = this.#connections.get(effect.participantId);
        connection?.send({ type: 'waiting', resumeToken: connection.resumeToken });
        return;
      }
      case 'disconnect': this.#disconnect(effect.participantId, effect.reason); return;
      case 'open-tracks':
        // If its process has just died, the restart opens the tracks again from the state.
        this.#media.openTracks(effect.participantId, effect.roles).catch(() => undefined);
        return;
      case 'close-media':
        this.#options.onSeatGone(effect.participantId);
        this.#media.closeParticipant(effect.participantId).catch(() => undefined);
        return;
      case 'record-joined': {
        const { participantId } = effect.participant;
        this.#record(admission.onJoined(effect.participant), { type: 'joined-recorded', participantId }, { type: 'joined-failed', participantId });
        return;
      }
      case 'record-consent': {
        const { participantId } = effect.participant;
        this.#record(admission.onConsent(effect.participant, effect.granted), { type: 'consent-recorded', participantId, granted: effect.granted }, { type: 'consent-failed', participantId });
        return;
      }
      case 'record-chat': this.#record(admission.onChat(effect.participant, effect.line), { type: 'chat-recorded', line: effect.line }, { type: 'chat-failed', line: effect.line }); return;
      case 'record-left': this.#insist(() => admission.onLeft(effect.participant, effect.reason)); return;
      case 'record-ended': this.#insist(() => admission.onEnded(this.#options.roomId, effect.reason)); return;
    }
  }

  #record(recording: Promise<void>, done: RoomEvent, failed: RoomEvent): void {
    recording.then(() => done, () => failed).then((event) => this.dispatch(event)).catch((error: unknown) => this.#options.admission.onFault(error, this.#options.roomId));
  }

  /** For what has happened anyway and must be told: tried again, then reported. */
  #insist(record: () => Promise<void>, attempt = 1): void {
    record().catch((error: unknown) => {
      if (attempt >= recordTries) this.#options.admission.onFault(error, this.#options.roomId);
      else setTimeout(() => this.#insist(record, attempt + 1), 500 * attempt);
    });
  }

  #welcome(participantId: string, resumed: boolean): void {
    const me = this.#state.participants.get(participantId);
    const connection = this.#connections.get(participantId);
    if (me === undefined || connection === undefined) return;
    connection.send({
      type: 'welcome', you: viewOf(me), roomId: this.#options.roomId, resumeToken: connection.resumeToken, resumed,
      participants: [...this.#state.participants.values()].filter((one) => one !== me && (me.canAdmit || isInside(one))).map(viewOf),
      chat: [...this.#state.chat], floorHolderId: this.#state.floorHolderId ?? null, iceServers: [...this.#options.iceServers],
    });
  }

  #disconnect(participantId: string, reason: Extract<RoomEffect, { do: 'disconnect' }>['reason']): void {
    const connection = this.#connections.get(participantId);
    this.#connections.delete(participantId);
    this.#options.onSeatGone(participantId);
    connection?.send({ type: 'ended', reason });
    connection?.close(reason);
  }

  #publish(participantId: string, sdp: string, generation: number): void {
    if (!this.#inside(participantId)) return;
    this.#attempt(participantId, 'publish', async () => {
      const published = await this.#media.publish(participantId, sdp);
      this.#connections.get(participantId)?.send({ type: 'published', sdp: published.sdp, generation });
    });
  }

  #subscribe(participantId: string, generation: number): void {
    const connection = this.#connections.get(participantId);
    if (!this.#inside(participantId) || connection === undefined) return;
    connection.downGeneration = generation;
    const seats = Math.max(3, this.#state.participants.size + 1);
    this.#attempt(participantId, 'subscribe', async () => {
      const { sdp, negotiation, plan } = await this.#media.subscribe(participantId, seats);
      connection.send({ type: 'offer', sdp, negotiation, generation, plan: { seats: [...plan.seats], auxiliary: plan.auxiliary } });
    });
  }

  #inside(participantId: string): boolean {
    const participant = this.#state.participants.get(participantId);
    return participant !== undefined && isInside(participant);
  }

  #attempt(participantId: string, about: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      const known = error instanceof BedsideError ? error : undefined;
      this.#connections.get(participantId)?.send({ type: 'error', code: known?.code ?? 'room.internal', message: known?.message ?? 'The room could not do this.', retryable: known?.retryable ?? true, about });
    });
  }

  #onMedia(event: MediaEvent): void {
    if (event.type === 'quality') { this.#tellQuality(event); return; }
    const connection = this.#connections.get(event.participantId);
    if (connection === undefined) return;
    if (event.type === 'offer') {
      connection.send({ type: 'offer', sdp: event.sdp, negotiation: event.negotiation, generation: connection.downGeneration, plan: { seats: [...event.plan.seats], auxiliary: event.plan.auxiliary } });
    } else if (event.type === 'plan') connection.send({ type: 'plan', plan: { seats: [...event.plan.seats], auxiliary: event.plan.auxiliary } });
    else if (event.state === 'failed') connection.send({ type: 'media-failed', direction: event.direction });
  }

  #tellQuality(event: Extract<MediaEvent, { type: 'quality' }>): void {
    const participants: QualityView[] = event.participants.map(({ participantId, upLossFraction, downLossFraction, residualLossFraction, roundTripMs, jitterMs }) => ({
      participantId, upLossFraction, downLossFraction, residualLossFraction, roundTripMs, jitterMs,
      grade: classifyLink({ roundTripMs, jitterMs, lossFraction: Math.max(upLossFraction, downLossFraction) }).grade,
    }));
    for (const { participantId, playoutMs } of event.participants) {
      this.#connections.get(participantId)?.send({ type: 'quality', participants, speakerId: event.speakerId, playoutMs: { ...playoutMs } });
    }
  }
}
