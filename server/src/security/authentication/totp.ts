import { timingSafeEqual } from 'node:crypto';
import { HOTP, Secret, TOTP } from 'otpauth';
import type { Sql } from '../../kernel/index.ts';

const periodSeconds = 30;
const digits = 6;

const generator = (secret: Uint8Array): HOTP => new HOTP({ secret: new Secret({ buffer: Uint8Array.from(secret).buffer }), algorithm: 'SHA1', digits });

/** The 30-second step of an instant. */
export const stepOf = (at: Date): number => Math.floor(at.getTime() / 1_000 / periodSeconds);
export const totpCode = (secret: Uint8Array, at: Date): string => generator(secret).generate({ counter: stepOf(at) });

/** Digits only, as people type them: with spaces, or in the digits of their own script. Undefined when it cannot be a code. */
export function readCode(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const plain = text.normalize('NFKC').replaceAll(/[\s-]/g, '').replaceAll(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
  return /^\d{6}$/.test(plain) ? plain : undefined;
}

/** The step within one of now that the code belongs to. All three are compared, whatever matches. @see RFC 6238 section 5.2 */
export function matchingStep(secret: Uint8Array, code: string, now: Date): number | undefined {
  const hotp = generator(secret);
  const given = Buffer.from(code);
  let found: number | undefined;
  for (const counter of [stepOf(now) - 1, stepOf(now), stepOf(now) + 1]) {
    const expected = Buffer.from(hotp.generate({ counter: Math.max(0, counter) }));
    if (expected.length === given.length && timingSafeEqual(expected, given)) found = counter;
  }
  return found;
}

/** True once for each code: a used step is written down, so that a code seen over a shoulder is worth nothing, whatever the clock does. */
export async function useCode(sql: Sql, accountId: string, secret: Uint8Array, text: string, now: Date): Promise<boolean> {
  const code = readCode(text);
  const step = code === undefined ? undefined : matchingStep(secret, code, now);
  if (step === undefined) return false;
  const { rowCount } = await sql.query('insert into security.totp_used (account_id, counter) values ($1, $2) on conflict do nothing', [accountId, step]);
  return rowCount === 1;
}

export const newTotpSecret = (): Uint8Array => new Uint8Array(new Secret({ size: 20 }).buffer);
export const totpSecretText = (secret: Uint8Array): string => new Secret({ buffer: Uint8Array.from(secret).buffer }).base32;

/** The address that an authenticator reads from a QR code. @see Key URI format of Google Authenticator */
export const totpUri = (secret: Uint8Array, login: string): string =>
  new TOTP({ issuer: 'Bedside', label: login, secret: new Secret({ buffer: Uint8Array.from(secret).buffer }), algorithm: 'SHA1', digits, period: periodSeconds }).toString();
