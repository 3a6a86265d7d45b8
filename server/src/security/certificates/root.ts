import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { internal, type Clock } from '../../kernel/index.ts';
import { writeOnce, type KeyWrapper } from '../keys/index.ts';
import { rootExtensions, rsaKeys } from './profiles.ts';
import { newSerialNumber } from './serial.ts';
import * as x509 from './x509.ts';

/** A key of Web Cryptography under the name that both Node's and a browser's type library give it. */
export type WebCryptoKey = InstanceType<typeof CryptoKey>;

/** The root of trust, opened: its certificate and the key that signs. The key cannot be exported again. */
export interface Root {
  readonly certificate: x509.X509Certificate;
  readonly signingKey: WebCryptoKey;
}

const keyContext = 'certificates/root';
const validYears = 20;

/**
 * Reads the root of the authority from `folder/root.json`, or makes it. One file holds certificate and wrapped key, so neither can exist
 * without the other; of several processes that start together, one makes it and all use it.
 * @throws internal `certificate-root` when the file is not readable as a root; it is never replaced silently.
 */
export async function openRoot(folder: string, keys: KeyWrapper, clock: Clock, authorityName: string): Promise<Root> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'root.json');
  const before = await readIfThere(path);
  if (before !== undefined) return parseRoot(before, keys);
  await writeOnce(path, await makeRoot(keys, clock, authorityName));
  return parseRoot(await readFile(path, 'utf8'), keys);
}

async function makeRoot(keys: KeyWrapper, clock: Clock, authorityName: string): Promise<string> {
  const pair = await crypto.subtle.generateKey(rsaKeys, true, ['sign', 'verify']);
  const notBefore = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validYears);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ O: ['Bedside'] }, { CN: [authorityName] }],
    notBefore, notAfter, keys: pair, signingAlgorithm: rsaKeys,
    extensions: [...rootExtensions(), await x509.SubjectKeyIdentifierExtension.create(pair.publicKey)],
  });
  const wrappedKey = await keys.wrap(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)), keyContext);
  return JSON.stringify({ certificate: certificate.toString('pem'), wrappedKey: Buffer.from(wrappedKey).toString('base64') });
}

async function parseRoot(text: string, keys: KeyWrapper): Promise<Root> {
  const { certificate, wrappedKey } = readFields(text);
  const pkcs8 = await keys.unwrap(Buffer.from(wrappedKey, 'base64'), keyContext);
  return {
    certificate: new x509.X509Certificate(certificate),
    signingKey: await crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), rsaKeys, false, ['sign']),
  };
}

function readFields(text: string): { certificate: string; wrappedKey: string } {
  const damaged = (cause?: unknown) =>
    internal('certificate-root', 'root.json of the certificate authority is damaged; restore it from its backup.', { cause });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'certificate' in value && 'wrappedKey' in value
      && typeof value.certificate === 'string' && typeof value.wrappedKey === 'string') {
      return { certificate: value.certificate, wrappedKey: value.wrappedKey };
    }
  } catch (cause) {
    throw damaged(cause);
  }
  throw damaged();
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}
