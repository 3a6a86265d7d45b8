import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRevocation } from '../authorization/index.ts';
import { readBearer } from './bearer.ts';
import { isLoopbackAddress } from './remote.ts';
import { traceIdFrom } from './traceparent.ts';

test('a bearer header gives its token, another scheme nothing, a broken one neither', () => {
  expect(readBearer(undefined)).toEqual({ kind: 'none' });
  expect(readBearer('Basic eDp5')).toEqual({ kind: 'none' });
  expect(readBearer(`bearer ${'a'.repeat(43)}`)).toEqual({ kind: 'token', token: 'a'.repeat(43) });
  for (const wrong of ['Bearer', 'Bearer ', 'Bearer short', `Bearer ${'a'.repeat(43)} b`, `Bearer ${'a'.repeat(5_000)}`, `Bearer ${'\u00e9'.repeat(20)}`]) expect(readBearer(wrong).kind, `${wrong.slice(0, 30)}`).toBe('malformed');
});

test('no header makes the reader fail, and a token it gives stands in the header', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 6_000 }), fc.string({ maxLength: 200 }).map((text) => `Bearer ${text}`)), (header) => {
    const read = readBearer(header);
    expect(header.endsWith(read.kind === 'token' ? read.token : '')).toBe(true);
  }), { numRuns: 3_000 });
});

test('a trace is continued when its header is right and begun anew when it is not', () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  expect(traceIdFrom(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
  expect(traceIdFrom(`cc-${id}-00f067aa0ba902b7-01-what-comes-later`)).toBe(id);
  for (const wrong of [`ff-${id}-00f067aa0ba902b7-01`, `00-${id}-00f067aa0ba902b7-01-more`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `00-${id}-${'0'.repeat(16)}-01`, `00-${id.toUpperCase()}-00f067aa0ba902b7-01`, '', 'x'.repeat(10_000), undefined]) {
    expect(traceIdFrom(wrong)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdFrom(wrong)).not.toBe(id);
  }
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => { expect(traceIdFrom(header)).toMatch(/^[0-9a-f]{32}$/); }));
});

test('only addresses that no other machine can have are loopback', () => {
  for (const near of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) expect(isLoopbackAddress(near)).toBe(true);
  for (const far of ['192.0.2.1', '::ffff:192.0.2.1', '127.0.0.1.evil.example', '1127.0.0.1', '::2', '', undefined]) expect(isLoopbackAddress(far)).toBe(false);
});

test('a notification that is not ours is not understood', () => {
  expect(parseRevocation('{"kind":"account","id":"a"}')).toEqual({ kind: 'account', id: 'a' });
  for (const wrong of ['', 'null', '[]', '{"kind":"other","id":"a"}', '{"kind":"account"}', '{"kind":"account","id":1}', undefined]) expect(parseRevocation(wrong)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => { parseRevocation(text); }));
});
