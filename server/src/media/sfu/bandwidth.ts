/**
 * What a sender is told that it may send (REMB). This is a simple delay-based estimate, not transport-wide congestion control:
 * the estimate grows by 8 % a second while packets take no longer than before, and falls to 85 % of what arrives when the queueing delay stays up.
 * Random loss is repaired, not yielded to; only very heavy loss counts as a full link.
 */
export const bandwidthLimits = { startBps: 1_000_000, leastBps: 150_000, mostBps: 2_500_000, growthPerSecond: 0.08, queueMs: 80, heavyLoss: 0.35 } as const;

export class BandwidthEstimate {
  #estimateBps: number = bandwidthLimits.startBps;
  #bytes = 0;
  #lastAtMs: number | undefined;
  /** Smallest transit time of the present and the previous ten seconds: the empty path. */
  #least = { present: Infinity, previous: Infinity, sinceMs: 0 };
  #queueMs = 0;
  #lastSendMs: number | undefined;
  #sendWraps = 0;

  get bitsPerSecond(): number { return Math.round(this.#estimateBps); }
  get queueMs(): number { return this.#queueMs; }

  /** One packet; `absoluteSendTime` is the 24-bit header extension (6.18 fixed point seconds), when there is one. */
  onPacket(bytes: number, nowMs: number, absoluteSendTime: number | undefined): void {
    this.#bytes += bytes;
    if (absoluteSendTime === undefined) return;
    const raw = (absoluteSendTime * 1000) / 2 ** 18;
    if (this.#lastSendMs !== undefined) {
      if (raw - this.#lastSendMs < -32_000) this.#sendWraps += 1;
      // A packet from before the wrap that comes late would look a minute fast.
      else if (raw - this.#lastSendMs > 32_000) return;
    }
    this.#lastSendMs = raw;
    const transitMs = nowMs - (raw + this.#sendWraps * 64_000);
    if (nowMs - this.#least.sinceMs > 10_000) this.#least = { previous: this.#least.present, present: Infinity, sinceMs: nowMs };
    this.#least.present = Math.min(this.#least.present, transitMs);
    const queueMs = transitMs - Math.min(this.#least.present, this.#least.previous);
    this.#queueMs += 0.05 * (queueMs - this.#queueMs);
  }

  /** Called about once a second; returns the new estimate in bit/s. */
  update(nowMs: number, lossFraction: number): number {
    const elapsedS = this.#lastAtMs === undefined ? 1 : Math.max(0.1, (nowMs - this.#lastAtMs) / 1000);
    this.#lastAtMs = nowMs;
    const incomingBps = (this.#bytes * 8) / elapsedS;
    this.#bytes = 0;
    const full = this.#queueMs > bandwidthLimits.queueMs || lossFraction > bandwidthLimits.heavyLoss;
    const next = full ? Math.min(this.#estimateBps, incomingBps * 0.85) : this.#estimateBps * (1 + bandwidthLimits.growthPerSecond * elapsedS);
    this.#estimateBps = Math.min(bandwidthLimits.mostBps, Math.max(bandwidthLimits.leastBps, next));
    return this.bitsPerSecond;
  }
}
