import { along, kidney, usualVitals, visitsSince } from './course.ts';
import type { Writer } from './writer.ts';

export function hypertension(w: Writer): void {
  const since = w.random.whole(1400, 2600);
  const problem = w.condition('59621000', 'I10', 'Essential hypertension', since);
  w.medication('C08CA01', 'Amlodipine 5 mg tablet', '1 tablet each morning', since - 14, { reason: problem });
  if (w.random.chance(0.6)) w.medication('C09CA01', 'Losartan 50 mg tablet', '1 tablet each evening', Math.round(since / 2), { reason: problem });
  for (const day of visitsSince(w, Math.min(since, 1500), 150)) w.vitals(day, usualVitals(w, { systolic: along(164, 136, day, 1500) }), w.visit(day, 'Blood pressure check'));
  w.laboratory(w.random.whole(20, 90), 'metabolic', { sodium: w.random.normal(140, 2), potassium: w.random.normal(4.2, 0.3), ...kidney(w, w.random.normal(82, 8), 60) });
}

export function copd(w: Writer): void {
  const problem = w.condition('13645005', 'J44.9', 'Chronic obstructive pulmonary disease', 2200, { severity: 'moderate', note: 'FEV1 58 % of predicted after bronchodilation; cooks over an open fire.' });
  w.medication('R03BB04', 'Tiotropium 18 µg inhalation powder', '1 inhalation each morning', 2100, { reason: problem });
  w.medication('R03AC02', 'Salbutamol 100 µg inhaler', '2 puffs when short of breath', 2200, { reason: problem });
  const flare = w.random.whole(200, 400);
  const stay = w.visit(flare, 'Exacerbation of chronic obstructive pulmonary disease', 'inpatient', 5);
  w.vitals(flare, { ...usualVitals(w, { spo2: 88, heartRate: 104 }), breaths: 27, temperature: 38.1 }, stay);
  w.laboratory(flare, 'blood', { leukocytes: 13.8, haemoglobin: 14.6, platelets: 310, crp: 74 }, stay);
  w.medication('H02AB06', 'Prednisolone 40 mg', '40 mg each morning for 5 days', flare, { endedDaysAgo: flare - 5, reason: problem });
  for (const day of visitsSince(w, 1200, 180)) w.vitals(day, { ...usualVitals(w, { spo2: along(95, 92.5, day, 1200), heartRate: 84 }), breaths: w.random.normal(19, 1.5) }, w.visit(day, 'Respiratory review'));
  w.report(flare, ['36643-5', 'Chest X-ray'], 'RAD', 'Hyperinflated lungs with flattened diaphragms. No consolidation, no effusion. Heart of normal size.');
}

/** Patient P's question: what is the nodule, and may it be operated on with this heart and these lungs? */
export function lungNodule(w: Writer): void {
  w.condition('427359005', 'R91.1', 'Solitary pulmonary nodule, right upper lobe', 24, { note: 'Found on the CT of the chest; spiculated, about 16 mm. Not seen on the X-ray of last year.' });
  const visit = w.visit(31, 'Cough for ten weeks, blood-streaked sputum twice, 4 kg of weight lost');
  w.vitals(31, { ...usualVitals(w, { systolic: 138, spo2: 92.6, heartRate: 96, weightKg: w.usual.weightKg - 3.6 }), breaths: 20 }, visit);
  w.laboratory(30, 'blood', { haemoglobin: 12.9, leukocytes: 9.8, platelets: 402, mcv: 84, crp: 21 }, visit);
  w.report(30, ['36643-5', 'Chest X-ray'], 'RAD', 'Ill-defined opacity projecting over the second right anterior rib. Hyperinflation. CT advised.');
  w.report(24, ['24627-2', 'CT of the chest'], 'RAD', 'Spiculated solid nodule of 16 mm in the right upper lobe, abutting no pleura. A right paratracheal node of 12 mm in its short axis. Centrilobular emphysema. No effusion. (Phantom: computed, no real patient.)');
  w.laboratory(10, 'metabolic', { sodium: 134, potassium: 4.4, ...kidney(w, 96, 10) });
  w.vitals(3, { ...usualVitals(w, { systolic: 134, spo2: 92.1, heartRate: 92, weightKg: w.usual.weightKg - 4.3 }), breaths: 20 }, w.visit(3, 'Results discussed; second opinion from the university hospital wished'));
}

