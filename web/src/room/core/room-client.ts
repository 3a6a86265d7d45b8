import type { ClientMessage, ServerMessage } from '@bedside/server/media/protocol/index.ts';
import { applyMessage } from './apply-message.ts';
import { MediaLinks } from './media-links.ts';
import { connectionStep, type ConnectionEffect, type ConnectionEvent, type ConnectionState, type Ending } from './reconnection.ts';
import { SignallingSocket } from './signalling-socket.ts';
import { firstSnapshot, type Phase, type RoomNotices, type RoomSnapshot } from './snapshot.ts';

export interface RoomClientOptions {
  /** Address of the signalling, e.g. wss://host/room. */
  readonly url: string;
  /** Single-use join ticket. */
  readonly ticket: string;
}

type Listeners = { [K in keyof RoomNotices]: Set<(notice: RoomNotices[K]) => void> };

/** A participant's end of the conference room, without any user interface: signalling, media, and one snapshot of it all. */
export class RoomClient {
  #options: RoomClientOptions;
  #state: ConnectionState = { is: 'idle' };
  #snapshot: RoomSnapshot = firstSnapshot;
  #socket: SignallingSocket | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #watchers = new Set<() => void>();
  #notices: Listeners = { 'muted': new Set(), 'failed': new Set(), 'chat': new Set(), 'knocking': new Set(), 'share-ended': new Set() };
  #iceServers: readonly string[] = [];
  #afresh = false;
  #tracks: { audio: MediaStreamTrack | null; main: MediaStreamTrack | null; screen: MediaStreamTrack | null } = { audio: null, main: null, screen: null };
  #links = new MediaLinks({ send: (message) => this.#send(message), changed: () => this.#takeStreams() });
  #onNetworkBack = () => {
    // The address may be another one now: do not wait for time-outs.
    this.#afresh = true;
    if (this.#state.is === 'inside') this.#links.connect(this.#iceServers, true);
    this.#step({ type: 'network-back' });
  };

