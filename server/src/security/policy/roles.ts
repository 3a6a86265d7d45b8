import { forbidden } from '../../kernel/index.ts';
import type { AccountRole, Actor, Purpose } from './actor.ts';

/**
 * What somebody may do to the system as a whole. Rights in one case (accept, reject, sign this report) follow from the case's declaration, rights
 * on one record from grants; this table is the upper bound of both. @see ITU-T F.780.4 clause 8.7.1
 */
export const permissions = [
  'account.read', 'account.create', 'account.suspend', 'account.reset', 'account.delegate',
  'institution.register', 'institution.suspend', 'client.register', 'key.rotate', 'setting.change', 'backup.run', 'data.erase',
  'audit.read', 'statistics.read', 'conformance.read', 'terminology.write', 'personnel.write', 'patient.register', 'patient.merge',
  'record.read', 'record.write', 'material.share', 'case.submit', 'case.coordinate', 'case.consult', 'case.evaluate',
  'report.write', 'report.review', 'report.sign', 'report.read', 'room.join', 'room.host', 'link.issue', 'emergency.break-glass',
] as const;
export type Permission = (typeof permissions)[number];

/** How far a right reaches, from widest to narrowest: everything, one institution, its departments that the person works in, the person's own things. */
export const reaches = ['network', 'institution', 'department', 'own'] as const;
export type Reach = (typeof reaches)[number];

type Rights = Readonly<Partial<Record<Permission, Reach>>>;

export const rightsOfRole: Readonly<Record<AccountRole, Rights>> = {
  'clinician': {
    'account.read': 'own', 'statistics.read': 'own', 'patient.register': 'institution', 'record.read': 'department', 'record.write': 'department',
    'material.share': 'department', 'case.submit': 'institution', 'case.consult': 'own', 'case.evaluate': 'own', 'report.write': 'own',
    'report.review': 'department', 'report.sign': 'own', 'report.read': 'department', 'room.join': 'own', 'room.host': 'own', 'link.issue': 'own',
    'emergency.break-glass': 'institution',
  },
  'coordinator': {
    'account.read': 'own', 'statistics.read': 'institution', 'patient.register': 'institution', 'record.read': 'institution', 'material.share': 'institution',
    'case.submit': 'institution', 'case.coordinate': 'institution', 'report.read': 'institution', 'room.join': 'institution', 'room.host': 'institution',
    'link.issue': 'institution',
  },
  'patient': {
    'account.read': 'own', 'record.read': 'own', 'report.read': 'own', 'case.evaluate': 'own', 'room.join': 'own',
  },
  'institution-administrator': {
    'account.read': 'institution', 'account.create': 'institution', 'account.suspend': 'institution', 'account.reset': 'institution', 'account.delegate': 'institution',
    'audit.read': 'institution', 'statistics.read': 'institution', 'conformance.read': 'network', 'personnel.write': 'institution', 'patient.merge': 'institution',
  },
  'network-administrator': {
    'account.read': 'network', 'account.create': 'network', 'account.suspend': 'network', 'account.reset': 'network', 'account.delegate': 'network',
    'institution.register': 'network', 'institution.suspend': 'network', 'client.register': 'network', 'key.rotate': 'network', 'setting.change': 'network',
    'backup.run': 'network', 'data.erase': 'network', 'audit.read': 'network', 'statistics.read': 'network', 'conformance.read': 'network',
    'terminology.write': 'network', 'personnel.write': 'network', 'patient.merge': 'network',
  },
  // A back-end service is further bounded by the scopes of its client.
  'system': {
    'account.read': 'network', 'account.create': 'network', 'account.suspend': 'network', 'account.reset': 'network', 'account.delegate': 'network',
    'institution.register': 'network', 'institution.suspend': 'network', 'client.register': 'network', 'statistics.read': 'network', 'terminology.write': 'network', 'personnel.write': 'network',
    'patient.register': 'network', 'patient.merge': 'network', 'record.read': 'network', 'record.write': 'network', 'material.share': 'network',
    'case.submit': 'network', 'case.coordinate': 'network', 'report.read': 'network', 'link.issue': 'network',
  },
};

/** Roles that somebody may give to others or take from them, never one above their own. */
export const grantableRoles: Readonly<Record<AccountRole, readonly AccountRole[]>> = {
  'clinician': [], 'coordinator': [], 'patient': [],
  'institution-administrator': ['clinician', 'coordinator', 'patient', 'institution-administrator'],
  'network-administrator': ['clinician', 'coordinator', 'patient', 'institution-administrator', 'network-administrator'],
  'system': ['clinician', 'coordinator', 'patient', 'institution-administrator', 'network-administrator', 'system'],
};

/** What an action is about. Absent members mean "nothing in particular": only a right of network reach covers that. */
export interface Target {
  readonly institution?: string;
  /** Department or institution ids that own the thing; a match with one of the actor's is within `department` reach. */
  readonly organizations?: readonly string[];
  readonly accountId?: string;
  /** `Patient/x` or `Practitioner/x` that the thing is about or belongs to. */
  readonly profile?: string;
}

/** How far the actor's right reaches, or undefined when the role has none. */
export const reachOf = (actor: Actor, permission: Permission): Reach | undefined => rightsOfRole[actor.role][permission];

const ownsTarget = (actor: Actor, target: Target): boolean =>
  (target.accountId !== undefined && target.accountId === actor.accountId) || (target.profile !== undefined && target.profile === actor.profile);

const inDepartment = (actor: Actor, target: Target): boolean => (target.organizations ?? []).some((id) => actor.organizations.includes(id));

/**
 * Whether the actor may do this to the target. Without a target: whether the role has the right at all (to draw a menu).
 * A right of wide reach covers the narrower ones.
 */
export function may(actor: Actor, permission: Permission, target?: Target): boolean {
  const reach = reachOf(actor, permission);
  if (reach === undefined) return false;
  if (target === undefined || reach === 'network') return true;
  if (ownsTarget(actor, target)) return true;
  if (reach === 'own') return false;
  if (inDepartment(actor, target)) return true;
  return reach === 'institution' && target.institution !== undefined && target.institution === actor.institution;
}

/** @throws forbidden `not-permitted`, naming the permission and nothing of the target. */
export function demand(actor: Actor, permission: Permission, target?: Target): void {
  if (!may(actor, permission, target)) throw forbidden('not-permitted', `Your role does not include the right "${permission}" here.`, { details: { permission } });
}

/** Purposes of use that a role may state; the first is assumed when none is stated. */
export const purposesOfRole: Readonly<Record<AccountRole, readonly [Purpose, ...Purpose[]]>> = {
  'clinician': ['TREAT', 'ETREAT', 'HRESCH', 'PUBHLTH'],
  'coordinator': ['TREAT', 'HOPERAT'],
  'patient': ['PATRQT'],
  'institution-administrator': ['HOPERAT', 'SYSADMIN'],
  'network-administrator': ['HOPERAT', 'SYSADMIN', 'PUBHLTH'],
  'system': ['HOPERAT', 'TREAT', 'PUBHLTH', 'SYSADMIN'],
};

/** The stated purpose if the role may have it, else the role's usual one. */
export const purposeFor = (role: AccountRole, stated?: string): Purpose =>
  purposesOfRole[role].find((purpose) => purpose === stated) ?? purposesOfRole[role][0];
