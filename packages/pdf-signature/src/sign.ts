import { createHash } from 'node:crypto';
import { signDetached, type Signer, type Timestamp } from './cms.ts';
import { openDocument } from './document.ts';
import { PdfSignatureError } from './errors.ts';
import { addSignatureField, type SignatureBox } from './field.ts';
import { appendUpdate } from './increment.ts';
import { dateString, textString, write, type PdfValue } from './value.ts';

export interface SignOptions {
  readonly signer: Signer;
  /** Name of the signature field, unique in the document, without a period. */
  readonly fieldName: string;
  /** Claimed time of signing, written as /M. */
  readonly signedAt: Date;
  /** Who signs, as text for readers that show it. */
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly box?: SignatureBox;
  readonly timestamp?: Timestamp;
}

export interface SignedPdf {
  readonly pdf: Uint8Array;
  /** DER of the CMS signature. */
  readonly cms: Uint8Array;
  /** offset, length, offset, length of what the signature covers: the whole document but the signature itself. */
  readonly byteRange: readonly [number, number, number, number];
}

const rangeWidth = 10;
const rangePlaceholder = `[0 ${['*', '*', '*'].map((c) => c.repeat(rangeWidth)).join(' ')}]`;
/** Room for what is not certificates: attributes, signature value, and a time-stamp token with its own certificates. */
const cmsOverheadBytes = 2_048;
const timestampBytes = 12_288;

/**
 * Signs a document as it is, by adding a revision: earlier signatures stay valid, each covering its own revision (PAdES B-B, or B-T with a time stamp).
 * @throws PdfSignatureError as `openDocument` and `addSignatureField`, and `signature-too-large` when the time stamp exceeds its room.
 * @see ETSI EN 319 142-1; ISO 32000-1 12.8
 */
export async function signPdf(pdf: Uint8Array, options: SignOptions): Promise<SignedPdf> {
  if (!/^[^.\p{Cc}]{1,100}$/u.test(options.fieldName)) throw new PdfSignatureError('unsupported', 'A field name has 1 to 100 characters and no period');
  const document = openDocument(pdf);
  const signature = document.size;
  const { objects, size } = addSignatureField(document, options.fieldName, signature, signature + 1, options.box);
  const room = roomFor(options);
  objects.set(signature, signatureDictionary(options, room));
  const { bytes, offsets } = appendUpdate(document, objects, size);
  const signed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  const start = offsets.get(signature)!;
  const contents = signed.indexOf('/Contents <', start, 'latin1') + '/Contents '.length;
  const end = contents + room * 2 + 2;
  const byteRange = [0, contents, end, signed.length - end] as const;
  signed.write(`[0 ${byteRange.slice(1).map((n) => String(n).padEnd(rangeWidth)).join(' ')}]`, signed.indexOf(rangePlaceholder, start, 'latin1'), 'latin1');

  const sha256 = createHash('sha256').update(signed.subarray(0, contents)).update(signed.subarray(end)).digest();
  const cms = await signDetached(sha256, options.signer, options.timestamp);
  if (cms.length > room) throw new PdfSignatureError('signature-too-large', `The signature has ${cms.length} bytes, there is room for ${room}`);
  signed.write(Buffer.from(cms).toString('hex'), contents + 1, 'latin1');
  return { pdf: signed, cms, byteRange };
}

const roomFor = ({ signer, timestamp }: SignOptions): number =>
  cmsOverheadBytes + signer.certificate.length * 2 + signer.chain.reduce((sum, c) => sum + c.length, 0) + (timestamp ? timestampBytes : 0);

function signatureDictionary(options: SignOptions, room: number): string {
  const text = (key: string, value: string | undefined): string => (value === undefined ? '' : `${entry(key, textString(value))}\n`);
  return `<<${entry('Type', { kind: 'name', name: 'Sig' })}
${entry('Filter', { kind: 'name', name: 'Adobe.PPKLite' })}
${entry('SubFilter', { kind: 'name', name: 'ETSI.CAdES.detached' })}
/ByteRange ${rangePlaceholder}
/Contents <${'0'.repeat(room * 2)}>
${entry('M', dateString(options.signedAt))}
${text('Name', options.name)}${text('Reason', options.reason)}${text('Location', options.location)}>>`;
}

const entry = (key: string, value: PdfValue): string => `/${key} ${write(value)}`;
