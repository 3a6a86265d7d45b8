import { createHash, createVerify, timingSafeEqual, X509Certificate } from 'node:crypto';
import { ContentInfo, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { setOf } from './der.ts';
import { openDocument, type PdfDocument } from './document.ts';
import { PdfSignatureError } from './errors.ts';
import type { PdfDict, PdfValue } from './value.ts';

export interface SignatureState {
  readonly fieldName: string;
  /** Hash and signature are right for the bytes it covers. Says nothing about trust in the certificate. */
  readonly intact: boolean;
  /** It covers the whole file; false for a signature after which another revision was added. */
  readonly coversWholeDocument: boolean;
  /** DER of the signer's certificate, when the signature could be read. */
  readonly certificate?: Uint8Array;
}

/**
 * Checks the signatures that this package made, in order of their fields.
 * @throws PdfSignatureError when the document itself cannot be read.
 */
export function readSignatures(pdf: Uint8Array): SignatureState[] {
  const document = openDocument(pdf);
  const catalog = document.dictionary(document.trailer.get('Root'), 'The catalog');
  if (!catalog.has('AcroForm')) return [];
  const fields = document.resolve(document.dictionary(catalog.get('AcroForm'), 'AcroForm').get('Fields'));
  if (fields.kind !== 'array') return [];
  return fields.items
    .map((field) => document.dictionary(field, 'A form field'))
    .filter((field) => isName(field.get('FT'), 'Sig') && field.has('V'))
    .map((field) => check(document, field));
}

const isName = (value: PdfValue | undefined, expected: string): boolean => value?.kind === 'name' && value.name === expected;

function check(document: PdfDocument, field: PdfDict): SignatureState {
  const signature = document.dictionary(field.get('V'), 'A signature');
  const fieldName = text(field.get('T'));
  const { bytes } = document;
  const range = byteRange(document.resolve(signature.get('ByteRange')));
  const contents = hex(document.resolve(signature.get('Contents')));
  const broken: SignatureState = { fieldName, intact: false, coversWholeDocument: false };
  if (range === undefined || contents === undefined) return broken;
  const [start, first, second, length] = range;
  const end = second + length;
  // Only the hexadecimal string of the signature itself may be left out.
  const gap = Buffer.from(bytes.subarray(first, second)).toString('latin1');
  if (start !== 0 || second < first || end > bytes.length || !/^<[0-9A-Fa-f]*>$/.test(gap) || hexBytes(gap).compare(contents) !== 0) return broken;
  const sha256 = createHash('sha256').update(bytes.subarray(0, first)).update(bytes.subarray(second, end)).digest();
  return { fieldName, coversWholeDocument: end === bytes.length, ...verifyCms(contents, sha256) };
}

function verifyCms(contents: Buffer, sha256: Buffer): { intact: boolean; certificate?: Uint8Array } {
  try {
    const content = AsnConvert.parse(contents, ContentInfo);
    const signedData = AsnConvert.parse(content.content, SignedData);
    const signer = signedData.signerInfos[0];
    const serial = signer?.sid.issuerAndSerialNumber?.serialNumber;
    const certificate = signedData.certificates?.map((c) => c.certificate).find((c) => c !== undefined && serial !== undefined
      && Buffer.from(c.tbsCertificate.serialNumber).equals(Buffer.from(serial)));
    if (signer?.signedAttrs === undefined || certificate === undefined) return { intact: false };
    const raw = new Uint8Array(AsnConvert.serialize(certificate));
    const digestAttribute = signer.signedAttrs.find((a) => a.attrType === '1.2.840.113549.1.9.4')?.attrValues[0];
    if (digestAttribute === undefined) return { intact: false, certificate: raw };
    const digest = Buffer.from(AsnConvert.parse(digestAttribute, OctetString).buffer);
    // DER has one encoding: written anew, the attributes are the bytes that were signed.
    const signedAttributes = setOf(signer.signedAttrs.map((a) => new Uint8Array(AsnConvert.serialize(a))));
    const signatureIsRight = createVerify('sha256').update(signedAttributes).verify(new X509Certificate(raw).publicKey, Buffer.from(signer.signature.buffer));
    const named = signer.signedAttrs.find((a) => a.attrType === '1.2.840.113549.1.9.16.2.47')?.attrValues[0];
    const certificateIsNamed = named !== undefined && Buffer.from(named).includes(createHash('sha256').update(raw).digest());
    return { intact: signatureIsRight && certificateIsNamed && digest.length === sha256.length && timingSafeEqual(digest, sha256), certificate: raw };
  } catch (error) {
    // Bytes that are no CMS, or a key that is none: the signature is not intact, whatever the decoder says about it.
    if (error instanceof Error) return { intact: false };
    throw error;
  }
}

function byteRange(value: PdfValue): [number, number, number, number] | undefined {
  if (value.kind !== 'array' || value.items.length !== 4) return undefined;
  const numbers = value.items.map((item) => (item.kind === 'token' && /^\d{1,10}$/.test(item.text) ? Number(item.text) : -1));
  return numbers.includes(-1) ? undefined : numbers as [number, number, number, number];
}

const hexBytes = (source: string): Buffer => Buffer.from(source.slice(1, -1), 'hex');
const hex = (value: PdfValue): Buffer | undefined =>
  (value.kind === 'token' && /^<[0-9A-Fa-f]*>$/.test(value.text) ? hexBytes(value.text) : undefined);

function text(value: PdfValue | undefined): string {
  if (value?.kind !== 'token') throw new PdfSignatureError('syntax', 'A signature field has no name');
  if (!/^<feff/i.test(value.text)) return value.text.slice(1, -1);
  const bytes = hexBytes(value.text).subarray(2);
  return bytes.subarray(0, bytes.length & ~1).swap16().toString('utf16le');
}
