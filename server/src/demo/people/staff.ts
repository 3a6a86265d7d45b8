import type { HumanName, Practitioner, PractitionerRole, Schedule, Slot } from '@medplum/fhirtypes';
import type { Days } from '../days.ts';
import type { Random } from '../random.ts';
import { coded, concept, demonstrationMeta, hl7, ref } from '../vocabulary.ts';
import { districtId, institutionOf, townshipId, universityId } from './institutions.ts';

export interface StaffMember {
  readonly key: string;
  readonly role: 'expert' | 'doctor' | 'coordinator';
  readonly institution: string;
  readonly specialty: string;
  readonly gender: 'female' | 'male';
  /** Name in the person's own script, and in Latin letters when that is another one. */
  readonly native: readonly [given: string, family: string];
  readonly latin?: readonly [given: string, family: string];
  readonly prefix?: string;
  readonly languages: readonly string[];
  readonly qualifications: readonly (readonly [code: string, name: string, year: number])[];
  readonly profile: string;
}

const doctor = (year: number, more: StaffMember['qualifications'] = []): StaffMember['qualifications'] => [['MD', 'Doctor of Medicine', year], ...more];
const phd = (year: number): StaffMember['qualifications'][number] => ['PHD', 'Doctor of Philosophy in medicine', year];

