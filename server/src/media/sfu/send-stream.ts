import { canBeRedundant, rtpHeaderBytes, unwrapSequence, writeRed, writeRtpHeader, writeSenderReport, type ReportBlock } from '../rtp/index.ts';
import { clockRate, type MediaPacket } from './media-packet.ts';
import { historyPackets } from './packet-history.ts';
import type { SourceTrack, TrackReceiver } from './room-graph.ts';

/** Payload types of everything that we send; the offers of `webrtc/down-connection.ts` declare the same. */
export const sentPayloadTypes = { opus: 111, red: 63, VP8: 96, H264: 102 } as const;

export interface SendStreamOptions {
  readonly ssrc: number;
  readonly nowMs: () => number;
  readonly send: (bytes: Buffer) => void;
}

/** From these shares of loss on, audio carries its last one or two packets again. */
const redundancyFrom = { one: 0.01, two: 0.06 } as const;
/** Twice the same request inside this time is one request that crossed its answer. */
const resendNotBeforeMs = 10;
/** Without a key frame for this long we forward anyway, so that the receiver asks for one itself. */
const keyFramePatienceMs = 3_000;

/** One outgoing RTP stream with numbers of its own: sources may come and go behind it without the receiver noticing more than a key frame. */
export class SendStream implements TrackReceiver {
  readonly ssrc: number;
  #options: SendStreamOptions;
  #track: SourceTrack | undefined;
  /** Unwrapped; our number = source's number + offset. */
  #sequenceOffset: number | undefined;
  #timestampOffset = 0;
  #firstOfSource = 0;
  #lastSequence = Math.floor(Math.random() * 0x4000) + 0x1_0000;
  #lastTimestamp = Math.floor(Math.random() * 0x7fffffff);
  #lastSentAtMs = 0;
  #waitingSinceMs = 0;
  /** When each number of the source was last sent again, and which number the slot is about. */
  #resent: { readonly atMs: Float64Array; readonly number: Float64Array } | undefined;
  #firstRequests = 0;
  #asks = false;
  #packetsAtReport = 0;
  #packets = 0;
  #octets = 0;
  #reportsSent: { compact: number; atMs: number }[] = [];
  #lossFraction = 0;
  #roundTripMs: number | undefined;

  constructor(options: SendStreamOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
  }