export function atrialFibrillation(w: Writer): void {
  const since = w.random.whole(300, 900);
  const problem = w.condition('49436004', 'I48.9', 'Atrial fibrillation', since, { note: 'CHA2DS2-VASc 3 or more.' });
  w.medication('B01AF02', 'Apixaban 5 mg tablet', '1 tablet twice a day', since - 2, { reason: problem });
  w.medication('C07AB07', 'Bisoprolol 2.5 mg tablet', '1 tablet each morning', since - 2, { reason: problem });
  for (const day of visitsSince(w, since, 200)) w.vitals(day, usualVitals(w, { heartRate: along(118, 82, day, since), systolic: 132 }), w.visit(day, 'Review of heart rhythm'));
  w.laboratory(Math.round(since / 2), 'thyroid', { tsh: w.random.normal(1.8, 0.4), ft4: w.random.normal(16, 1.5) });
}

export function heartFailure(w: Writer): void {
  const problem = w.condition('84114007', 'I50.9', 'Heart failure', 1500, { severity: 'moderate', note: 'Ejection fraction 34 %.' });
  w.medication('C03CA01', 'Furosemide 40 mg tablet', '1 tablet each morning', 1490, { reason: problem });
  w.medication('C03DA01', 'Spironolactone 25 mg tablet', '1 tablet each morning', 1200, { reason: problem });
  w.medication('A10BK03', 'Empagliflozin 10 mg tablet', '1 tablet each morning', 500, { reason: problem });
  w.report(w.random.whole(120, 300), ['34552-0', 'Echocardiogram'], 'CUS', 'Dilated left ventricle, ejection fraction 34 %, global hypokinesia. Moderate functional mitral regurgitation. Systolic pulmonary pressure about 42 mmHg.');
  const stay = w.visit(410, 'Decompensated heart failure', 'inpatient', 8);
  w.vitals(410, { ...usualVitals(w, { systolic: 108, spo2: 90, heartRate: 108, weightKg: w.usual.weightKg + 7 }), breaths: 26 }, stay);
  w.laboratory(410, 'metabolic', { ntProBnp: 8_240, sodium: 131, potassium: 4.9, ...kidney(w, 148, 410) }, stay);
  for (const day of visitsSince(w, 400, 60)) {
    const visit = w.visit(day, 'Heart failure clinic');
    w.vitals(day, usualVitals(w, { systolic: 114, heartRate: 76, weightKg: w.usual.weightKg + along(3, 0, day, 400), spo2: 95.5 }), visit);
    w.laboratory(day, 'metabolic', { ntProBnp: along(3900, 1450, day, 400) * w.random.normal(1, 0.1), sodium: w.random.normal(137, 2), potassium: w.random.normal(4.6, 0.3), ...kidney(w, w.random.normal(126, 8), day) }, visit);
  }
}

export function coronaryDisease(w: Writer): void {
  const infarct = w.random.whole(700, 1600);
  const problem = w.condition('414545008', 'I25.9', 'Ischaemic heart disease', infarct);
  w.condition('1755008', 'I25.2', 'Old myocardial infarction', infarct);
  const stay = w.visit(infarct, 'Acute myocardial infarction', 'emergency', 6);
  w.laboratory(infarct, 'other', { troponin: 1_840, glucose: 8.4 }, stay);
  w.procedure('415070008', 'Percutaneous coronary intervention', infarct - 1);
  for (const [code, name, dose] of [['B01AC06', 'Acetylsalicylic acid 75 mg tablet', '1 tablet each morning'], ['C10AA05', 'Atorvastatin 40 mg tablet', '1 tablet each evening'], ['C09AA05', 'Ramipril 5 mg capsule', '1 capsule each morning']] as const) w.medication(code, name, dose, infarct - 2, { reason: problem });
  w.medication('B01AC04', 'Clopidogrel 75 mg tablet', '1 tablet each morning', infarct - 2, { endedDaysAgo: infarct - 367, reason: problem });
  for (const day of visitsSince(w, infarct - 30, 180)) {
    const visit = w.visit(day, 'Cardiac review');
    w.vitals(day, usualVitals(w, { systolic: 128, heartRate: 66 }), visit);
    w.laboratory(day, 'lipids', { cholesterol: along(5.9, 3.9, day, infarct), ldl: along(3.8, 1.8, day, infarct), hdl: w.random.normal(1.1, 0.1), triglycerides: w.random.normal(1.7, 0.3) }, visit);
  }
}

