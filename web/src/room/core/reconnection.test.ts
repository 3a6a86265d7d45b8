import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectionStep, pauseMs, unreachableAfterMs, type ConnectionEvent, type ConnectionState } from './reconnection.ts';

const run = (events: readonly ConnectionEvent[], from: ConnectionState = { is: 'idle' }) =>
  events.reduce<{ state: ConnectionState; did: string[] }>(({ state, did }, event) => {
    const [next, effects] = connectionStep(state, event);
    return { state: next, did: [...did, ...effects.map((effect) => effect.do)] };
  }, { state: from, did: [] });

describe('the signalling connection', () => {
  test('shows the ticket once and resumes with the token afterwards', () => {
    const first = run([{ type: 'start' }, { type: 'opened' }, { type: 'welcomed', token: 'seat' }]);
    expect(first).toEqual({ state: { is: 'inside', token: 'seat' }, did: ['open-socket', 'show-ticket'] });
    const again = run([{ type: 'closed', nowMs: 0 }, { type: 'pause-over' }, { type: 'opened' }], first.state);
    expect(again.did).toEqual(['pause', 'open-socket', 'resume']);
    expect(run([{ type: 'welcomed', token: 'seat' }], again.state).state).toEqual({ is: 'inside', token: 'seat' });
  });

  test('waits longer after each failure, tries at once when the network is back, and gives up after a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 20].map(pauseMs)).toEqual([0, 250, 500, 1000, 2000, 2000, 2000]);
    const lost = run([{ type: 'closed', nowMs: 1_000 }], { is: 'inside', token: 'seat' });
    expect(run([{ type: 'network-back' }], lost.state).did).toEqual(['open-socket']);
    const late = run([{ type: 'pause-over' }, { type: 'closed', nowMs: 1_001 + unreachableAfterMs }], lost.state);
    expect(late.state).toEqual({ is: 'over', ending: 'unreachable' });
  });

  test('a refused ticket ends it, a busy server does not', () => {
    const entering = run([{ type: 'start' }, { type: 'opened' }]).state;
    expect(run([{ type: 'refused', retryable: false, nowMs: 0 }], entering).state).toEqual({ is: 'over', ending: 'not-admitted' });
    expect(run([{ type: 'refused', retryable: true, nowMs: 0 }], entering).did).toEqual(['close-socket']);
  });

  test('whatever happens: over stays over, and it is told once', () => {
    const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
      fc.constantFrom<ConnectionEvent>({ type: 'start' }, { type: 'opened' }, { type: 'pause-over' }, { type: 'network-back' }, { type: 'seat-gone' }, { type: 'leave' }, { type: 'ended', ending: 'removed' }, { type: 'told-to-wait', token: 't' }, { type: 'welcomed', token: 't' }),
      fc.record({ type: fc.constant('closed' as const), nowMs: fc.nat(200_000) }), fc.record({ type: fc.constant('refused' as const), retryable: fc.boolean(), nowMs: fc.nat() }),
    );
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state: ConnectionState = { is: 'idle' };
      let told = 0;
      for (const one of events) {
        const before = state;
        const [next, effects] = connectionStep(state, one);
        state = next;
        told += effects.filter((effect) => effect.do === 'over').length;
        if (before.is === 'over') expect([next, effects]).toEqual([before, []]);
        // Nothing but a pause may be left to wait for: a lost connection always goes on by itself.
        if (next.is === 'pausing' && before.is !== 'pausing') expect(effects.some((effect) => effect.do === 'pause')).toBe(true);
        if (next.is === 'opening' && before.is !== 'opening') expect(effects).toEqual([{ do: 'open-socket' }]);
      }
      expect(told).toBe(state.is === 'over' ? 1 : 0);
    }), { numRuns: 1_000 });
  });
});
