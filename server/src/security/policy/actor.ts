import type { Trace } from '../../kernel/index.ts';

/** What an account is for. What somebody is in a case (inviter, invitee, coordinator, patient) follows from the case itself. */
export const accountRoles = ['clinician', 'coordinator', 'patient', 'institution-administrator', 'network-administrator', 'system'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** Purpose of use (HL7 v3 PurposeOfUse): why the record is read. */
export const purposes = ['TREAT', 'HOPERAT', 'HMARKT', 'PATRQT', 'ETREAT', 'PUBHLTH', 'HRESCH', 'SYSADMIN'] as const;
export type Purpose = (typeof purposes)[number];

/** Who asks. Made by security/authentication for a request, or by compose for work of the system itself. */
export interface Actor {
  readonly accountId: string;
  readonly role: AccountRole;
  readonly name: string;
  /** `Practitioner/x` or `Patient/x`; none for administrators and systems. */
  readonly profile?: string;
  /** `PractitionerRole/x` of a clinician or coordinator. */
  readonly practitionerRoles: readonly string[];
  /** Ids of the institution the actor acts for and of its departments: rows owned by these are the actor's own. */
  readonly organizations: readonly string[];
  /** The institution (top of the tree) that owns what the actor writes. */
  readonly institution?: string;
  /** SMART v2 scopes granted to the client, e.g. `user/Observation.rs`. */
  readonly scopes: readonly string[];
  /** How the person proved who they are: `pwd`, `otp`. @see RFC 8176 */
  readonly methods: readonly string[];
  readonly clientId: string;
}

/** First argument of everything that touches data. */
export interface RequestContext extends Trace {
  readonly actor: Actor;
  readonly purpose: Purpose;
}
