import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid, type Clock } from '../../kernel/index.ts';
import type { CertificateAuthority } from '../certificates/index.ts';
import { replaceFile, type KeyWrapper } from '../keys/index.ts';

/** PEM texts as node:https takes them. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly notAfter: Date;
  readonly source: 'files' | 'authority';
}

/** A certificate of the authority is replaced this long before it expires. */
export const renewBeforeMs = 30 * 24 * 3600_000;

async function readPem(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw invalid('tls-file', `${setting}: ${file} cannot be read.`, { cause, details: { at: setting } });
  }
}

/**
 * The administrator's certificate.
 * @throws invalid `tls-file`, `tls-certificate`, `tls-key` (does not belong to the certificate), `tls-expired`, each naming the setting.
 */
export async function materialFromFiles(files: { cert: string; key: string }, clock: Clock): Promise<TlsMaterial> {
  const cert = await readPem(files.cert, 'TLS_CERT');
  const key = await readPem(files.key, 'TLS_KEY');
  let certificate: X509Certificate;
  let belongs: boolean;
  try {
    certificate = new X509Certificate(cert);
  } catch (cause) {
    throw invalid('tls-certificate', `TLS_CERT: ${files.cert} is not a certificate in PEM.`, { cause, details: { at: 'TLS_CERT' } });
  }
  try {
    belongs = certificate.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw invalid('tls-key', `TLS_KEY: ${files.key} is not a private key in PEM, or is locked by a passphrase.`, { cause, details: { at: 'TLS_KEY' } });
  }
  if (!belongs) throw invalid('tls-key', 'TLS_KEY does not belong to the certificate in TLS_CERT.', { details: { at: 'TLS_KEY' } });
  const notAfter = new Date(certificate.validTo);
  if (notAfter <= clock.now()) throw invalid('tls-expired', `TLS_CERT: ${files.cert} expired on ${notAfter.toISOString().slice(0, 10)}.`, { details: { at: 'TLS_CERT' } });
  return { cert, key, notAfter, source: 'files' };
}

export interface AuthorityMaterialOptions {
  /** Where the issued certificate is kept between starts. */
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly keys: KeyWrapper;
  readonly clock: Clock;
  /** Host names and addresses that it must be good for. */
  readonly names: readonly string[];
}

interface Kept { readonly names: string[]; readonly cert: string; readonly wrappedKey: string; readonly rootSha256: string; readonly notAfter: string }
const context = 'tls/server';

async function kept(options: AuthorityMaterialOptions): Promise<TlsMaterial | undefined> {
  let found: Kept;
  try {
    found = JSON.parse(await readFile(join(options.folder, 'server.json'), 'utf8')) as Kept;
  } catch {
    return undefined; // none yet, or damaged: another is issued, nothing depends on the old one
  }
  const notAfter = new Date(found.notAfter);
  const good = found.rootSha256 === options.authority.rootSha256 && options.names.every((n) => found.names.includes(n)) && notAfter.getTime() - options.clock.now().getTime() > renewBeforeMs;
  if (!good) return undefined;
  const key = await options.keys.unwrap(Buffer.from(found.wrappedKey, 'base64'), context);
  return { cert: found.cert, key: Buffer.from(key).toString('utf8'), notAfter, source: 'authority' };
}

/** The certificate issued before if it is still good for all names and long enough, else a new one, durable before it is returned. */
export async function materialFromAuthority(options: AuthorityMaterialOptions): Promise<TlsMaterial> {
  const before = await kept(options);
  if (before) return before;
  const { cert, key, notAfter } = await options.authority.issueServerCertificate(options.names);
  const wrappedKey = Buffer.from(await options.keys.wrap(Buffer.from(key, 'utf8'), context)).toString('base64');
  const row: Kept = { names: [...options.names], cert, wrappedKey, rootSha256: options.authority.rootSha256, notAfter: notAfter.toISOString() };
  await replaceFile(join(options.folder, 'server.json'), JSON.stringify(row));
  return { cert, key, notAfter, source: 'authority' };
}