/** Invented people. `chen-liwen` is dr-b, `layla-haddad` dr-c, `amina-odhiambo` dr-a. */
export const staff: readonly StaffMember[] = [
  { key: 'chen-liwen', role: 'expert', institution: universityId, specialty: 'pulmonology', gender: 'male', native: ['立文', '陈'], latin: ['Liwen', 'Chen'], prefix: 'Prof.', languages: ['zh', 'en'], qualifications: doctor(1994, [phd(1999)]), profile: 'Head of respiratory medicine. **Interests:** lung nodules, interstitial disease, COPD in people who cook over open fires. Leads the weekly nodule board.' },
  { key: 'layla-haddad', role: 'expert', institution: universityId, specialty: 'cardiology', gender: 'female', native: ['ليلى', 'حدّاد'], latin: ['Layla', 'Haddad'], prefix: 'Dr.', languages: ['ar', 'fr', 'en'], qualifications: doctor(2003, [phd(2009)]), profile: 'Electrophysiologist. **Interests:** atrial fibrillation, anticoagulation in kidney disease, remote reading of electrocardiograms.' },
  { key: 'wang-minghui', role: 'expert', institution: universityId, specialty: 'radiology', gender: 'female', native: ['明慧', '王'], latin: ['Minghui', 'Wang'], prefix: 'Dr.', languages: ['zh', 'en'], qualifications: doctor(2001), profile: 'Thoracic radiologist; second reader of the regional lung screening programme.' },
  { key: 'zhang-haoran', role: 'expert', institution: universityId, specialty: 'neurology', gender: 'male', native: ['浩然', '张'], latin: ['Haoran', 'Zhang'], prefix: 'Dr.', languages: ['zh', 'en', 'fr'], qualifications: doctor(2006, [phd(2012)]), profile: 'Stroke physician. **Interests:** thrombolysis by telestroke, epilepsy in adults.' },
  { key: 'priya-raman', role: 'expert', institution: universityId, specialty: 'endocrinology', gender: 'female', native: ['பிரியா', 'ராமன்'], latin: ['Priya', 'Raman'], prefix: 'Dr.', languages: ['ta', 'en', 'hi'], qualifications: doctor(2004), profile: 'Diabetes and thyroid disease, with a clinic for diabetes in pregnancy.' },
  { key: 'elena-petrova', role: 'expert', institution: universityId, specialty: 'oncology', gender: 'female', native: ['Елена', 'Петрова'], latin: ['Elena', 'Petrova'], prefix: 'Prof.', languages: ['ru', 'en', 'zh'], qualifications: doctor(1997, [phd(2002)]), profile: 'Medical oncologist. Chairs the tumour board for breast and lung cancer.' },
  { key: 'kenji-watanabe', role: 'expert', institution: universityId, specialty: 'nephrology', gender: 'male', native: ['健司', '渡辺'], latin: ['Kenji', 'Watanabe'], prefix: 'Dr.', languages: ['ja', 'en', 'zh'], qualifications: doctor(2000), profile: 'Chronic kidney disease, dialysis planning at a distance, glomerulonephritis.' },
  { key: 'maria-fernandez', role: 'expert', institution: universityId, specialty: 'paediatrics', gender: 'female', native: ['María', 'Fernández Ruiz'], prefix: 'Dra.', languages: ['es', 'en', 'fr'], qualifications: doctor(2005), profile: 'General paediatrics and childhood asthma; sickle cell disease.' },
  { key: 'juma-kariuki', role: 'expert', institution: districtId, specialty: 'infectious-disease', gender: 'male', native: ['Juma', 'Kariuki'], prefix: 'Dr.', languages: ['sw', 'en'], qualifications: doctor(2008), profile: 'Tuberculosis, HIV and malaria; runs the district’s treatment-support programme.' },
  { key: 'tigist-bekele', role: 'expert', institution: districtId, specialty: 'obstetrics', gender: 'female', native: ['ትዕግስት', 'በቀለ'], latin: ['Tigist', 'Bekele'], prefix: 'Dr.', languages: ['am', 'en', 'sw'], qualifications: doctor(2010), profile: 'Obstetrician; high-risk pregnancy and emergency obstetrics.' },
  { key: 'sophie-laurent', role: 'expert', institution: districtId, specialty: 'surgery', gender: 'female', native: ['Sophie', 'Laurent'], prefix: 'Dr', languages: ['fr', 'en', 'sw'], qualifications: doctor(2002), profile: 'General surgeon; trauma, hernia, thyroid surgery.' },
  { key: 'omar-farah', role: 'expert', institution: districtId, specialty: 'general-practice', gender: 'male', native: ['عمر', 'فرح'], latin: ['Omar', 'Farah'], prefix: 'Dr.', languages: ['ar', 'so', 'en'], qualifications: doctor(2007), profile: 'Internal medicine; hypertension, heart failure and diabetes clinics.' },
  { key: 'amina-odhiambo', role: 'doctor', institution: districtId, specialty: 'general-practice', gender: 'female', native: ['Amina', 'Odhiambo'], prefix: 'Dr.', languages: ['sw', 'en', 'fr'], qualifications: doctor(2013), profile: 'Ward doctor in internal medicine.' },
  { key: 'daniel-mutua', role: 'doctor', institution: townshipId, specialty: 'general-practice', gender: 'male', native: ['Daniel', 'Mutua'], prefix: 'Dr.', languages: ['sw', 'en'], qualifications: doctor(2015), profile: 'Family doctor in Saltmarsh.' },
  { key: 'grace-wairimu', role: 'coordinator', institution: districtId, specialty: 'general-practice', gender: 'female', native: ['Grace', 'Wairimu'], languages: ['sw', 'en'], qualifications: [], profile: 'Coordinates teleconsultations that Riverbend asks for.' },
  { key: 'liu-yan', role: 'coordinator', institution: universityId, specialty: 'radiology', gender: 'female', native: ['燕', '刘'], latin: ['Yan', 'Liu'], languages: ['zh', 'en'], qualifications: [], profile: 'Coordinates teleconsultations that Lakeside gives.' },
];

export const staffMember = (key: string): StaffMember => staff.find((s) => s.key === key)!;
export const practitionerOf = (key: string): string => `Practitioner/demo-${key}`;
export const roleOf = (key: string): string => `PractitionerRole/demo-${key}`;
export const shownName = (s: StaffMember): string => [s.prefix, ...(s.latin ?? s.native)].filter(Boolean).join(' ');

/** The official name in the person's own script, and a Latin one for those who cannot read it. */
export function namesOf(s: Pick<StaffMember, 'native' | 'latin' | 'prefix'>): HumanName[] {
  const name = (use: 'official' | 'usual', [given, family]: readonly [string, string]): HumanName => ({ use, family, given: given.split(' '), ...(s.prefix && use === (s.latin ? 'usual' : 'official') ? { prefix: [s.prefix] } : {}) });
  return [name('official', s.native), ...(s.latin ? [name('usual', s.latin)] : [])];
}

