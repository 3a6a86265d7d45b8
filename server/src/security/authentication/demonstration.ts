/** An account that the sign-in page of a demonstration offers. */
export interface DemonstrationAccount {
  readonly login: string;
  readonly password: string;
  /** Base32 seed; the page then fills in the code as well. */
  readonly totpSecret?: string;
  readonly name: string;
  /** What the person is, e.g. "Cardiologist, University Hospital". */
  readonly about: string;
}
