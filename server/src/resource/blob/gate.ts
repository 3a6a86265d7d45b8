import { unavailable } from '../../kernel/index.ts';

/** At most `most` holders at once and at most `waiting` in the queue; whoever comes then is told to try again. */
export interface Gate { enter(): Promise<() => void> }

export function gate(most: number, waiting: number, what: string): Gate {
  let inside = 0;
  const queue: (() => void)[] = [];
  const leaveOnce = (): (() => void) => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = queue.shift();
      if (next) next();
      else inside -= 1;
    };
  };
  return {
    enter: async () => {
      if (inside < most) {
        inside += 1;
        return leaveOnce();
      }
      if (queue.length >= waiting) throw unavailable('blob-busy', `Too many ${what} at once; try again.`, { details: { retryAfterMs: 2_000 } });
      await new Promise<void>((resolve) => queue.push(resolve));
      return leaveOnce();
    },
  };
}