const roleCodes = { expert: 'Consulting expert', doctor: 'Doctor', coordinator: 'Coordinator' } as const;

export function staffResources(s: StaffMember): { practitioner: Practitioner; role: PractitionerRole; schedule?: Schedule } {
  const institution = institutionOf(s.institution);
  const department = institution.departments.find((d) => d.specialty === s.specialty)!;
  const practitioner: Practitioner = {
    resourceType: 'Practitioner', id: `demo-${s.key}`, meta: demonstrationMeta(), active: true, name: namesOf(s), gender: s.gender,
    identifier: [{ system: 'urn:bedside:personnel', value: `DEMO-${s.key}` }],
    telecom: [{ system: 'email', value: `${s.key}@${s.institution}.bedside.invalid`, use: 'work' }, { system: 'phone', value: institution.phone, use: 'work' }],
    communication: s.languages.map((code) => coded('urn:ietf:bcp:47', code)),
    ...(s.qualifications.length > 0 ? { qualification: s.qualifications.map(([code, name, year]) => ({ code: concept(hl7('v2-0360'), code, name), period: { start: `${year}` } })) } : {}),
    extension: [{ url: 'urn:bedside:profile', valueMarkdown: s.profile }],
  };
  const role: PractitionerRole = {
    resourceType: 'PractitionerRole', id: `demo-${s.key}`, meta: demonstrationMeta(), active: true, practitioner: ref(practitionerOf(s.key), shownName(s)),
    organization: ref(`Organization/${s.institution}`, institution.name), location: [ref(`Location/${s.institution}-tele-room`)],
    code: [concept('urn:bedside:role', s.role, roleCodes[s.role])], specialty: [concept('urn:bedside:specialty', s.specialty, department.name)],
    extension: [{ url: 'urn:bedside:department', valueReference: ref(`Organization/${department.id}`, department.name) }],
    ...(s.role === 'expert' ? { healthcareService: [ref(`HealthcareService/${department.id}-service`)], availableTime: [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri'], availableStartTime: '09:00:00', availableEndTime: '17:00:00' }] } : {}),
  };
  if (s.role === 'coordinator') return { practitioner, role };
  return {
    practitioner, role,
    schedule: { resourceType: 'Schedule', id: `demo-${s.key}`, meta: demonstrationMeta(), active: true, actor: [ref(roleOf(s.key), shownName(s)), ref(practitionerOf(s.key))], specialty: role.specialty ?? [], comment: `Times of ${institution.zone}` },
  };
}

/** How many days ahead times are offered. */
export const bookableDays = 30;

/** Half hours in which a doctor may be asked: four or so on each working day of the next 30 days, and today's, in the institution's zone. */
export function slotsOf(s: StaffMember, days: Days, random: Random): Slot[] {
  const own = random.fork(`slots ${s.key}`);
  const habits = ['09:00', '09:30', '10:00', '10:30', '14:00', '14:30', '15:00', '15:30', '16:00', '16:30'].filter(() => own.chance(0.5));
  const times = habits.length > 0 ? habits : ['14:00'];
  return Array.from({ length: bookableDays + 1 }, (_, n) => -n).filter((daysAgo) => days.weekday(daysAgo) <= 5).flatMap((daysAgo) => times.map((time): Slot => {
    const [hour = '0', minute = '0'] = time.split(':');
    const end = `${String(Number(hour) + (minute === '30' ? 1 : 0)).padStart(2, '0')}:${minute === '30' ? '00' : '30'}`;
    return {
      resourceType: 'Slot', id: `demo-${s.key}-${days.date(daysAgo).replaceAll('-', '')}${time.replace(':', '')}`, meta: demonstrationMeta(),
      schedule: ref(`Schedule/demo-${s.key}`), status: 'free', start: days.at(daysAgo, time), end: days.at(daysAgo, end),
      specialty: [concept('urn:bedside:specialty', s.specialty, s.specialty)],
    };
  }));
}