export function stroke(w: Writer): void {
  const day = w.random.whole(250, 700);
  const problem = w.condition('432504007', 'I63.9', 'Cerebral infarction', day, { note: 'Left middle cerebral artery; mild weakness of the right hand remains.' });
  const stay = w.visit(day, 'Sudden weakness of the right arm, slurred speech', 'emergency', 7);
  w.vitals(day, usualVitals(w, { systolic: 182, heartRate: 92 }), stay);
  w.report(day, ['24725-4', 'CT of the head'], 'RAD', 'No haemorrhage. Early loss of grey-white differentiation in the left insula.');
  w.medication('C10AA05', 'Atorvastatin 80 mg tablet', '1 tablet each evening', day - 1, { reason: problem });
  for (const at of visitsSince(w, day - 30, 120)) w.vitals(at, usualVitals(w, { systolic: along(150, 132, at, day) }), w.visit(at, 'Rehabilitation review'));
}

export function asthma(w: Writer): void {
  const problem = w.condition('195967001', 'J45.9', 'Asthma', 1600);
  w.medication('R03AK07', 'Budesonide/formoterol 160/4.5 µg inhaler', '1 inhalation twice a day', 1200, { reason: problem });
  w.medication('R03AC02', 'Salbutamol 100 µg inhaler', '2 puffs when short of breath', 1600, { reason: problem });
  w.allergy('418689008', 'Allergy to grass pollen', ['70076002', 'Rhinitis']);
  const attack = w.random.whole(60, 300);
  w.vitals(attack, { ...usualVitals(w, { spo2: 91, heartRate: 118 }), breaths: 30 }, w.visit(attack, 'Asthma attack', 'emergency'));
  for (const day of visitsSince(w, 900, 180)) w.vitals(day, { ...usualVitals(w, { systolic: 112, heartRate: 82 }), breaths: w.random.normal(18, 1) }, w.visit(day, 'Asthma review'));
}

export function tuberculosis(w: Writer): void {
  const start = w.random.whole(90, 160);
  const problem = w.condition('154283005', 'A15.0', 'Pulmonary tuberculosis', start, { note: 'GeneXpert: Mycobacterium tuberculosis found, no resistance to rifampicin.' });
  w.medication('J04AM06', 'Rifampicin/isoniazid/pyrazinamide/ethambutol, fixed dose', '4 tablets each morning, two months', start - 1, { endedDaysAgo: start - 61, reason: problem });
  if (start > 62) w.medication('J04AM02', 'Rifampicin/isoniazid, fixed dose', '4 tablets each morning, four months', start - 61, { reason: problem });
  w.report(start, ['36643-5', 'Chest X-ray'], 'RAD', 'Cavitating consolidation of the left upper lobe, patchy opacities in the right upper zone.');
  for (const day of visitsSince(w, start, 30)) {
    const visit = w.visit(day, 'Treatment of tuberculosis, monthly review');
    w.vitals(day, usualVitals(w, { weightKg: w.usual.weightKg - along(8, 1, day, start), heartRate: 86 }), visit);
    w.laboratory(day, 'liver', { alt: w.random.normal(34, 9), ast: w.random.normal(30, 7), bilirubin: w.random.normal(11, 3) }, visit);
  }
}
