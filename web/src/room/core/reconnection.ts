/** How the signalling connection comes about, breaks and comes back: a pure function; sockets and timers live in `room-client.ts`. */

export const endings = ['ended-by-host', 'empty', 'shutdown', 'removed', 'refused', 'replaced', 'left', 'seat-gone', 'unreachable', 'not-admitted'] as const;
export type Ending = (typeof endings)[number];

export type ConnectionState =
  | { readonly is: 'idle' }
  /** A socket is being opened; with a token the seat is resumed, without one the ticket is shown. */
  | { readonly is: 'opening'; readonly attempt: number; readonly lostAtMs: number | undefined; readonly token: string | undefined; readonly wasInside: boolean }
  | { readonly is: 'entering'; readonly attempt: number; readonly lostAtMs: number | undefined; readonly token: string | undefined; readonly wasInside: boolean }
  | { readonly is: 'waiting'; readonly token: string }
  | { readonly is: 'inside'; readonly token: string }
  /** The connection is lost; the next try comes when the timer fires or the network is back. */
  | { readonly is: 'pausing'; readonly attempt: number; readonly lostAtMs: number; readonly token: string | undefined; readonly wasInside: boolean }
  | { readonly is: 'over'; readonly ending: Ending };

export type ConnectionEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened' }
  | { readonly type: 'closed'; readonly nowMs: number }
  | { readonly type: 'pause-over' }
  | { readonly type: 'network-back' }
  | { readonly type: 'told-to-wait'; readonly token: string }
  | { readonly type: 'welcomed'; readonly token: string }
  | { readonly type: 'refused'; readonly retryable: boolean; readonly nowMs: number }
  | { readonly type: 'seat-gone' }
  | { readonly type: 'ended'; readonly ending: Ending }
  | { readonly type: 'leave' };

export type ConnectionEffect =
  | { readonly do: 'open-socket' }
  | { readonly do: 'close-socket' }
  | { readonly do: 'show-ticket' }
  | { readonly do: 'resume'; readonly token: string }
  | { readonly do: 'say-leave' }
  | { readonly do: 'pause'; readonly forMs: number }
  | { readonly do: 'over'; readonly ending: Ending };

export type ConnectionStep = readonly [ConnectionState, readonly ConnectionEffect[]];

/** Trying ends after this long without any answer. */
export const unreachableAfterMs = 60_000;
export const pauseMs = (attempt: number): number => (attempt === 0 ? 0 : Math.min(2_000, 250 * 2 ** (attempt - 1)));

const over = (ending: Ending, ...effects: ConnectionEffect[]): ConnectionStep => [{ is: 'over', ending }, [...effects, { do: 'over', ending }]];

function lost(state: Exclude<ConnectionState, { is: 'idle' | 'over' | 'pausing' }>, nowMs: number): ConnectionStep {
  const inside = state.is === 'inside' || ('wasInside' in state && state.wasInside);
  const lostAtMs = 'lostAtMs' in state ? state.lostAtMs ?? nowMs : nowMs;
  if (nowMs - lostAtMs > unreachableAfterMs) return over('unreachable');
  const attempt = 'attempt' in state ? state.attempt + 1 : 0;
  return [{ is: 'pausing', attempt, lostAtMs, token: state.token, wasInside: inside }, [{ do: 'pause', forMs: pauseMs(attempt) }]];
}

export function connectionStep(state: ConnectionState, event: ConnectionEvent): ConnectionStep {
  if (state.is === 'over') return [state, []];
  switch (event.type) {
    case 'ended': return over(event.ending, { do: 'close-socket' });
    case 'seat-gone': return over('seat-gone', { do: 'close-socket' });
    case 'leave': return over('left', { do: 'say-leave' }, { do: 'close-socket' });
    case 'start': return state.is === 'idle' ? [{ is: 'opening', attempt: 0, lostAtMs: undefined, token: undefined, wasInside: false }, [{ do: 'open-socket' }]] : [state, []];
    case 'opened':
      if (state.is !== 'opening') return [state, []];
      return [{ ...state, is: 'entering' }, [state.token === undefined ? { do: 'show-ticket' } : { do: 'resume', token: state.token }]];
    case 'told-to-wait': return state.is === 'idle' ? [state, []] : [{ is: 'waiting', token: event.token }, []];
    case 'welcomed': return state.is === 'idle' ? [state, []] : [{ is: 'inside', token: event.token }, []];
    case 'refused':
      if (state.is !== 'entering') return [state, []];
      return event.retryable ? [state, [{ do: 'close-socket' }]] : over('not-admitted', { do: 'close-socket' });
    case 'closed': return state.is === 'idle' || state.is === 'pausing' ? [state, []] : lost(state, event.nowMs);
    case 'pause-over': case 'network-back':
      if (state.is !== 'pausing') return [state, []];
      return [{ is: 'opening', attempt: state.attempt, lostAtMs: state.lostAtMs, token: state.token, wasInside: state.wasInside }, [{ do: 'open-socket' }]];
  }
}
