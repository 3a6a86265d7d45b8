export const pdfSignatureCodes = ['syntax', 'unsupported', 'too-large', 'no-page', 'field-exists', 'signature-too-large'] as const;
export type PdfSignatureCode = (typeof pdfSignatureCodes)[number];

/** Why a document could not be read or signed; `offset` is the byte at which reading failed. */
export class PdfSignatureError extends Error {
  readonly code: PdfSignatureCode;
  readonly offset: number | undefined;

  constructor(code: PdfSignatureCode, message: string, offset?: number) {
    super(offset === undefined ? message : `${message} (at byte ${offset})`);
    this.name = 'PdfSignatureError';
    this.code = code;
    this.offset = offset;
  }
}
