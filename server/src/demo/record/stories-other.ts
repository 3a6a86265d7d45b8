import { along, kidney, usualVitals, visitsSince } from './course.ts';
import type { Writer } from './writer.ts';

export function diabetes(w: Writer): void {
  const since = w.random.whole(1900, 3200);
  const problem = w.condition('44054006', 'E11.9', 'Type 2 diabetes mellitus', since);
  w.medication('A10BA02', 'Metformin 850 mg tablet', '1 tablet twice a day with food', since - 7, { reason: problem });
  if (w.random.chance(0.5)) w.medication('A10AE04', 'Insulin glargine 100 units/mL', '14 units each evening', 400, { reason: problem });
  const best = w.random.normal(7.1, 0.5);
  for (const day of visitsSince(w, 1800, 120)) {
    const visit = w.visit(day, 'Diabetes review');
    const hba1c = Math.max(5.4, along(9.6, best, day, 1800) + w.random.normal(0, 0.3));
    w.vitals(day, usualVitals(w, { weightKg: w.usual.weightKg + along(4, 0, day, 1800), systolic: 130 }), visit);
    w.laboratory(day, 'diabetes', { hba1c, glucose: hba1c * 1.59 - 2.59 + w.random.normal(0, 0.6) }, visit);
  }
  w.laboratory(w.random.whole(30, 150), 'lipids', { cholesterol: w.random.normal(5, 0.5), ldl: w.random.normal(2.9, 0.4), hdl: w.random.normal(1.1, 0.1), triglycerides: w.random.normal(1.9, 0.4) });
}

export function kidneyDisease(w: Writer): void {
  const problem = w.condition('433144002', 'N18.3', 'Chronic kidney disease stage 3', 1500);
  w.medication('C09AA03', 'Lisinopril 10 mg tablet', '1 tablet each morning', 1480, { reason: problem });
  for (const day of visitsSince(w, 1500, 130)) {
    const visit = w.visit(day, 'Kidney clinic');
    w.laboratory(day, 'metabolic', { ...kidney(w, along(118, 156, day, 1500) + w.random.normal(0, 5), day), potassium: along(4.4, 5.0, day, 1500) + w.random.normal(0, 0.2), sodium: w.random.normal(139, 2), uacr: along(90, 310, day, 1500) * w.random.normal(1, 0.12) }, visit);
    w.vitals(day, usualVitals(w, { systolic: 138 }), visit);
  }
}

export function hypothyroidism(w: Writer): void {
  const problem = w.condition('40930008', 'E03.9', 'Hypothyroidism', 1100);
  w.medication('H03AA01', 'Levothyroxine 75 µg tablet', '1 tablet each morning before food', 1090, { reason: problem });
  for (const day of visitsSince(w, 1100, 150)) w.laboratory(day, 'thyroid', { tsh: Math.max(0.2, along(14, 2.1, day, 1100) * w.random.normal(1, 0.15)), ft4: along(8.5, 16, day, 1100) + w.random.normal(0, 1) }, w.visit(day, 'Thyroid review'));
}

export function arthritis(w: Writer): void {
  const problem = w.condition('69896004', 'M06.9', 'Rheumatoid arthritis', 1700);
  w.medication('L04AX03', 'Methotrexate 15 mg', 'once a week, on Mondays', 1650, { reason: problem });
  w.medication('B03BB01', 'Folic acid 5 mg tablet', 'once a week, on Wednesdays', 1650, { reason: problem });
  for (const day of visitsSince(w, 1000, 100)) w.laboratory(day, 'liver', { alt: w.random.normal(29, 7), crp: Math.max(1, along(34, 6, day, 1000) + w.random.normal(0, 3)), esr: Math.max(2, along(48, 16, day, 1000) + w.random.normal(0, 4)) }, w.visit(day, 'Rheumatology review'));
}

export function anaemia(w: Writer): void {
  const since = w.random.whole(150, 260);
  const problem = w.condition('87522002', 'D50.9', 'Iron deficiency anaemia', since);
  w.medication('B03AA07', 'Ferrous sulfate 200 mg tablet', '1 tablet every other day', since - 1, { reason: problem });
  for (const day of visitsSince(w, since, 45)) w.laboratory(day, 'blood', { haemoglobin: along(8.4, 12.3, day, since) + w.random.normal(0, 0.2), mcv: along(69, 83, day, since), ferritin: along(6, 41, day, since), leukocytes: w.random.normal(6.4, 0.8), platelets: w.random.normal(330, 25) }, w.visit(day, 'Tiredness, review of anaemia'));
}

export function hepatitisB(w: Writer): void {
  const problem = w.condition('61977001', 'B18.1', 'Chronic hepatitis B', 1900);
  w.medication('J05AF07', 'Tenofovir disoproxil 245 mg tablet', '1 tablet each morning', 1400, { reason: problem });
  for (const day of visitsSince(w, 1500, 180)) w.laboratory(day, 'liver', { alt: Math.max(12, along(128, 28, day, 1500) + w.random.normal(0, 5)), ast: Math.max(12, along(92, 26, day, 1500) + w.random.normal(0, 4)), bilirubin: w.random.normal(13, 3), albumin: w.random.normal(4.2, 0.2), hbvDna: day > 1300 ? 2_400_000 : day > 1100 ? 4_300 : 10 }, w.visit(day, 'Liver clinic'));
  w.report(200, ['24558-9', 'Ultrasound of the abdomen'], 'RAD', 'Liver of normal size with slightly coarse texture. No focal lesion. Spleen 11 cm.');
}

