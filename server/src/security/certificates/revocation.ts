import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { internal, invalid, type Clock } from '../../kernel/index.ts';
import { replaceFile, writeOnce } from '../keys/index.ts';
import type { Root } from './root.ts';
import { isSerialNumber, type SerialNumber } from './serial.ts';
import * as x509 from './x509.ts';

/** Why a certificate no longer counts. @see RFC 5280 5.3.1 */
export const revocationReasons = {
  'unspecified': 0, 'key-compromise': 1, 'affiliation-changed': 3, 'superseded': 4, 'cessation-of-operation': 5, 'privilege-withdrawn': 9,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

export interface Revocation { readonly serialNumber: SerialNumber; readonly at: Date; readonly reason: RevocationReason }

/** How long a list may be relied on; a new one is made when half of it has passed. */
const listValidMs = 14 * 24 * 3600_000;

/** Records the revocation durably; the first date and reason stand when it is repeated. */
export async function revoke(folder: string, revocation: Revocation): Promise<void> {
  if (!isSerialNumber(revocation.serialNumber)) throw invalid('certificate-serial', 'serialNumber must be 32 hex digits.', { details: { at: 'serialNumber' } });
  const revoked = join(folder, 'revoked');
  await mkdir(revoked, { recursive: true, mode: 0o700 });
  await writeOnce(join(revoked, `${revocation.serialNumber}.json`), JSON.stringify({ at: revocation.at.toISOString(), reason: revocation.reason }));
}

export async function readRevocations(folder: string): Promise<Revocation[]> {
  const revoked = join(folder, 'revoked');
  await mkdir(revoked, { recursive: true, mode: 0o700 });
  const serials = (await readdir(revoked)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).filter(isSerialNumber).sort();
  const revocations: Revocation[] = [];
  for (const serialNumber of serials) revocations.push(parse(serialNumber, await readFile(join(revoked, `${serialNumber}.json`), 'utf8')));
  return revocations;
}

function parse(serialNumber: SerialNumber, text: string): Revocation {
  const { at, reason } = JSON.parse(text) as { at?: unknown; reason?: unknown };
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof reason !== 'string' || !(reason in revocationReasons)) {
    throw internal('certificate-revocation', `The record of the revoked certificate ${serialNumber} is damaged.`);
  }
  return { serialNumber, at: new Date(at), reason: reason as RevocationReason };
}

/** Signs the list of all revoked certificates, writes it as `crl.der`, and returns its DER bytes. Its number grows with time. @see RFC 5280 5 */
export async function writeRevocationList(folder: string, root: Root, clock: Clock): Promise<Uint8Array> {
  const thisUpdate = clock.now();
  const revocations = await readRevocations(folder);
  const list = await x509.X509CrlGenerator.create({
    issuer: root.certificate.subjectName,
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + listValidMs),
    signingAlgorithm: root.certificate.signatureAlgorithm,
    signingKey: root.signingKey,
    entries: revocations.map((r) => ({ serialNumber: r.serialNumber, revocationDate: r.at, reason: revocationReasons[r.reason] as x509.X509CrlReason })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
      new x509.Extension('2.5.29.20', false, derInteger(BigInt(thisUpdate.getTime()))),
    ],
  });
  const der = new Uint8Array(list.rawData);
  await replaceFile(join(folder, 'crl.der'), der, 0o644);
  return der;
}

/** True when a list made at `madeAt` should be replaced. */
export const isListStale = (madeAt: Date, now: Date): boolean => now.getTime() - madeAt.getTime() > listValidMs / 2 || now < madeAt;

function derInteger(value: bigint): Uint8Array<ArrayBuffer> {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const content = (bytes[0]! & 0x80) === 0 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
  return Uint8Array.from([0x02, content.length, ...content]);
}
