import type { Patient } from '@medplum/fhirtypes';
import { institutionOf, districtId, townshipId, universityId } from './institutions.ts';
import { coded, concept, demonstrationMeta, hl7, ref } from '../vocabulary.ts';
import { namesOf, practitionerOf } from './staff.ts';

export const storyNames = [
  'lung-nodule', 'atrial-fibrillation', 'diabetes', 'hypertension', 'copd', 'asthma', 'kidney-disease', 'heart-failure', 'coronary-disease', 'stroke',
  'hypothyroidism', 'tuberculosis', 'arthritis', 'anaemia', 'hepatitis-b', 'breast-cancer', 'epilepsy', 'pregnancy', 'depression', 'sickle-cell', 'gout', 'healthy',
] as const;
export type StoryName = (typeof storyNames)[number];

export interface DemoPatient {
  readonly id: string;
  readonly native: readonly [given: string, family: string];
  readonly latin?: readonly [given: string, family: string];
  readonly gender: 'female' | 'male';
  readonly birthDate: string;
  readonly languages: readonly string[];
  readonly institution: string;
  readonly stories: readonly StoryName[];
  readonly smoker?: boolean;
}

type Line = readonly [given: string, family: string, latin: string, gender: 'f' | 'm', born: string, languages: string, institution: 'd' | 't' | 'u', stories: string];

/** Invented people; a `*` after the stories: smokes. The first is patient P of the story that the product is shown with, the second patient Q. */
const lines: readonly Line[] = [
  ['Joseph', 'Mwangi', '', 'm', '1963-03-14', 'sw,en', 'd', 'copd lung-nodule atrial-fibrillation diabetes*'],
  ['فاطمة', 'حسن', 'Fatuma Hassan', 'f', '1971-09-02', 'ar,sw,en', 'd', 'diabetes hypertension kidney-disease'],
  ['秀英', '王', 'Xiuying Wang', 'f', '1958-01-27', 'zh', 'u', 'breast-cancer hypertension'],
  ['Wanjiku', 'Kamau', '', 'f', '1994-06-18', 'sw,en', 'd', 'pregnancy anaemia'],
  ['Otieno', 'Ochieng', '', 'm', '1980-11-30', 'sw,en', 'd', 'tuberculosis'],
  ['José', 'García Núñez', '', 'm', '1955-07-09', 'es,en', 'd', 'coronary-disease hypertension*'],
  ['አበበ', 'ገብሬ', 'Abebe Gebre', 'm', '1967-04-21', 'am,en', 'd', 'stroke hypertension'],
  ['लक्ष्मी', 'शर्मा', 'Lakshmi Sharma', 'f', '1976-12-05', 'hi,en', 'd', 'hypothyroidism'],
  ['建国', '李', 'Jianguo Li', 'm', '1949-10-01', 'zh', 'u', 'heart-failure atrial-fibrillation kidney-disease'],
  ['Aoife', 'O’Brien', '', 'f', '1988-02-11', 'en', 'd', 'epilepsy'],
  ['Kwame', 'Mensah', '', 'm', '1972-08-23', 'en,fr', 'd', 'hypertension gout'],
  ['Νίκος', 'Παπαδόπουλος', 'Nikos Papadopoulos', 'm', '1961-05-15', 'el,en', 'd', 'coronary-disease diabetes*'],
  ['Achieng', 'Akinyi', '', 'f', '2015-03-03', 'sw,en', 'd', 'sickle-cell'],
  ['Baraka', 'Kiptoo', '', 'm', '2013-08-19', 'sw', 't', 'asthma'],
  ['María José', 'Ortega', '', 'f', '1985-10-26', 'es', 'd', 'arthritis'],
  ['สมชาย', 'ใจดี', 'Somchai Jaidee', 'm', '1969-01-08', 'th,en', 'd', 'hepatitis-b diabetes'],
  ['נועה', 'לוי', 'Noa Levi', 'f', '1990-07-29', 'he,en', 'd', 'depression'],
  ['Cheptoo', 'Chebet', '', 'f', '1997-05-05', 'sw,en', 't', 'pregnancy'],
  ['Иван', 'Соколов', 'Ivan Sokolov', 'm', '1957-12-12', 'ru', 'u', 'copd coronary-disease*'],
  ['美咲', '佐藤', 'Misaki Sato', 'f', '1983-03-31', 'ja,en', 'u', 'hypothyroidism'],
  ['Mohamed', 'Abdi', '', 'm', '1965-06-06', 'so,sw', 'd', 'diabetes'],
  ['Zawadi', 'Mwende', '', 'f', '1978-09-17', 'sw,en', 'd', 'hypertension anaemia'],
  ['Thảo', 'Nguyễn', '', 'f', '1992-11-20', 'vi,en', 'd', 'asthma'],
  ['Pierre', 'Dubois', '', 'm', '1959-04-02', 'fr,en', 'd', 'gout hypertension kidney-disease'],
  ['Njeri', 'Wambui', '', 'f', '1952-02-25', 'sw', 't', 'heart-failure hypertension'],
  ['Kipchoge', 'Rotich', '', 'm', '1999-01-16', 'sw,en', 't', 'healthy'],
  ['বিমল', 'দাস', 'Bimal Das', 'm', '1974-05-24', 'bn,en', 'd', 'tuberculosis diabetes'],
  ['Amara', 'Okafor', '', 'f', '2001-12-28', 'en', 'd', 'sickle-cell'],
  ['志强', '赵', 'Zhiqiang Zhao', 'm', '1964-08-08', 'zh', 'u', 'hepatitis-b'],
  ['Leila', 'Rahimi', '', 'f', '1987-06-13', 'fa,en', 'd', 'arthritis depression'],
  ['Wekesa', 'Simiyu', '', 'm', '1945-10-10', 'sw', 't', 'copd hypertension*'],
  ['Nadia', 'Benali', '', 'f', '1970-03-22', 'fr,ar', 'd', 'breast-cancer'],
  ['Tatu', 'Salim', '', 'f', '2019-04-09', 'sw', 't', 'healthy'],
  ['سعيد', 'الكندي', 'Said Al Kindi', 'm', '1960-11-11', 'ar,en', 'd', 'diabetes coronary-disease'],
  ['Mutiso', 'Kilonzo', '', 'm', '1991-07-07', 'sw,en', 'd', 'epilepsy'],
  ['Ana', 'Silva', '', 'f', '1966-09-30', 'pt,en', 'd', 'stroke atrial-fibrillation'],
  ['지우', '김', 'Jiwoo Kim', 'f', '1995-02-14', 'ko,en', 'u', 'asthma'],
  ['Hamisi', 'Juma', '', 'm', '1982-01-01', 'sw', 't', 'hypertension'],
  ['Nyokabi', 'Gathoni', '', 'f', '1956-12-19', 'sw,en', 'd', 'arthritis hypertension anaemia'],
  ['Tomás', 'Herrera', '', 'm', '2009-05-27', 'es,en', 'd', 'healthy'],
];

