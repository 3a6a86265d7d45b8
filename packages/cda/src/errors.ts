export const cdaFaults = ['too-large', 'doctype', 'not-xml', 'too-deep', 'not-cda'] as const;
export type CdaFault = (typeof cdaFaults)[number];

/** A document that is not shown. Never carries its content. */
export class CdaError extends Error {
  readonly fault: CdaFault;
  /** Line of the text, from 1, where that is known. */
  readonly line: number | undefined;
  constructor(fault: CdaFault, message: string, line?: number) {
    super(line === undefined ? message : `${message}, line ${line}`);
    this.name = 'CdaError';
    this.fault = fault;
    this.line = line;
  }
}
