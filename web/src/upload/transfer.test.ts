import { expect, test } from 'vitest';
import { faultOf } from './transfer.ts';

test.each([
  [415, '{"code":"document-type-mismatch","found":"application/pdf","claimed":"image/png"}', { fault: 'kind', found: 'application/pdf', claimed: 'image/png' }],
  [422, '{"code":"document-cut-short"}', { fault: 'damaged' }],
  [503, '{"code":"disk-full"}', { fault: 'full' }],
  [413, 'Maximum size exceeded\n', { fault: 'too-large' }],
  [401, '', { fault: 'sign-in' }],
  [undefined, '', { fault: 'unknown' }],
  [500, '<html>', { fault: 'unknown' }],
])('an answer %s %s is told as what to do', (status, body, expected) => {
  expect(faultOf(status, body)).toEqual(expected);
});
