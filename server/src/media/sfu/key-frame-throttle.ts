/** Most key frames that one sender is asked for: one in this time, whatever the number of receivers. */
export const keyFrameIntervalMs = 400;

/** Passes the first request on at once and gathers those that follow into one at the end of the interval. */
export function throttleKeyFrames(request: () => void, nowMs: () => number): { request(): void; close(): void } {
  let lastMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const fire = () => {
    timer = undefined;
    lastMs = nowMs();
    request();
  };
  return {
    request() {
      if (timer !== undefined) return;
      const waitMs = lastMs + keyFrameIntervalMs - nowMs();
      if (waitMs <= 0) fire();
      else timer = setTimeout(fire, waitMs);
    },
    close() { clearTimeout(timer); timer = undefined; },
  };
}
