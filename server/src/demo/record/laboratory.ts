/** What a laboratory measures: code, unit and what is normal for adults. */
export interface Test {
  readonly code: string;
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  readonly shown: string;
  readonly low?: number;
  readonly high?: number;
  readonly digits: number;
}

const test = (code: string, name: string, unit: string, low: number | undefined, high: number | undefined, digits: number, shown = unit): Test =>
  ({ code, name, unit, shown, digits, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) });

export const tests = {
  hba1c: test('4548-4', 'Haemoglobin A1c', '%', 4, 5.9, 1),
  glucose: test('14771-0', 'Fasting glucose', 'mmol/L', 3.9, 5.9, 1),
  creatinine: test('14682-9', 'Creatinine', 'umol/L', 45, 104, 0, 'µmol/L'),
  egfr: test('98979-8', 'Estimated glomerular filtration rate', 'mL/min/{1.73_m2}', 60, undefined, 0, 'mL/min/1.73 m²'),
  potassium: test('2823-3', 'Potassium', 'mmol/L', 3.5, 5.1, 1),
  sodium: test('2951-2', 'Sodium', 'mmol/L', 136, 145, 0),
  haemoglobin: test('718-7', 'Haemoglobin', 'g/dL', 12, 17, 1),
  leukocytes: test('6690-2', 'Leukocytes', '10*3/uL', 4, 10.5, 1, '10³/µL'),
  platelets: test('777-3', 'Platelets', '10*3/uL', 150, 400, 0, '10³/µL'),
  mcv: test('787-2', 'Mean corpuscular volume', 'fL', 80, 98, 0),
  ferritin: test('2276-4', 'Ferritin', 'ng/mL', 15, 250, 0),
  cholesterol: test('14647-2', 'Total cholesterol', 'mmol/L', undefined, 5.2, 1),
  ldl: test('22748-8', 'LDL cholesterol', 'mmol/L', undefined, 3.4, 1),
  hdl: test('14646-4', 'HDL cholesterol', 'mmol/L', 1, undefined, 1),
  triglycerides: test('14927-8', 'Triglycerides', 'mmol/L', undefined, 1.7, 1),
  alt: test('1742-6', 'Alanine aminotransferase', 'U/L', undefined, 41, 0),
  ast: test('1920-8', 'Aspartate aminotransferase', 'U/L', undefined, 40, 0),
  bilirubin: test('14631-6', 'Total bilirubin', 'umol/L', undefined, 21, 0, 'µmol/L'),
  albumin: test('1751-7', 'Albumin', 'g/dL', 3.5, 5, 1),
  crp: test('1988-5', 'C-reactive protein', 'mg/L', undefined, 5, 0),
  ntProBnp: test('33762-6', 'NT-proBNP', 'pg/mL', undefined, 125, 0),
  inr: test('6301-6', 'INR', '{INR}', 0.8, 1.2, 1, ''),
  tsh: test('3016-3', 'Thyrotropin', 'm[IU]/L', 0.4, 4.0, 2, 'mIU/L'),
  ft4: test('14920-3', 'Free thyroxine', 'pmol/L', 12, 22, 1),
  urate: test('14933-6', 'Urate', 'umol/L', 200, 420, 0, 'µmol/L'),
  hbvDna: test('42595-9', 'Hepatitis B virus DNA', '[IU]/mL', undefined, 20, 0, 'IU/mL'),
  ca153: test('6875-9', 'Cancer antigen 15-3', 'U/mL', undefined, 30, 0),
  uacr: test('14959-1', 'Albumin/creatinine ratio, urine', 'mg/g', undefined, 30, 0),
  esr: test('30341-2', 'Erythrocyte sedimentation rate', 'mm/h', undefined, 20, 0),
  reticulocytes: test('17849-1', 'Reticulocytes', '%', 0.5, 2.5, 1),
  troponin: test('67151-1', 'Troponin T, high sensitivity', 'ng/L', undefined, 14, 0),
} as const satisfies Record<string, Test>;
export type TestName = keyof typeof tests;

export const panels = {
  metabolic: ['24323-8', 'Metabolic panel'],
  blood: ['58410-2', 'Complete blood count'],
  lipids: ['57698-3', 'Lipid panel'],
  diabetes: ['55399-0', 'Diabetes panel'],
  liver: ['24325-3', 'Hepatic function panel'],
  thyroid: ['55204-3', 'Thyroid panel'],
  other: ['11502-2', 'Laboratory report'],
} as const;
export type PanelName = keyof typeof panels;

const molPerMgCreatinine = 88.42;

/** Glomerular filtration from serum creatinine (µmol/L). @see CKD-EPI 2021, race-free */
export function estimatedGfr(creatinineUmolL: number, age: number, gender: 'female' | 'male'): number {
  const mgDl = creatinineUmolL / molPerMgCreatinine;
  const [kappa, alpha, factor] = gender === 'female' ? [0.7, -0.241, 1.012] : [0.9, -0.302, 1];
  const ratio = mgDl / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * factor;
}
