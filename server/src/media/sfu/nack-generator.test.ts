import { expect, test } from 'vitest';
import { NackGenerator, nackTiming } from './nack-generator.ts';

test('asks 4 ms after a gap, again every 1.15 round trips, twelve times, and then gives up', () => {
  const nack = new NackGenerator();
  nack.arrive(100, 0);
  expect(nack.arrive(103, 10)).toEqual({ kind: 'new', gap: 2 });
  expect(nack.round(13, 50)).toMatchObject({ ask: [], nextAtMs: 14 });
  const asked: number[] = [];
  let at = 14;
  for (;;) {
    const round = nack.round(at, 50);
    if (round.lost.length > 0) { expect(round.lost).toEqual([101, 102]); expect(round.nextAtMs).toBeUndefined(); break; }
    expect(round.ask).toEqual([101, 102]);
    asked.push(at);
    at = round.nextAtMs!;
  }
  expect(asked).toHaveLength(nackTiming.mostTries);
  expect(asked[1]! - asked[0]!).toBeCloseTo(57.5);
});

test('a packet that comes back is recovered once, and tells the round trip when it was asked for once', () => {
  const nack = new NackGenerator();
  nack.arrive(1, 0);
  nack.arrive(3, 0);
  nack.round(4, 50);
  expect(nack.arrive(2, 52)).toEqual({ kind: 'recovered', answeredInMs: 48 });
  expect(nack.arrive(2, 60)).toEqual({ kind: 'duplicate' });
  expect(nack.round(200, 50)).toEqual({ ask: [], lost: [], nextAtMs: undefined });
});

test('a jump too far to repair begins anew', () => {
  const nack = new NackGenerator();
  nack.arrive(1, 0);
  expect(nack.arrive(1_000, 5)).toEqual({ kind: 'reset' });
  expect(nack.missingCount).toBe(0);
  expect(nack.arrive(1_001, 6)).toEqual({ kind: 'new', gap: 0 });
});
