import { randomInt } from 'node:crypto';
import { Audio, Video, type PeerConnection, type Track } from 'node-datachannel';
import { isRtcp, readRtcp, writeReceiverReport, writeReceiverTimeAnswer } from '../../rtp/index.ts';
import type { Sink, Source } from '../room-graph.ts';
import { SendStream, sentPayloadTypes } from '../send-stream.ts';
import { createPeer, describe, type PeerOptions } from './peer.ts';
import { completeLocal } from './session-description.ts';

/** A place in the receiver's connection for one other participant; it is filled and emptied without negotiating anew. */
export interface SeatPlan { readonly audioMid: string; readonly videoMid: string; readonly participantId: string | null }
export interface AuxiliaryPlan { readonly mid: string; readonly participantId: string | null }
export interface ReceivePlan { readonly seats: readonly SeatPlan[]; readonly auxiliary: AuxiliaryPlan }

export interface DownConnectionOptions extends PeerOptions {
  readonly participantId: string;
  readonly nowMs: () => number;
  readonly onState: (state: string) => void;
  readonly onPlan: (plan: ReceivePlan) => void;
  /** More seats are needed: negotiate again. */
  readonly onNegotiationNeeded: () => void;
}

interface Line { readonly mid: string; readonly stream: SendStream; readonly track: Track; open: boolean }
interface Seat { readonly audio: Line; readonly video: Line; source: Source | undefined }

export const mostSeats = 11;
const seatsPerGrowth = 3;

/** A browser that receives: pairs of audio and video ("seats") for the others, and one auxiliary video. */
export class DownConnection implements Sink {
  readonly id: string;
  #options: DownConnectionOptions;
  #peer: PeerConnection;
  #seats: Seat[] = [];
  #auxiliary: Line;
  #auxiliarySource: Source | undefined;
  #waiting: Source[] = [];
  #malformed = 0;
  #answeredTime = -1;
  #closed = false;

  constructor(options: DownConnectionOptions, seats: number) {
    this.id = options.participantId;
    this.#options = options;
    this.#peer = createPeer(`down-${options.participantId}`, options);
    this.#peer.onStateChange((state) => options.onState(state));
    this.#auxiliary = this.#addVideo('aux', 'auxiliary');
    this.#grow(Math.min(mostSeats, Math.max(1, seats)));
  }