  get track(): SourceTrack | undefined { return this.#track; }
  /** Loss on the way to this receiver before repair. */
  get lossFraction(): number { return this.#lossFraction; }
  get roundTripMs(): number | undefined { return this.#roundTripMs; }
  get packets(): number { return this.#packets; }

  attach(track: SourceTrack | undefined): void {
    this.#track?.disconnect(this);
    this.#track = track;
    this.restart();
    track?.connect(this);
    track?.requestKeyFrame();
  }

  restart(): void {
    this.#sequenceOffset = undefined;
    this.#waitingSinceMs = this.#options.nowMs();
  }

  write(packet: MediaPacket): void {
    if (this.#sequenceOffset === undefined && !this.#begin(packet)) return;
    if (packet.sequence < this.#firstOfSource) return;
    const sequence = packet.sequence + this.#sequenceOffset!;
    // A pause at the source shows as a long gap: begin anew instead of letting the receiver ask for it all.
    if (sequence - this.#lastSequence > historyPackets / 4) {
      this.restart();
      if (!this.#begin(packet)) return;
    }
    this.#transmit(packet);
  }

  /** Answers a request for lost packets; the same number may be asked for again and again. */
  resend(sequences: readonly number[]): void {
    const track = this.#track;
    if (track === undefined || this.#sequenceOffset === undefined) return;
    this.#resent ??= { atMs: new Float64Array(historyPackets), number: new Float64Array(historyPackets) };
    const nowMs = this.#options.nowMs();
    for (const wrapped of sequences) {
      const number: number = unwrapSequence(wrapped, this.#lastSequence) - this.#sequenceOffset;
      if (number < this.#firstOfSource) continue;
      const packet = track.history.get(number);
      const slot = number & (historyPackets - 1);
      // A request that comes sooner than one round trip after the packet went out has crossed it: the packet was late, not lost.
      if (packet === undefined || nowMs - packet.atMs < (this.#roundTripMs ?? 0) * 0.8) continue;
      if (this.#resent.number[slot] === number) {
        if (nowMs - this.#resent.atMs[slot]! < resendNotBeforeMs) continue;
      } else {
        this.#resent.number[slot] = number;
        this.#firstRequests += 1;
      }
      this.#resent.atMs[slot] = nowMs;
      this.#emit(packet, packet.frame, sentPayloadTypes[packet.codec]);
    }
  }

  noteReport(block: ReportBlock): void {
    // Reports count what was repaired as received, so the share of packets that were asked for is the better measure where the receiver asks.
    const sentSince = this.#packets - this.#packetsAtReport;
    this.#asks ||= this.#firstRequests > 0;
    const sample = this.#asks ? Math.min(1, this.#firstRequests / Math.max(1, sentSince)) : block.fractionLost;
    this.#firstRequests = 0;
    this.#packetsAtReport = this.#packets;
    this.#lossFraction += Math.min(0.3, sentSince / 400) * (sample - this.#lossFraction);
    const sent = this.#reportsSent.find((report) => report.compact === block.lastSenderReport);
    if (sent === undefined || block.lastSenderReport === 0) return;
    const roundTripMs = this.#options.nowMs() - sent.atMs - block.delaySinceLastSenderReport / 65.536;
    if (roundTripMs >= 0 && roundTripMs < 10_000) this.#roundTripMs = (this.#roundTripMs ?? roundTripMs) * 0.7 + roundTripMs * 0.3;
  }

  /** A sender report that carries the source's own clock over, so that lips and sound stay together. */
  senderReport(): Buffer | undefined {
    const reference = this.#track?.clockReference();
    if (reference === undefined || this.#sequenceOffset === undefined || !this.#track!.open) return undefined;
    const codec = this.#track!.codec;
    if (codec === undefined) return undefined;
    const elapsedMs = this.#options.nowMs() - reference.atMs;
    const fraction = reference.ntpFraction / 2 ** 32 + elapsedMs / 1000;
    const ntpSeconds = reference.ntpSeconds + Math.floor(fraction);
    const ntpFraction = Math.floor((fraction % 1) * 2 ** 32);
    const compact = (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0;
    this.#reportsSent = [...this.#reportsSent.slice(-7), { compact, atMs: this.#options.nowMs() }];
    const rtpTimestamp = reference.rtpTimestamp + Math.round((elapsedMs * clockRate[codec]) / 1000) + this.#timestampOffset;
    return writeSenderReport({ ssrc: this.ssrc, ntpSeconds, ntpFraction, rtpTimestamp, packets: this.#packets, octets: this.#octets });
  }

  #begin(packet: MediaPacket): boolean {
    const nowMs = this.#options.nowMs();
    if (packet.codec !== 'opus' && !packet.keyFrame && nowMs - this.#waitingSinceMs < keyFramePatienceMs) return false;
    this.#firstOfSource = packet.sequence;
    this.#sequenceOffset = this.#lastSequence + 1 - packet.sequence;
    const elapsedMs = this.#lastSentAtMs === 0 ? 0 : nowMs - this.#lastSentAtMs;
    const next = this.#lastTimestamp + Math.max(1, Math.round((elapsedMs * clockRate[packet.codec]) / 1000));
    this.#timestampOffset = next - packet.timestamp;
    this.#resent = undefined;
    return true;
  }

  #transmit(packet: MediaPacket): void {
    const sequence = packet.sequence + this.#sequenceOffset!;
    if (sequence > this.#lastSequence) {
      this.#lastSequence = sequence;
      this.#lastTimestamp = packet.timestamp + this.#timestampOffset;
      this.#lastSentAtMs = this.#options.nowMs();
    }
    if (packet.codec === 'opus' && this.#lossFraction >= redundancyFrom.one && this.#sendRedundant(packet)) return;
    this.#emit(packet, packet.frame, sentPayloadTypes[packet.codec]);
  }

  #sendRedundant(packet: MediaPacket): boolean {
    const distance = this.#lossFraction >= redundancyFrom.two ? 2 : 1;
    const redundant = [];
    for (let back = distance; back >= 1; back -= 1) {
      const earlier = this.#track!.history.get(packet.sequence - back);
      // Receivers take block n of a packet for its n-th predecessor: a hole ends the list.
      if (earlier === undefined) { redundant.length = 0; continue; }
      const timestampOffset = (packet.timestamp - earlier.timestamp) | 0;
      const payload = earlier.frame.subarray(rtpHeaderBytes);
      if (!canBeRedundant(timestampOffset, payload.length)) { redundant.length = 0; continue; }
      redundant.push({ timestampOffset, payload });
    }
    if (redundant.length === 0) return false;
    this.#emit(packet, writeRed(sentPayloadTypes.opus, redundant, packet.frame.subarray(rtpHeaderBytes), rtpHeaderBytes), sentPayloadTypes.red);
    return true;
  }

  #emit(packet: MediaPacket, frame: Buffer, payloadType: number): void {
    writeRtpHeader(frame, {
      payloadType, marker: packet.marker, sequence: packet.sequence + this.#sequenceOffset!,
      timestamp: packet.timestamp + this.#timestampOffset, ssrc: this.ssrc,
    });
    this.#packets += 1;
    this.#octets += frame.length - rtpHeaderBytes;
    this.#options.send(frame);
  }
}
