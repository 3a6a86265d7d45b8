import { institutions, districtId, universityId } from './people/institutions.ts';
import { latinName, patients } from './people/patients.ts';
import { practitionerOf, roleOf, shownName, staffMember } from './people/staff.ts';
import { totpSecretOf } from './random.ts';

/** An account as the loader hands it to the account service, and as it is printed at start. */
export interface DemoAccount {
  readonly login: string;
  readonly password: string;
  /** Base32 seed of an authenticator. */
  readonly totpSecret: string;
  readonly displayName: string;
  /** Who this is in the story. */
  readonly about: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly demonstration: true;
  readonly memberships: readonly {
    readonly role: 'clinician' | 'coordinator' | 'patient' | 'institution-administrator' | 'network-administrator';
    readonly institution?: string;
    readonly profile?: string;
    readonly practitionerRoles?: readonly string[];
    readonly organizations?: readonly string[];
    readonly label?: string;
  }[];
}

const zoneOf = (institution: string): string => institutions.find((i) => i.id === institution)!.zone;

function account(login: string, about: string, who: { displayName: string; locale?: string; timeZone?: string }, memberships: DemoAccount['memberships']): DemoAccount {
  return { login, password: `bedside-${login}`, totpSecret: totpSecretOf(`demonstration ${login}`), about, locale: 'en', timeZone: 'UTC', demonstration: true, ...who, memberships };
}

function staffAccount(login: string, key: string, role: 'clinician' | 'coordinator', about: string): DemoAccount {
  const s = staffMember(key);
  return account(login, about, { displayName: shownName(s), timeZone: zoneOf(s.institution) }, [{
    role, institution: s.institution, profile: practitionerOf(key), practitionerRoles: [roleOf(key)], organizations: role === 'coordinator' ? [s.institution] : [s.institution, `${s.institution}-${s.specialty}`],
  }]);
}

const patientAccount = (login: string, n: number, about: string): DemoAccount => {
  const p = patients[n]!;
  return account(login, about, { displayName: latinName(p), timeZone: zoneOf(p.institution) }, [{ role: 'patient', profile: `Patient/${p.id}` }]);
};

/** Who can sign in to the demonstration network. Never made anywhere else. */
export const demoAccounts: readonly DemoAccount[] = [
  staffAccount('dr-a', 'amina-odhiambo', 'clinician', 'District doctor who asks for a teleconsultation'),
  staffAccount('dr-b', 'chen-liwen', 'clinician', 'Chest physician at the university hospital who is asked'),
  staffAccount('dr-c', 'layla-haddad', 'clinician', 'Cardiologist at the university hospital, a second expert'),
  staffAccount('dr-d', 'daniel-mutua', 'clinician', 'Family doctor at the township health centre'),
  staffAccount('coordinator-a', 'grace-wairimu', 'coordinator', 'Coordinator of the district hospital'),
  staffAccount('coordinator-b', 'liu-yan', 'coordinator', 'Coordinator of the university hospital'),
  account('admin-a', 'Administrator of the district hospital', { displayName: 'Samuel Njoroge', timeZone: zoneOf(districtId) }, [{ role: 'institution-administrator', institution: districtId, organizations: [districtId] }]),
  account('admin-b', 'Administrator of the university hospital', { displayName: 'Zhou Lan', timeZone: zoneOf(universityId) }, [{ role: 'institution-administrator', institution: universityId, organizations: [universityId] }]),
  account('network', 'Administrator of the network', { displayName: 'Network administrator' }, [{ role: 'network-administrator' }]),
  patientAccount('patient-p', 0, 'The patient of the story'),
  patientAccount('patient-q', 1, 'A second patient, of the same hospital'),
];

/** The accounts as a table for the terminal. */
export function accountTable(accounts: readonly DemoAccount[] = demoAccounts): string {
  const rows = [['Sign in as', 'Password', 'Authenticator (TOTP)', 'Who'], ...accounts.map((a) => [a.login, a.password, a.totpSecret, `${a.displayName}: ${a.about}`])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell)).join('  ')).join('\n');
}