const places = { d: districtId, t: townshipId, u: universityId } as const;

export const patients: readonly DemoPatient[] = lines.map(([given, family, latin, gender, birthDate, languages, place, stories], n) => {
  const [latinGiven, ...latinFamily] = latin.split(' ');
  return {
    id: `demo-patient-${String(n + 1).padStart(2, '0')}`, native: [given, family], ...(latin && latinGiven ? { latin: [latinGiven, latinFamily.join(' ')] as const } : {}),
    gender: gender === 'f' ? 'female' : 'male', birthDate, languages: languages.split(','), institution: places[place],
    stories: stories.replace('*', '').split(' ') as StoryName[], smoker: stories.endsWith('*'),
  };
});

export const latinName = (p: DemoPatient): string => (p.latin ?? p.native).join(' ');

/** The doctor who knows the patient best. */
export const generalPractitioner: Readonly<Record<string, string>> = { [districtId]: 'amina-odhiambo', [townshipId]: 'daniel-mutua', [universityId]: 'chen-liwen' };

export function patientResource(p: DemoPatient): Patient {
  const institution = institutionOf(p.institution);
  const number = `DEMO-${p.id.slice(-2)}${p.birthDate.replaceAll('-', '')}`;
  return {
    resourceType: 'Patient', id: p.id, meta: demonstrationMeta(), active: true, name: namesOf(p), gender: p.gender, birthDate: p.birthDate,
    identifier: [{ use: 'usual', system: `urn:bedside:patient-number:${p.institution}`, value: number, type: concept(hl7('v2-0203'), 'MR', 'Record number'), assigner: ref(`Organization/${p.institution}`, institution.name) }],
    telecom: [{ system: 'phone', value: `+254 700 555 ${p.id.slice(-2).padStart(3, '0')}`, use: 'mobile' }],
    address: [{ use: 'home', city: institution.city, country: institution.country, text: `${Number(p.id.slice(-2)) * 3} Example Lane, ${institution.city}` }],
    communication: p.languages.map((code, n) => ({ language: { ...coded('urn:ietf:bcp:47', code), text: new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code }, preferred: n === 0 })),
    managingOrganization: ref(`Organization/${p.institution}`, institution.name),
    generalPractitioner: [ref(practitionerOf(generalPractitioner[p.institution]!))],
  };
}
