import type { IdTokenClaims } from 'oidc-client-ts';

export const roles = ['clinician', 'coordinator', 'patient', 'institution-administrator', 'network-administrator'] as const;
export type Role = (typeof roles)[number];

/** Who is signed in, as the identity token says. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** `Practitioner/x` or `Patient/x`. */
  readonly profile: string | undefined;
  readonly practitionerRoles: readonly string[];
  /** Id of the institution the person acts for. */
  readonly institution: string | undefined;
  readonly institutionName: string | undefined;
  readonly language: string | undefined;
  readonly zone: string | undefined;
  /** How they proved who they are. @see RFC 8176 */
  readonly methods: readonly string[];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

export function accountOf(claims: IdTokenClaims): Account {
  const fhirUser = /((?:Practitioner|Patient|PractitionerRole|RelatedPerson)\/[A-Za-z0-9\-.]+)$/.exec(text(claims['fhirUser']) ?? '')?.[1];
  const role = roles.find((known) => known === claims['role']) ?? (fhirUser?.startsWith('Patient/') ? 'patient' : 'clinician');
  return {
    id: claims.sub, role, profile: fhirUser,
    name: text(claims.name) ?? text(claims.preferred_username) ?? claims.sub,
    practitionerRoles: texts(claims['practitioner_roles']),
    institution: text(claims['institution']), institutionName: text(claims['institution_name']),
    language: text(claims.locale), zone: text(claims.zoneinfo), methods: texts(claims['amr']),
  };
}
export const isStaff = (account: Account): boolean => account.role !== 'patient';
export const isAdministrator = (account: Account): boolean => account.role === 'institution-administrator' || account.role === 'network-administrator';