  get malformed(): number { return this.#malformed; }
  get plan(): ReceivePlan {
    return {
      seats: this.#seats.map((seat) => ({ audioMid: seat.audio.mid, videoMid: seat.video.mid, participantId: seat.source?.id ?? null })),
      auxiliary: { mid: this.#auxiliary.mid, participantId: this.#auxiliarySource?.id ?? null },
    };
  }

  /** Loss (the worst of all streams) and round trip of the leg from us to this browser. */
  get quality(): { lossFraction: number; roundTripMs: number | undefined; knowsRoundTrip: boolean } {
    const streams = this.#lines().map((line) => line.stream).filter((stream) => stream.packets > 50);
    const roundTrips = streams.flatMap((stream) => stream.roundTripMs ?? []);
    return { knowsRoundTrip: this.#answeredTime >= 0, lossFraction: Math.max(0, ...streams.map((stream) => stream.lossFraction)), roundTripMs: roundTrips.length === 0 ? undefined : Math.max(...roundTrips) };
  }

  async offer(): Promise<string> {
    return completeLocal(await describe(this.#peer, 'offer'));
  }

  /** @throws when the answer does not fit the offer. */
  acceptAnswer(sdp: string): void {
    this.#peer.setRemoteDescription(sdp, 'answer');
  }

  sourceAdded(source: Source): void {
    // Who comes back after a break gets the same seat.
    const seat = this.#seats.find((one) => one.source?.id === source.id) ?? this.#seats.find((one) => one.source === undefined);
    if (seat === undefined) {
      if (!this.#waiting.includes(source)) this.#waiting.push(source);
      if (this.#seats.length < mostSeats) {
        this.#grow(Math.min(seatsPerGrowth, mostSeats - this.#seats.length));
        this.#options.onNegotiationNeeded();
      }
      return;
    }
    this.#seat(seat, source);
    if (source.tracks.get('auxiliary')?.open === true) this.showAuxiliary(source);
    this.#options.onPlan(this.plan);
  }

  sourceRemoved(source: Source): void {
    this.#waiting = this.#waiting.filter((one) => one !== source);
    if (this.#auxiliarySource === source) this.showAuxiliary(undefined);
    const seat = this.#seats.find((one) => one.source === source);
    if (seat === undefined) return;
    this.#seat(seat, undefined);
    const next = this.#waiting.shift();
    if (next !== undefined) this.#seat(seat, next);
    this.#options.onPlan(this.plan);
  }

  /** Puts a source's auxiliary track (or nothing) on the auxiliary line. */
  showAuxiliary(source: Source | undefined): void {
    if (this.#auxiliarySource === source) return;
    this.#auxiliarySource = source;
    this.#auxiliary.stream.attach(source?.tracks.get('auxiliary'));
    this.#options.onPlan(this.plan);
  }

  /** Fills seats that a negotiation has made usable. */
  fillSeats(): void {
    for (const seat of this.#seats) {
      if (seat.source !== undefined) continue;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#seat(seat, next);
    }
    this.#options.onPlan(this.plan);
  }

  sendReports(): void {
    for (const line of this.#lines()) {
      const report = line.open ? line.stream.senderReport() : undefined;
      if (report !== undefined) line.track.sendMessageBinary(report);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const line of this.#lines()) { line.open = false; line.stream.attach(undefined); }
    this.#peer.close();
  }

  #lines(): Line[] { return [this.#auxiliary, ...this.#seats.flatMap((seat) => [seat.audio, seat.video])]; }

  #seat(seat: Seat, source: Source | undefined): void {
    seat.source = source;
    seat.audio.stream.attach(source?.tracks.get('audio'));
    seat.video.stream.attach(source?.tracks.get('main'));
  }

  #grow(count: number): void {
    for (let added = 0; added < count; added += 1) {
      const name = `seat${this.#seats.length}`;
      this.#seats.push({ audio: this.#addAudio(`${name}a`, name), video: this.#addVideo(`${name}v`, name), source: undefined });
    }
  }

  #addAudio(mid: string, streamName: string): Line {
    const ssrc = randomInt(1_000, 0xffff_ffff);
    const audio = new Audio(mid, 'SendOnly');
    audio.addOpusCodec(sentPayloadTypes.opus, 'minptime=10;useinbandfec=1');
    audio.addAudioCodec(sentPayloadTypes.red, 'red/48000/2', `${sentPayloadTypes.opus}/${sentPayloadTypes.opus}`);
    audio.addSSRC(ssrc, streamName, streamName, mid);
    return this.#line(mid, ssrc, this.#peer.addTrack(audio));
  }

  #addVideo(mid: string, streamName: string): Line {
    const ssrc = randomInt(1_000, 0xffff_ffff);
    const video = new Video(mid, 'SendOnly');
    video.addVP8Codec(sentPayloadTypes.VP8);
    video.addH264Codec(sentPayloadTypes.H264, 'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1');
    video.addSSRC(ssrc, streamName, streamName, mid);
    return this.#line(mid, ssrc, this.#peer.addTrack(video));
  }

  #line(mid: string, ssrc: number, track: Track): Line {
    const line: Line = {
      mid, track, open: false,
      stream: new SendStream({ ssrc, nowMs: this.#options.nowMs, send: (bytes) => { if (line.open) track.sendMessageBinary(bytes); } }),
    };
    track.onOpen(() => { line.open = true; line.stream.track?.requestKeyFrame(); });
    track.onClosed(() => { line.open = false; });
    track.onMessage((bytes) => this.#receive(line, bytes));
    return line;
  }

  #receive(line: Line, bytes: Buffer): void {
    if (this.#closed || !isRtcp(bytes)) return;
    try {
      for (const block of readRtcp(bytes)) this.#feedback(line, block);
    } catch {
      // A damaged report is counted and dropped.
      this.#malformed += 1;
    }
  }

  /** The transport library hands one compound packet to every track it names: each line takes only what is about itself. */
  #feedback(line: Line, block: ReturnType<typeof readRtcp>[number]): void {
    const { stream } = line;
    if (block.type === 'receiver-time' && block.compactNtp !== this.#answeredTime && line.open) {
      this.#answeredTime = block.compactNtp;
      line.track.sendMessageBinary(Buffer.concat([writeReceiverReport(stream.ssrc, []), writeReceiverTimeAnswer(stream.ssrc, block.ssrc, block.compactNtp, 0)]));
      return;
    }
    if (block.type === 'nack' && block.mediaSsrc === stream.ssrc) stream.resend(block.sequences);
    else if (block.type === 'picture-loss' && block.mediaSsrc === stream.ssrc) stream.track?.requestKeyFrame();
    else if (block.type === 'full-intra' && block.mediaSsrcs.includes(stream.ssrc)) stream.track?.requestKeyFrame();
    else if (block.type === 'receiver-report') {
      for (const report of block.reports) if (report.ssrc === stream.ssrc) stream.noteReport(report);
    }
  }
}
