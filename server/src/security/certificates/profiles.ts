import { isIP } from 'node:net';
import { invalid } from '../../kernel/index.ts';
import * as x509 from './x509.ts';

/** Object identifiers that the library has no name for. */
const oid = {
  serialNumber: '2.5.4.5',
  organizationIdentifier: '2.5.4.97',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  adobePdfSigning: '1.2.840.113583.1.1.5',
} as const;

export const rsaKeys: RsaHashedKeyGenParams = {
  name: 'RSASSA-PKCS1-v1_5', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256',
};
export const ecKeys: EcKeyGenParams & { hash: string } = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

type RsaHashedKeyGenParams = { name: string; modulusLength: number; publicExponent: Uint8Array<ArrayBuffer>; hash: string };
type EcKeyGenParams = { name: string; namedCurve: string };

/** The longest text that X.520 allows in a common name, organization name or serial number, in characters. */
const nameLimit = 64;
/** Most names in one server certificate. */
const sanLimit = 100;

/** A clinician who signs. `practitionerId` is the logical id of the Practitioner resource and becomes the subject's serialNumber. */
export interface PersonSubject {
  readonly name: string;
  readonly practitionerId: string;
  readonly organization?: string;
}

/** An institution whose seal is put on a document. `organizationId` is the logical id of the Organization resource. */
export interface InstitutionSubject {
  readonly name: string;
  readonly organizationId: string;
}

/**
 * Distinguished name of a person's certificate. A name longer than X.520 allows is cut (the practitioner id identifies the person).
 * @throws invalid `certificate-subject` for an empty name, control characters or an over-long id.
 */
export const personName = (subject: PersonSubject): x509.JsonName => [
  ...(subject.organization === undefined ? [] : [{ O: [displayText(subject.organization, 'organization')] }]),
  { CN: [displayText(subject.name, 'name')] },
  { [oid.serialNumber]: [identifierText(subject.practitionerId, 'practitionerId')] },
];

/** Distinguished name of an institution's seal. @see ETSI EN 319 412-3 (organizationIdentifier) */
export const institutionName = (subject: InstitutionSubject): x509.JsonName => [
  { O: [displayText(subject.name, 'name')] },
  { [oid.organizationIdentifier]: [identifierText(subject.organizationId, 'organizationId')] },
  { CN: [displayText(subject.name, 'name')] },
];

/** What a certificate that signs documents may be used for; e-mail protection is what NSS-based readers ask for. */
export const signingExtensions = (): x509.Extension[] => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
  new x509.ExtendedKeyUsageExtension([oid.documentSigning, oid.adobePdfSigning, x509.ExtendedKeyUsage.emailProtection]),
];

export const rootExtensions = (): x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, 0, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
];

/** @param names DNS names and IP addresses under which browsers reach the server. */
export const serverExtensions = (names: readonly string[]): x509.Extension[] => [
  new x509.BasicConstraintsExtension(false, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  new x509.SubjectAlternativeNameExtension(serverNames(names)),
];

function serverNames(names: readonly string[]): { type: 'ip' | 'dns'; value: string }[] {
  const distinct = [...new Set(names.map((name) => name.toLowerCase()))];
  if (distinct.length === 0 || distinct.length > sanLimit) {
    throw invalid('certificate-names', `A server certificate needs 1 to ${sanLimit} names.`, { details: { at: 'names' } });
  }
  return distinct.map((value, at) => {
    if (isIP(value) !== 0) return { type: 'ip', value };
    if (!/^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value) || value.length > 253) {
      throw invalid('certificate-names', `names[${at}] is neither a host name nor an IP address.`, { details: { at: `names[${at}]` } });
    }
    return { type: 'dns', value };
  });
}

function displayText(text: string, at: string): string {
  const plain = text.normalize('NFC').trim();
  if (plain === '' || /\p{Cc}/u.test(plain)) throw invalid('certificate-subject', `${at} must be text without control characters.`, { details: { at } });
  return [...plain].slice(0, nameLimit).join('').trim();
}

function identifierText(text: string, at: string): string {
  if (!/^[A-Za-z0-9:._-]{1,64}$/.test(text)) {
    throw invalid('certificate-subject', `${at} must be 1 to 64 letters, digits, or : . _ -`, { details: { at } });
  }
  return text;
}
