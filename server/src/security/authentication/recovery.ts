import { createHash, randomBytes } from 'node:crypto';
import type { Sql, Tx } from '../../kernel/index.ts';

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'; // 32 signs without l, o, 0 and 1
const codes = 10;
const signs = 16; // 80 bits: a plain digest withstands guessing

const hashOf = (accountId: string, code: string): Buffer => createHash('sha256').update(`${accountId}\0${code}`, 'utf8').digest();

/** Small letters and digits only; undefined when it cannot be a recovery code. */
export function readRecoveryCode(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(/[\s-]/g, '');
  return /^[a-z0-9]{16}$/.test(plain) ? plain : undefined;
}

/** Makes ten codes in place of the old ones. @returns them in groups of four, to be shown once. */
export async function renewRecoveryCodes(tx: Tx, accountId: string): Promise<string[]> {
  const fresh = Array.from({ length: codes }, () => Array.from(randomBytes(signs), (byte) => alphabet[byte & 31] ?? 'a').join(''));
  await tx.query('delete from security.recovery_code where account_id = $1', [accountId]);
  await tx.query('insert into security.recovery_code (account_id, hash) select $1, unnest($2::bytea[])', [accountId, fresh.map((code) => hashOf(accountId, code))]);
  return fresh.map((code) => code.match(/.{4}/g)?.join('-') ?? code);
}

/** True once for each code. */
export async function useRecoveryCode(sql: Sql, accountId: string, text: string, now: Date): Promise<boolean> {
  const code = readRecoveryCode(text);
  if (code === undefined) return false;
  const { rowCount } = await sql.query('update security.recovery_code set used_at = $3 where account_id = $1 and hash = $2 and used_at is null', [accountId, hashOf(accountId, code), now]);
  return rowCount === 1;
}
