import { createHash } from 'node:crypto';
import { Certificate } from '@peculiar/asn1-x509';
import { AsnConvert } from '@peculiar/asn1-schema';
import { der, objectIdentifier, octetString, sequence, setOf } from './der.ts';

const oid = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  signatureTimeStampToken: '1.2.840.113549.1.9.16.2.14',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;
const derNull = Uint8Array.of(0x05, 0x00);

export interface Signer {
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER of the certificates above it, up to and with the root. */
  readonly chain: readonly Uint8Array[];
  readonly algorithm: 'rsa-sha256' | 'ecdsa-p256-sha256';
  /** Signs these bytes (not their hash): PKCS #1 v1.5, or ECDSA as DER. The key may be in an HSM. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Asks a time-stamping authority for a token over the SHA-256 of the signature value; makes a B-B signature a B-T one. @see RFC 3161, RFC 5816 */
export type Timestamp = (sha256: Uint8Array) => Promise<Uint8Array>;

/**
 * A detached CMS signature with the attributes of CAdES as PAdES baseline asks for: content-type, message-digest,
 * signing-certificate-v2, and no signing-time (the PDF's /M carries it).
 * @param sha256 hash of the bytes that are signed.
 * @returns DER of ContentInfo.
 * @see ETSI EN 319 142-1 clause 6.3; ETSI EN 319 122-1; RFC 5652; RFC 5035
 */
export async function signDetached(sha256: Uint8Array, signer: Signer, timestamp?: Timestamp): Promise<Uint8Array> {
  const { issuer, serialNumber } = issuerAndSerial(signer.certificate);
  const attributes = setOf([
    attribute(oid.contentType, objectIdentifier(oid.data)),
    attribute(oid.messageDigest, octetString(sha256)),
    attribute(oid.signingCertificateV2, signingCertificate(signer.certificate, issuer, serialNumber)),
  ]);
  const signature = await signer.sign(attributes);
  const unsigned = timestamp === undefined ? [] :
    [retag(0xa1, setOf([attribute(oid.signatureTimeStampToken, await timestamp(createHash('sha256').update(signature).digest()))]))];
  const signerInfo = sequence(
    Uint8Array.of(0x02, 0x01, 0x01),
    sequence(issuer, serialNumber),
    sequence(objectIdentifier(oid.sha256)),
    retag(0xa0, attributes),
    signer.algorithm === 'rsa-sha256' ? sequence(objectIdentifier(oid.sha256WithRsa), derNull) : sequence(objectIdentifier(oid.ecdsaWithSha256)),
    octetString(signature),
    ...unsigned,
  );
  const signedData = sequence(
    Uint8Array.of(0x02, 0x01, 0x01),
    setOf([sequence(objectIdentifier(oid.sha256))]),
    sequence(objectIdentifier(oid.data)),
    retag(0xa0, setOf([signer.certificate, ...signer.chain])),
    setOf([signerInfo]),
  );
  return sequence(objectIdentifier(oid.signedData), der(0xa0, signedData));
}

const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(objectIdentifier(type), setOf([value]));

/** IMPLICIT tagging: the same content under another tag. */
function retag(tag: number, encoded: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(tag), encoded.subarray(1)]);
}

/** SigningCertificateV2 with one ESSCertIDv2; SHA-256 is the default and so not written. @see RFC 5035 section 4 */
function signingCertificate(certificate: Uint8Array, issuer: Uint8Array, serialNumber: Uint8Array): Uint8Array {
  const issuerSerial = sequence(sequence(der(0xa4, issuer)), serialNumber);
  return sequence(sequence(sequence(octetString(createHash('sha256').update(certificate).digest()), issuerSerial)));
}

function issuerAndSerial(certificate: Uint8Array): { issuer: Uint8Array; serialNumber: Uint8Array } {
  const { tbsCertificate } = AsnConvert.parse(certificate, Certificate);
  return {
    issuer: new Uint8Array(AsnConvert.serialize(tbsCertificate.issuer)),
    serialNumber: der(0x02, new Uint8Array(tbsCertificate.serialNumber)),
  };
}
