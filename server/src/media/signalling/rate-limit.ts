/** A token bucket: `perSecond` on average, `burst` at once. Returns whether one more is allowed at `nowMs`. */
export function tokenBucket(perSecond: number, burst: number): (nowMs: number) => boolean {
  let tokens = burst;
  let lastMs: number | undefined;
  return (nowMs) => {
    tokens = Math.min(burst, tokens + ((nowMs - (lastMs ?? nowMs)) * perSecond) / 1000);
    lastMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
