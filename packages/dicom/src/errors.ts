/** Why bytes were refused. Stable: callers may decide by it. */
export const dicomFaults = [
  'not-dicom', 'transfer-syntax-missing', 'truncated', 'bad-vr', 'bad-length', 'bad-item', 'too-deep', 'too-many-elements',
  'head-too-large', 'inflate-failed', 'bad-uid', 'value-missing', 'bad-value', 'frames-undeterminable', 'frame-out-of-range', 'no-waveform', 'unsupported',
] as const;
export type DicomFault = (typeof dicomFaults)[number];

/** Bytes that are not what the standard says. Names the element and the byte; never carries a value of the data set. */
export class DicomError extends Error {
  readonly fault: DicomFault;
  /** `(0028,0010)`, when the fault is in one element. */
  readonly tag: string | undefined;
  /** Byte in the file (for deflated syntaxes: in the inflated data set). */
  readonly offset: number | undefined;

  constructor(fault: DicomFault, message: string, at: { tag?: number; offset?: number } = {}, cause?: unknown) {
    const tag = at.tag === undefined ? undefined : tagName(at.tag);
    super([message, tag && `at ${tag}`, at.offset !== undefined && `byte ${at.offset}`].filter(Boolean).join(', '), cause === undefined ? undefined : { cause });
    this.name = 'DicomError';
    this.fault = fault;
    this.tag = tag;
    this.offset = at.offset;
  }
}

/** `(0028,0010)` for 0x00280010. */
export const tagName = (tag: number): string => {
  const hex = tagHex(tag);
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
};

/** `00280010` for 0x00280010: the key of the DICOM JSON model. */
export const tagHex = (tag: number): string => tag.toString(16).padStart(8, '0').toUpperCase();
