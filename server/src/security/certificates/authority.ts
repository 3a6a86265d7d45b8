import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../kernel/index.ts';
import { writeOnce, type KeyWrapper } from '../keys/index.ts';
import { ecKeys, institutionName, personName, rsaKeys, serverExtensions, signingExtensions, type InstitutionSubject, type PersonSubject } from './profiles.ts';
import { isListStale, readRevocations, revoke, writeRevocationList, type Revocation, type RevocationReason } from './revocation.ts';
import { openRoot, type Root, type WebCryptoKey } from './root.ts';
import { newSerialNumber, type SerialNumber } from './serial.ts';
import * as x509 from './x509.ts';

/** A certificate with the private key it was made for (PKCS #8). Whoever gets it keeps the key wrapped. */
export interface IssuedIdentity {
  readonly serialNumber: SerialNumber;
  readonly certificatePem: string;
  readonly privateKeyPkcs8: Uint8Array;
  readonly notAfter: Date;
}

/** PEM texts as node:https takes them. */
export interface ServerCertificate {
  /** Server certificate followed by the root. */
  readonly cert: string;
  readonly key: string;
  readonly serialNumber: SerialNumber;
  readonly notAfter: Date;
}

/** The built-in certificate authority. All its state is files in one folder, so it works before there is a database. */
export interface CertificateAuthority {
  readonly rootPem: string;
  /** Lower-case hex SHA-256 of the root's DER, for people to compare when they install it. */
  readonly rootSha256: string;
  /** For TLS on addresses that are not loopback. @param names host names and IP addresses. @throws invalid `certificate-names`. */
  issueServerCertificate(names: readonly string[]): Promise<ServerCertificate>;
  /** @throws invalid `certificate-subject`. */
  issuePersonCertificate(subject: PersonSubject): Promise<IssuedIdentity>;
  /** @throws invalid `certificate-subject`. */
  issueInstitutionSeal(subject: InstitutionSubject): Promise<IssuedIdentity>;
  /** Durable when it returns; the list that is served next has it. */
  revoke(serialNumber: SerialNumber, reason: RevocationReason): Promise<void>;
  revocations(): Promise<Revocation[]>;
  /** The current revocation list, DER. */
  revocationList(): Promise<Uint8Array>;
}

export interface AuthorityOptions {
  /** Where root, issued certificates, revocations and the current list are kept. */
  readonly folder: string;
  readonly keys: KeyWrapper;
  readonly clock: Clock;
  /** Common name of a root that has to be made. */
  readonly name?: string;
  /** Where the revocation list can be fetched; put into the certificates of persons and institutions. */
  readonly revocationListUrl?: string;
}

/** Phones refuse TLS certificates that are valid for longer than 825 days. */
const serverValidDays = 397;
const signerValidDays = 3 * 365;
/** Clocks of clients may be slow; a certificate counts a little earlier than it was made. */
const clockSkewMs = 3600_000;

/**
 * Opens the authority kept in `folder`, making its root on first use.
 * @throws internal `certificate-root`, `key-unwrap` when its files are damaged or the master key is another one.
 * @see RFC 5280; CA/Browser Forum baseline requirements 6.3.2 (validity)
 */
export async function openCertificateAuthority(options: AuthorityOptions): Promise<CertificateAuthority> {
  const { folder, keys, clock } = options;
  const root = await openRoot(folder, keys, clock, options.name ?? 'Bedside local certificate authority');
  await mkdir(join(folder, 'issued'), { recursive: true, mode: 0o700 });
  const rootPem = `${root.certificate.toString('pem')}\n`;

  const issue = async (subject: x509.JsonName, kind: 'rsa' | 'ec', days: number, extensions: x509.Extension[]): Promise<IssuedIdentity> => {
    const algorithm = kind === 'rsa' ? rsaKeys : ecKeys;
    const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as { readonly publicKey: WebCryptoKey; readonly privateKey: WebCryptoKey };
    const { certificate, serialNumber } = await certify(root, clock, subject, pair.publicKey, days, extensions);
    const certificatePem = `${certificate.toString('pem')}\n`;
    await writeOnce(join(folder, 'issued', `${serialNumber}.pem`), certificatePem, 0o644);
    const privateKeyPkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
    return { serialNumber, certificatePem, privateKeyPkcs8, notAfter: certificate.notAfter };
  };
  const forSigners = (): x509.Extension[] => [
    ...signingExtensions(),
    ...(options.revocationListUrl === undefined ? [] : [new x509.CRLDistributionPointsExtension([options.revocationListUrl])]),
  ];

  let list: { readonly bytes: Uint8Array; readonly at: Date; readonly count: number } | undefined;
  return {
    rootPem,
    rootSha256: Buffer.from(await root.certificate.getThumbprint('SHA-256')).toString('hex'),
    issueServerCertificate: async (names) => {
      const extensions = serverExtensions(names);
      const { privateKeyPkcs8, certificatePem, serialNumber, notAfter } =
        await issue([{ O: ['Bedside'] }, { CN: [[...names[0]!].slice(0, 64).join('')] }], 'ec', serverValidDays, extensions);
      return { cert: certificatePem + rootPem, key: `${x509.PemConverter.encode(Uint8Array.from(privateKeyPkcs8), 'PRIVATE KEY')}\n`, serialNumber, notAfter };
    },
    issuePersonCertificate: async (subject) => issue(personName(subject), 'rsa', signerValidDays, forSigners()),
    issueInstitutionSeal: async (subject) => issue(institutionName(subject), 'rsa', signerValidDays, forSigners()),
    revoke: (serialNumber, reason) => revoke(folder, { serialNumber, at: clock.now(), reason }),
    revocations: () => readRevocations(folder),
    revocationList: async () => {
      // Another process may have revoked: what counts is what stands in the folder.
      const { length: count } = await readRevocations(folder);
      const at = clock.now();
      if (list === undefined || list.count !== count || isListStale(list.at, at)) {
        list = { bytes: await writeRevocationList(folder, root, clock), at, count };
      }
      return list.bytes;
    },
  };
}

async function certify(root: Root, clock: Clock, subject: x509.JsonName, publicKey: WebCryptoKey, days: number, extensions: x509.Extension[]) {
  const serialNumber = newSerialNumber();
  const now = Math.floor(clock.now().getTime() / 1000) * 1000;
  const notBefore = new Date(Math.max(now - clockSkewMs, root.certificate.notBefore.getTime()));
  const notAfter = new Date(Math.min(now + days * 24 * 3600_000, root.certificate.notAfter.getTime()));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber, subject, issuer: root.certificate.subjectName, notBefore, notAfter, publicKey,
    signingKey: root.signingKey, signingAlgorithm: rsaKeys,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
    ],
  });
  return { certificate, serialNumber };
}
