import { timestampDifference, unwrapSequence, writeNack, writeReceiverReport, type ReportBlock } from '../rtp/index.ts';
import type { ClockReference } from './media-packet.ts';
import { NackGenerator } from './nack-generator.ts';

export interface ReceiveStreamOptions {
  readonly ssrc: number;
  readonly clockRate: number;
  readonly nowMs: () => number;
  /** Sends RTCP to the sender of this stream. */
  readonly sendRtcp: (bytes: Buffer) => void;
  /** Called when a packet is lost for good. */
  readonly onGivenUp: () => void;
}

/** Our own SSRC in feedback: we send no media on a receiving connection. */
export const feedbackSsrc = 1;
export const unknownRoundTripMs = 100;
const leastRoundTripMs = 5;
const mostRoundTripMs = 1_000;

export interface ReceiveQuality { readonly lossFraction: number; readonly residualLossFraction: number; readonly jitterMs: number; readonly roundTripMs: number | undefined; readonly packets: number }

/** The receiving end of one RTP stream: unwraps numbers, asks for what is missing, measures loss and jitter, makes report blocks. */
export class ReceiveStream {
  readonly ssrc: number;
  #options: ReceiveStreamOptions;
  #nack = new NackGenerator();
  #timer: NodeJS.Timeout | undefined;
  #roundTripMs: number | undefined;
  #jitter = 0;
  #transit: number | undefined;
  #received = 0;
  #lossFraction = 0;
  #givenUp = 0;
  #interval = { expected: 0, missed: 0, givenUp: 0 };
  #residual = 0;
  #senderReport: (ClockReference & { readonly compact: number }) | undefined;

  constructor(options: ReceiveStreamOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
  }

  get clockReference(): ClockReference | undefined { return this.#senderReport; }

  /** Takes one packet; returns its unwrapped number, or undefined for a duplicate. */
  accept(sequence: number, timestamp: number): number | undefined {
    const nowMs = this.#options.nowMs();
    // The count begins at 65536 so that late packets of the very start stay positive.
    const unwrapped = unwrapSequence(sequence, this.#nack.highest ?? 65_536 + sequence);
    const arrival = this.#nack.arrive(unwrapped, nowMs);
    if (arrival.kind === 'duplicate') return undefined;
    this.#received += 1;
    if (arrival.kind === 'recovered') {
      if (arrival.answeredInMs !== undefined) this.#learnRoundTrip(arrival.answeredInMs);
      return unwrapped;
    }
    if (arrival.kind === 'reset') this.#options.onGivenUp();
    else {
      this.#interval.expected += arrival.gap + 1;
      this.#interval.missed += arrival.gap;
      if (arrival.gap > 0) this.#schedule(nowMs + 4);
    }
    this.#measureJitter(timestamp, nowMs);
    return unwrapped;
  }

  /** Takes a packet that redundancy brought; returns its unwrapped number when it was missing. */
  recover(sequence: number): number | undefined {
    const highest = this.#nack.highest;
    if (highest === undefined) return undefined;
    const unwrapped = unwrapSequence(sequence, highest);
    if (!this.#nack.isMissing(unwrapped)) return undefined;
    this.#nack.arrive(unwrapped, this.#options.nowMs());
    return unwrapped;
  }

  noteSenderReport(ntpSeconds: number, ntpFraction: number, rtpTimestamp: number): void {
    const compact = (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0;
    this.#senderReport = { ntpSeconds, ntpFraction, rtpTimestamp, atMs: this.#options.nowMs(), compact };
  }

  /**
   * A report block for the time since the last one.
   * It reports what repair could not bring back: loss that is repaired is no reason for the sender to slow down (a full link is seen by its delay).
   */
  report(): ReportBlock | undefined {
    const highest = this.#nack.highest;
    if (highest === undefined) return undefined;
    const { expected, missed, givenUp } = this.#interval;
    this.#interval = { expected: 0, missed: 0, givenUp: 0 };
    if (expected > 0) {
      // A slow average: the play-out delay must not swing with single losses.
      const weight = Math.min(0.3, expected / 400);
      this.#lossFraction += weight * (missed / expected - this.#lossFraction);
      this.#residual += weight * (givenUp / expected - this.#residual);
    }
    const last = this.#senderReport;
    return {
      ssrc: this.ssrc, fractionLost: expected > 0 ? Math.min(1, givenUp / expected) : 0, cumulativeLost: this.#givenUp,
      highestSequence: highest >>> 0, jitter: this.#jitter,
      lastSenderReport: last?.compact ?? 0,
      delaySinceLastSenderReport: last === undefined ? 0 : Math.round((this.#options.nowMs() - last.atMs) * 65.536),
    };
  }

  get quality(): ReceiveQuality {
    return {
      lossFraction: this.#lossFraction, residualLossFraction: this.#residual, jitterMs: (this.#jitter / this.#options.clockRate) * 1000,
      roundTripMs: this.#roundTripMs, packets: this.#received,
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nack.clear();
  }

  #schedule(atMs: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => { this.#timer = undefined; this.#ask(); }, Math.max(1, atMs - this.#options.nowMs()));
  }

  #ask(): void {
    const round = this.#nack.round(this.#options.nowMs(), this.#roundTripMs ?? unknownRoundTripMs);
    if (round.ask.length > 0) {
      this.#options.sendRtcp(Buffer.concat([writeReceiverReport(feedbackSsrc, []), writeNack(feedbackSsrc, this.ssrc, round.ask.map((n) => n & 0xffff))]));
    }
    if (round.lost.length > 0) {
      this.#givenUp += round.lost.length;
      this.#interval.givenUp += round.lost.length;
      this.#options.onGivenUp();
    }
    if (round.nextAtMs !== undefined) this.#schedule(round.nextAtMs);
  }

  #learnRoundTrip(sampleMs: number): void {
    const sample = Math.min(mostRoundTripMs, Math.max(leastRoundTripMs, sampleMs));
    this.#roundTripMs = this.#roundTripMs === undefined ? sample : this.#roundTripMs + 0.2 * (sample - this.#roundTripMs);
  }

  /** Interarrival jitter. @see RFC 3550 appendix A.8 */
  #measureJitter(timestamp: number, nowMs: number): void {
    const arrival = Math.round((nowMs * this.#options.clockRate) / 1000) | 0;
    const transit = timestampDifference(arrival, timestamp | 0);
    if (this.#transit !== undefined) {
      const difference = Math.abs(timestampDifference(transit, this.#transit));
      if (difference < this.#options.clockRate) this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }
}
