export const ecgFaults = ['no-samples', 'bad-period', 'bad-dimensions', 'bad-number', 'unit-unknown', 'rates-differ', 'too-long'] as const;
export type EcgFault = (typeof ecgFaults)[number];

/** A recording that cannot be drawn truthfully. Names the FHIRPath of what is wrong, never a value. */
export class EcgError extends Error {
  readonly fault: EcgFault;
  readonly at: string;
  constructor(fault: EcgFault, message: string, at: string) {
    super(`${message}, at ${at}`);
    this.name = 'EcgError';
    this.fault = fault;
    this.at = at;
  }
}