export function breastCancer(w: Writer): void {
  const problem = w.condition('254837009', 'C50.9', 'Malignant neoplasm of breast', 1100, { note: 'Left, invasive ductal, pT2 N1 M0, ER positive, HER2 negative.' });
  w.procedure('392021009', 'Lumpectomy of breast', 1060);
  w.report(1058, ['22637-3', 'Pathology report'], 'PAT', 'Invasive ductal carcinoma, grade 2, 24 mm, margins free. One of twelve nodes involved. ER 90 %, PR 60 %, HER2 1+.');
  w.medication('L02BA01', 'Tamoxifen 20 mg tablet', '1 tablet each morning for five years', 880, { reason: problem });
  for (const day of visitsSince(w, 1000, 120)) w.laboratory(day, 'other', { ca153: Math.max(9, along(48, 17, day, 1000) + w.random.normal(0, 2)), haemoglobin: w.random.normal(12.4, 0.4) }, w.visit(day, 'Oncology follow-up'));
}

export function epilepsy(w: Writer): void {
  const problem = w.condition('84757009', 'G40.9', 'Epilepsy', 2300);
  w.medication('N03AX14', 'Levetiracetam 750 mg tablet', '1 tablet twice a day', 2250, { reason: problem });
  const seizure = w.random.whole(100, 400);
  w.vitals(seizure, usualVitals(w, { heartRate: 104 }), w.visit(seizure, 'Generalised seizure of two minutes', 'emergency'));
  for (const day of visitsSince(w, 1100, 180)) w.vitals(day, usualVitals(w), w.visit(day, 'Epilepsy review'));
}

export function pregnancy(w: Writer): void {
  const conceived = 196;
  w.condition('77386006', 'Z33', 'Pregnancy', conceived - 30, { note: 'Expected date of delivery in about twelve weeks.' });
  w.medication('B03BB01', 'Folic acid 400 µg tablet', '1 tablet each morning', conceived - 20);
  for (const day of visitsSince(w, conceived - 60, 28)) {
    const visit = w.visit(day, 'Antenatal visit');
    w.vitals(day, usualVitals(w, { systolic: along(108, 124, day, 140), weightKg: w.usual.weightKg + along(0, 8, day, 140), heartRate: 84 }), visit);
    w.laboratory(day, 'blood', { haemoglobin: along(11.8, 10.4, day, 140) + w.random.normal(0, 0.2), platelets: w.random.normal(230, 20) }, visit);
  }
  w.report(90, ['11525-3', 'Obstetric ultrasound'], 'RAD', 'Single live fetus, biometry as expected for the date. Placenta anterior, not low. Normal amount of fluid.');
}

export function depression(w: Writer): void {
  const problem = w.condition('35489007', 'F32.9', 'Depressive disorder', 500, { severity: 'moderate' });
  w.medication('N06AB06', 'Sertraline 50 mg tablet', '1 tablet each morning', 480, { reason: problem });
  for (const day of visitsSince(w, 480, 70)) w.vitals(day, usualVitals(w), w.visit(day, 'Mood review'));
}

export function sickleCell(w: Writer): void {
  const problem = w.condition('417357006', 'D57.1', 'Sickle cell disease', 2400);
  w.medication('L01XX05', 'Hydroxycarbamide 500 mg capsule', '1 capsule each evening', 900, { reason: problem });
  w.medication('B03BB01', 'Folic acid 5 mg tablet', '1 tablet each morning', 2000, { reason: problem });
  const crisis = w.random.whole(80, 250);
  const stay = w.visit(crisis, 'Painful crisis, both thighs', 'inpatient', 4);
  w.vitals(crisis, usualVitals(w, { heartRate: 112, systolic: 116 }), stay);
  w.laboratory(crisis, 'blood', { haemoglobin: 6.9, leukocytes: 15.2, reticulocytes: 11.4, bilirubin: 61 }, stay);
  for (const day of visitsSince(w, 900, 100)) w.laboratory(day, 'blood', { haemoglobin: w.random.normal(8.3, 0.4), leukocytes: w.random.normal(9.6, 1.2), reticulocytes: w.random.normal(7.5, 1.2), platelets: w.random.normal(380, 40) }, w.visit(day, 'Sickle cell clinic'));
}

export function gout(w: Writer): void {
  const problem = w.condition('90560007', 'M10.9', 'Gout', 1300);
  w.medication('M04AA01', 'Allopurinol 200 mg tablet', '1 tablet each morning', 1200, { reason: problem });
  for (const day of visitsSince(w, 1200, 160)) w.laboratory(day, 'metabolic', { urate: Math.max(240, along(561, 338, day, 1200) + w.random.normal(0, 18)), ...kidney(w, w.random.normal(92, 6), day) }, w.visit(day, 'Gout review'));
}

export function healthy(w: Writer): void {
  for (const day of visitsSince(w, 1400, 360)) w.vitals(day, usualVitals(w, { systolic: 108 }), w.visit(day, 'Health check'));
  w.laboratory(w.random.whole(60, 300), 'blood', { haemoglobin: w.random.normal(13.4, 0.5), leukocytes: w.random.normal(6.2, 0.8), platelets: w.random.normal(260, 20) });
}
