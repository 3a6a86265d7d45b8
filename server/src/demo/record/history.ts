import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Days } from '../days.ts';
import { patientResource, type DemoPatient, type StoryName } from '../people/patients.ts';
import type { Random } from '../random.ts';
import * as heart from './stories-heart-lung.ts';
import * as other from './stories-other.ts';
import { recordWriter, type Writer } from './writer.ts';

const stories: Readonly<Record<StoryName, (w: Writer) => void>> = {
  'lung-nodule': heart.lungNodule, 'atrial-fibrillation': heart.atrialFibrillation, 'hypertension': heart.hypertension, 'copd': heart.copd, 'heart-failure': heart.heartFailure,
  'coronary-disease': heart.coronaryDisease, 'stroke': heart.stroke, 'asthma': heart.asthma, 'tuberculosis': heart.tuberculosis,
  'diabetes': other.diabetes, 'kidney-disease': other.kidneyDisease, 'hypothyroidism': other.hypothyroidism, 'arthritis': other.arthritis, 'anaemia': other.anaemia,
  'hepatitis-b': other.hepatitisB, 'breast-cancer': other.breastCancer, 'epilepsy': other.epilepsy, 'pregnancy': other.pregnancy, 'depression': other.depression,
  'sickle-cell': other.sickleCell, 'gout': other.gout, 'healthy': other.healthy,
};

const allergies: readonly (readonly [code: string, name: string, reaction: readonly [string, string], high: boolean])[] = [
  ['91936005', 'Allergy to penicillin', ['126485001', 'Urticaria'], true], ['91939003', 'Allergy to sulfonamide', ['271807003', 'Rash'], false],
  ['91935009', 'Allergy to peanut', ['39579001', 'Anaphylaxis'], true], ['293637006', 'Allergy to iodinated contrast media', ['126485001', 'Urticaria'], true],
];

/** What everybody's record has: allergies or their absence, vaccinations, a weight and a height, smoking. */
function basics(w: Writer): void {
  const age = w.days.ageAt(w.patient.birthDate, 0);
  const allergy = w.patient.id === 'demo-patient-01' ? allergies[0]! : w.random.chance(0.3) ? w.random.pick(allergies) : undefined;
  if (allergy) w.allergy(...allergy);
  else w.allergy('716186003', 'No known allergy');
  if (age < 20) for (const [code, name, at] of [['19', 'BCG', 5], ['20', 'Diphtheria, tetanus, pertussis', 60], ['10', 'Poliomyelitis, inactivated', 60], ['03', 'Measles, mumps, rubella', 365]] as const) w.immunization(code, name, age * 365 + 120 - at);
  else for (const [code, name, at] of [['208', 'COVID-19, mRNA', 1500], ['115', 'Tetanus, diphtheria, pertussis', 2100]] as const) w.immunization(code, name, at + w.random.whole(0, 200));
  if (age > 60) w.immunization('33', 'Pneumococcal polysaccharide', 700 + w.random.whole(0, 300));
  for (let year = 0; year < 3; year++) if (w.random.chance(0.6)) w.immunization('141', 'Influenza, seasonal', 200 + year * 365 + w.random.whole(0, 40));
  w.vitals(w.random.whole(40, 400), { heightCm: w.usual.heightCm, weightKg: w.usual.weightKg });
  if (w.patient.smoker) w.condition('77176002', 'F17.2', 'Smoker', 5000, { note: 'About twenty cigarettes a day for thirty years.' });
}

/** A patient with the whole history, as one transaction: either all of it is there or nothing. */
export function historyOf(patient: DemoPatient, days: Days, random: Random): { bundle: Bundle; resources: Resource[] } {
  const own = random.fork(patient.id);
  const w = recordWriter(patient, days, own);
  basics(w);
  for (const story of patient.stories) stories[story]({ ...w, random: own.fork(story) });
  const resources = [patientResource(patient), ...w.resources];
  return { resources, bundle: transactionOf(resources) };
}

/** A transaction that writes each resource under its own id. */
export const transactionOf = (resources: readonly Resource[]): Bundle => ({
  resourceType: 'Bundle', type: 'transaction',
  entry: resources.map((resource) => ({ fullUrl: `urn:bedside:demo:${resource.resourceType}:${resource.id}`, resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } })),
});
