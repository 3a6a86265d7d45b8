import { expect, test } from 'vitest';
import { classifyLink, linkLimits } from './limits.ts';

test('the limits are those of clause 8.5.2', () => {
  expect(linkLimits).toEqual({ latencyMs: 50, jitterMs: 20, lossFraction: 0.05 });
});

test('latency is half the round trip and must stay under its limit; jitter and loss may reach theirs', () => {
  expect(classifyLink({ roundTripMs: 99.8, jitterMs: 20, lossFraction: 0.05 }).grade).toBe('within');
  expect(classifyLink({ roundTripMs: 100, jitterMs: 0, lossFraction: 0 }).latencyMs).toEqual({ value: 50, limit: 50, grade: 'exceeded' });
});

test('60 ms, 25 ms and 6 % are each reported as exceeded; more than double is far exceeded', () => {
  expect(classifyLink({ roundTripMs: 120, jitterMs: 1, lossFraction: 0 })).toMatchObject({ grade: 'exceeded', latencyMs: { grade: 'exceeded' }, jitterMs: { grade: 'within' } });
  expect(classifyLink({ roundTripMs: 10, jitterMs: 25, lossFraction: 0 }).jitterMs.grade).toBe('exceeded');
  expect(classifyLink({ roundTripMs: 10, jitterMs: 1, lossFraction: 0.06 }).lossFraction?.grade).toBe('exceeded');
  expect(classifyLink({ roundTripMs: 10, jitterMs: 1, lossFraction: 0.2 }).grade).toBe('far-exceeded');
});

test('loss that could not be seen is left out, not taken for none', () => {
  expect(classifyLink({ roundTripMs: 10, jitterMs: 1, lossFraction: undefined })).not.toHaveProperty('lossFraction');
});