  constructor(options: RoomClientOptions) { this.#options = options; }

  get snapshot(): RoomSnapshot { return this.#snapshot; }
  get links(): MediaLinks { return this.#links; }

  /** Calls `watcher` after every change of the snapshot; returns how to stop. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => { this.#watchers.delete(watcher); };
  }

  on<K extends keyof RoomNotices>(notice: K, listener: (notice: RoomNotices[K]) => void): () => void {
    this.#notices[notice].add(listener);
    return () => { this.#notices[notice].delete(listener); };
  }

  start(): void {
    globalThis.addEventListener('online', this.#onNetworkBack);
    this.#step({ type: 'start' });
  }

  /** Leaves and releases everything. Local tracks belong to whoever made them, except a shared screen. */
  leave(): void { this.#step({ type: 'leave' }); }

  async setMicrophone(track: MediaStreamTrack | null, on = track !== null): Promise<void> {
    this.#tracks.audio = track;
    await this.#links.setTrack('audio', track);
    this.setMicrophoneOn(on && track !== null);
  }

  async setCamera(track: MediaStreamTrack | null, on = track !== null): Promise<void> {
    this.#tracks.main = track;
    await this.#links.setTrack('main', track);
    this.setCameraOn(on && track !== null);
  }

  setMicrophoneOn(on: boolean): void {
    if (this.#tracks.audio !== null) this.#tracks.audio.enabled = on;
    this.#update({ microphoneOn: on && this.#tracks.audio !== null });
    this.#sendMediaState();
  }

  setCameraOn(on: boolean): void {
    if (this.#tracks.main !== null) this.#tracks.main.enabled = on;
    this.#update({ cameraOn: on && this.#tracks.main !== null });
    this.#sendMediaState();
  }

  /** Asks for the floor and shows a screen's track when it is ours. */
  async share(track: MediaStreamTrack): Promise<void> {
    this.#tracks.screen?.stop();
    this.#tracks.screen = track;
    track.addEventListener('ended', () => { if (this.#tracks.screen === track) this.stopSharing(); });
    await this.#links.setTrack('auxiliary', track);
    this.#send({ type: 'floor', action: 'take' });
  }

  stopSharing(): void {
    this.#tracks.screen?.stop();
    this.#tracks.screen = null;
    this.#links.setTrack('auxiliary', null).catch(() => this.#notify('failed', { code: 'room.share', about: 'floor' }));
    this.#send({ type: 'floor', action: 'release' });
    this.#update({ sharing: false });
    this.#notify('share-ended', {});
  }

  raiseHand(raised: boolean): void { this.#send({ type: 'hand', raised }); }
  chat(text: string): boolean { return this.#send({ type: 'chat', text, clientId: crypto.randomUUID() }); }
  answerConsent(granted: boolean): void { this.#send({ type: 'consent', granted }); }
  admit(participantId: string, accept: boolean): void { this.#send({ type: 'admit', participantId, accept }); }
  mute(participantId: string): void { this.#send({ type: 'mute', participantId }); }
  remove(participantId: string): void { this.#send({ type: 'remove', participantId }); }
  endForAll(): void { this.#send({ type: 'end' }); }

  #send(message: ClientMessage): boolean { return this.#socket?.send(message) ?? false; }

  #sendMediaState(): void {
    this.#send({ type: 'media-state', audio: this.#snapshot.microphoneOn, video: this.#snapshot.cameraOn });
  }

  #update(change: Partial<RoomSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  #notify<K extends keyof RoomNotices>(notice: K, value: RoomNotices[K]): void {
    for (const listener of this.#notices[notice]) listener(value);
  }

  #takeStreams(): void {
    const { byParticipant, auxiliary } = this.#links.streams;
    this.#update({ streams: byParticipant, auxiliary, mediaConnected: this.#links.connected });
  }

  #step(event: ConnectionEvent): void {
    const [state, effects] = connectionStep(this.#state, event);
    this.#state = state;
    const phase = phaseOf(state);
    if (phase !== this.#snapshot.phase) this.#update({ phase });
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: ConnectionEffect): void {
    switch (effect.do) {
      case 'open-socket': this.#openSocket(); return;
      case 'close-socket': {
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close();
        if (this.#state.is === 'entering') this.#step({ type: 'closed', nowMs: performance.now() });
        return;
      }
      case 'show-ticket': this.#send({ type: 'join', ticket: this.#options.ticket }); return;
      case 'resume': this.#send({ type: 'resume', token: effect.token }); return;
      case 'say-leave': this.#send({ type: 'leave' }); return;
      case 'pause': this.#pause = setTimeout(() => this.#step({ type: 'pause-over' }), effect.forMs); return;
      case 'over': this.#end(effect.ending); return;
    }
  }

  #openSocket(): void {
    clearTimeout(this.#pause);
    this.#socket?.close();
    this.#socket = new SignallingSocket(this.#options.url, {
      opened: () => this.#step({ type: 'opened' }),
      message: (message) => this.#receive(message),
      closed: () => this.#step({ type: 'closed', nowMs: performance.now() }),
    });
  }

  #end(ending: Ending): void {
    globalThis.removeEventListener('online', this.#onNetworkBack);
    clearTimeout(this.#pause);
    this.#links.close();
    this.#tracks.screen?.stop();
    this.#update({ ending, streams: new Map(), auxiliary: undefined, mediaConnected: false, sharing: false });
  }

  #receive(message: ServerMessage): void {
    const change = applyMessage(this.#snapshot, message);
    if (change !== undefined) this.#update(change);
    switch (message.type) {
      case 'waiting': this.#step({ type: 'told-to-wait', token: message.resumeToken }); return;
      case 'welcome': this.#welcomed(message.resumeToken, message.iceServers); return;
      case 'published': this.#mediaWork('up', this.#links.onPublished(message)); return;
      case 'offer': this.#mediaWork('down', this.#links.onOffer(message)); return;
      case 'plan': this.#links.onPlan(message); return;
      case 'quality': this.#links.onPlayout(message.playoutMs); return;
      case 'media-restarted': this.#links.connect(this.#iceServers, true); return;
      case 'media-failed': this.#links.renewSoon(message.direction); return;
      case 'participant':
        if (message.participant.presence === 'waiting') this.#notify('knocking', { participant: message.participant });
        this.#fit();
        return;
      case 'left': this.#fit(); return;
      case 'muted':
        this.setMicrophoneOn(false);
        this.#notify('muted', { byId: message.byId });
        return;
      case 'floor': if (message.holderId !== this.#snapshot.you?.participantId && this.#tracks.screen !== null) this.stopSharing(); return;
      case 'chat': this.#notify('chat', { line: message.line }); return;
      case 'ended': this.#step({ type: 'ended', ending: message.reason }); return;
      case 'error': this.#onError(message); return;
      case 'pong': case 'probed': case 'graded': case 'consent-needed': return;
    }
  }

  #onError({ code, about, retryable }: Extract<ServerMessage, { type: 'error' }>): void {
    if (about === 'resume') { this.#step({ type: 'seat-gone' }); return; }
    if (about === 'join') {
      this.#update({ refusal: code });
      this.#step({ type: 'refused', retryable, nowMs: performance.now() });
      return;
    }
    if (about === 'publish') { this.#links.renewSoon('up'); return; }
    if (about === 'subscribe' || about === 'answer') { this.#links.renewSoon('down'); return; }
    if (about === 'floor' && !this.#snapshot.sharing) this.stopSharing();
    this.#notify('failed', { code, about });
  }

  #welcomed(token: string, iceServers: readonly string[]): void {
    this.#iceServers = iceServers;
    this.#step({ type: 'welcomed', token });
    this.#sendMediaState();
    this.#links.connect(iceServers, this.#afresh);
    this.#afresh = false;
    this.#fit();
  }

  #fit(): void {
    const others = this.#snapshot.participants.filter((one) => one.presence !== 'waiting').length;
    this.#mediaWork('up', this.#links.fitTo(others));
  }

  #mediaWork(direction: 'up' | 'down', work: Promise<void>): void {
    work.catch(() => { if (this.#state.is === 'inside') this.#links.renewSoon(direction); });
  }
}

function phaseOf(state: ConnectionState): Phase {
  switch (state.is) {
    case 'waiting': case 'inside': case 'over': return state.is;
    case 'idle': return 'connecting';
    default: return state.token === undefined ? 'connecting' : 'reconnecting';
  }
}
