import type { AccountRole } from '../policy/index.ts';

/** A role to give to an account. */
export interface NewMembership {
  readonly role: AccountRole;
  /** Id of the institution (an Organization's id). */
  readonly institution?: string;
  /** `Practitioner/x`, `Patient/x`, `RelatedPerson/x` or `Device/x`. */
  readonly profile?: string;
  readonly practitionerRoles?: readonly string[];
  /** Ids of departments besides the institution whose rows are the person's own. */
  readonly organizations?: readonly string[];
  /** What the role chooser shows, e.g. the institution's name. */
  readonly label?: string;
}
