import { randomBytes } from 'node:crypto';
import type { Branded } from '../../kernel/index.ts';

/** Lower-case hex of 16 random bytes, positive: unique without a counter, so several processes may issue at once. */
export type SerialNumber = Branded<'SerialNumber'>;

/** @see RFC 5280 4.1.2.2 (positive, at most 20 octets) */
export function newSerialNumber(): SerialNumber {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex') as SerialNumber;
}

export const isSerialNumber = (text: string): text is SerialNumber => /^[0-9a-f]{32}$/.test(text);
