import { Secret } from 'otpauth';
import { invalid } from '../../kernel/index.ts';
import type { KeyWrapper } from '../keys/index.ts';

const contextOf = (accountId: string): string => `security/totp/${accountId}`;

/** Reads a Base32 seed. @throws invalid `totp-secret` unless it has 16 to 64 bytes. @see RFC 4226 section 4, R6 */
export function readTotpSecret(base32: string): Uint8Array {
  const compact = base32.replaceAll(/[\s=-]/g, '').toUpperCase();
  if (!/^[A-Z2-7]{26,103}$/.test(compact)) throw invalid('totp-secret', 'A seed is 16 to 64 bytes in Base32.', { details: { at: 'totpSecret' } });
  return new Uint8Array(Secret.fromBase32(compact).buffer);
}
export const wrapTotpSecret = async (wrapper: KeyWrapper, accountId: string, secret: Uint8Array): Promise<Buffer> => Buffer.from(await wrapper.wrap(secret, contextOf(accountId)));
export const unwrapTotpSecret = (wrapper: KeyWrapper, accountId: string, wrapped: Uint8Array): Promise<Uint8Array> => wrapper.unwrap(wrapped, contextOf(accountId));
