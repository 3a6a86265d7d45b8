import type { ReportDocument } from './index.ts';
import type { Language } from '../../../kernel/index.ts';
import { PNG } from 'pngjs';

/** A picture with a grey ramp, a little transparent, as a PNG. */
export function samplePicture(width = 320, height = 240): Buffer {
  const png = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const distance = Math.hypot(x - width / 2, (y - height / 2) * 1.2);
      const grey = distance < height * 0.42 ? 90 + 60 * Math.sin(x / 9) * Math.cos(y / 7) : 12;
      png.data.fill(Math.max(0, Math.min(255, grey)), at, at + 3);
      png.data[at + 3] = 250;
    }
  }
  return PNG.sync.write(png);
}

const texts: Readonly<Record<Language, Pick<ReportDocument, 'title' | 'requesting' | 'consulted' | 'patient' | 'question' | 'sections' | 'clinicians'> & { caption: string }>> = {
  en: {
    title: 'Teleconsultation report', caption: 'CT of the chest, lung window, level of the right middle lobe',
    requesting: { name: 'Riverside District Hospital', address: '12 Mill Lane, Riverside', phone: '+44 1632 960 120' },
    consulted: { name: 'Northgate University Hospital', address: 'Department of Pneumology, 1 College Road, Northgate', phone: '+44 1632 960 400' },
    patient: { name: 'Margaret O’Sullivan', birthDate: '1957-03-09', gender: 'female', identifier: 'RDH-004711', more: [{ label: 'Department', value: 'Internal medicine' }] },
    question: 'Persistent cough and fever for three weeks despite amoxicillin 1 g three times daily. Is bronchoscopy advised?',
    sections: [
      { heading: 'Findings', text: 'Consolidation of the right middle lobe with air bronchograms; no cavitation.\nC-reactive protein 84 mg/L (reference < 5), leukocytes 13.2 × 10⁹/L.\n\nCompared with the images of 2 weeks ago:\n- consolidation is slightly smaller\n- a small pleural effusion (about 1.5 cm) is new\n- no enlarged lymph nodes' },
      { heading: 'Opinion', text: 'The course fits a slowly resolving community-acquired pneumonia, most probably with an atypical or resistant organism. Malignant obstruction is unlikely but is not excluded by these images.' },
      { heading: 'Recommendations', text: '1. Change the antibiotic to doxycycline 100 mg twice daily for 10 days.\n2. Ultrasound of the pleura within 48 hours; puncture when it is more than 2 cm.\n3. Control CT in six weeks. Bronchoscopy if the consolidation persists.' },
    ],
    clinicians: [{ name: 'Prof. Amara Lindqvist', role: 'Consultant, pneumology' }, { name: 'Dr. Tomás Herrera', role: 'Radiologist' }],
  },
  zh: {
    title: '远程会诊报告', caption: '胸部 CT（肺窗），右肺中叶层面',
    requesting: { name: '临河县人民医院', address: '临河县解放路 12 号', phone: '0471-555 0120' },
    consulted: { name: '北方大学附属第一医院', address: '呼吸与危重症医学科，学院路 1 号', phone: '010-555 0400' },
    patient: { name: '欧阳秀兰', birthDate: '1957-03-09', gender: 'female', identifier: 'LHX-004711', more: [{ label: '科室', value: '内科' }] },
    question: '患者持续咳嗽、发热三周，口服阿莫西林 1 g 每日三次效果欠佳。请问是否需要行支气管镜检查？',
    sections: [
      { heading: '所见', text: '右肺中叶可见实变影，内见空气支气管征，未见空洞形成。C 反应蛋白 84 mg/L（参考值 < 5），白细胞 13.2 × 10⁹/L。与两周前的影像比较，实变范围略有缩小，新出现少量胸腔积液（约 1.5 cm），纵隔及肺门淋巴结未见肿大。\n\n补充说明：\n- 实变略缩小\n- 新发少量胸腔积液\n- 未见淋巴结肿大' },
      { heading: '会诊意见', text: '病程符合吸收缓慢的社区获得性肺炎，病原体可能为非典型病原体或耐药菌。影像学上恶性阻塞可能性小，但尚不能完全排除。' },
      { heading: '建议', text: '1. 更换抗生素为多西环素 100 mg，每日两次，疗程 10 天。\n2. 48 小时内行胸腔超声检查，积液超过 2 cm 时行胸腔穿刺。\n3. 六周后复查 CT；如实变仍存在，行支气管镜检查。' },
    ],
    clinicians: [{ name: '王建国 教授', role: '呼吸与危重症医学科主任医师' }, { name: '李晓梅 医生', role: '放射科' }],
  },
  fr: {
    title: 'Compte rendu de téléconsultation', caption: 'Scanner thoracique, fenêtre pulmonaire',
    requesting: { name: 'Centre hospitalier de la Vallée', address: '12, rue du Moulin, Valclair', phone: '+33 1 99 00 12 20' },
    consulted: { name: 'CHU de Mont-Évêque', address: 'Service de pneumologie, 1, avenue de l’Université', phone: '+33 1 99 00 14 00' },
    patient: { name: 'Hélène Lefèvre', birthDate: '1957-03', gender: 'female', identifier: 'CHV-004711' },
    question: 'Toux persistante et fièvre depuis trois semaines. Une bronchoscopie est-elle indiquée ?',
    sections: [{ heading: 'Constatations', text: 'Condensation du lobe moyen droit, sans cavitation.\n- léger épanchement pleural' }, { heading: 'Conclusion', text: 'Pneumopathie communautaire de résolution lente.' }],
    clinicians: [{ name: 'Pr Élodie Marchand', role: 'Pneumologue' }],
  },
  es: {
    title: 'Informe de teleconsulta', caption: 'TC de tórax, ventana pulmonar',
    requesting: { name: 'Hospital Comarcal del Río', address: 'Calle del Molino 12', phone: '+34 900 55 01 20' },
    consulted: { name: 'Hospital Universitario Señora del Monte', address: 'Servicio de Neumología, Avenida de la Universidad 1', phone: '+34 900 55 04 00' },
    patient: { name: 'María Ángeles Núñez', birthDate: '1957', gender: 'female', identifier: 'HCR-004711' },
    question: '¿Está indicada una broncoscopia?',
    sections: [{ heading: 'Hallazgos', text: 'Consolidación del lóbulo medio derecho.' }, { heading: 'Recomendaciones', text: '1. Cambiar el antibiótico.\n2. Ecografía pleural en 48 horas.' }],
    clinicians: [{ name: 'Dr. Íñigo Peña', role: 'Neumólogo' }],
  },
  ar: {
    title: 'تقرير الاستشارة عن بُعد', caption: 'تصوير مقطعي للصدر (CT)، نافذة الرئة',
    requesting: { name: 'مستشفى الوادي العام', address: 'شارع الطاحونة 12، مدينة الوادي', phone: '+966 11 555 0120' },
    consulted: { name: 'المستشفى الجامعي بالشمال', address: 'قسم أمراض الرئة، طريق الكلية 1', phone: '+966 11 555 0400' },
    patient: { name: 'فاطمة الزهراء العبدالله', birthDate: '1957-03-09', gender: 'female', identifier: 'WGH-004711', more: [{ label: 'القسم', value: 'الطب الباطني' }] },
    question: 'سعال مستمر وحمى منذ ثلاثة أسابيع رغم العلاج بدواء Amoxicillin بجرعة 1 g ثلاث مرات يوميًا. هل يُنصح بتنظير القصبات؟',
    sections: [
      { heading: 'النتائج', text: 'تصلّب في الفص الأوسط الأيمن (دون تكهف)، والبروتين التفاعلي C-reactive protein يساوي 84 mg/L (المرجع أقل من 5)، والكريات البيض 13.2 × 10⁹/L.\n\nبالمقارنة مع صور ما قبل أسبوعين:\n- التصلب أصغر قليلًا\n- انصباب جنبي صغير جديد (نحو 1.5 cm)\n- لا تضخم في العقد اللمفية' },
      { heading: 'الرأي', text: 'يتوافق مسار المرض مع التهاب رئوي مكتسب من المجتمع بطيء الزوال، والأرجح أن سببه جرثومة غير نموذجية أو مقاومة. انسداد خبيث غير مرجّح، لكن لا يمكن استبعاده بهذه الصور.' },
      { heading: 'التوصيات', text: '1. تغيير المضاد الحيوي إلى Doxycycline بجرعة 100 mg مرتين يوميًا لمدة 10 أيام.\n2. تصوير الجنب بالأمواج فوق الصوتية خلال 48 ساعة.\n3. إعادة التصوير المقطعي بعد ستة أسابيع.' },
    ],
    clinicians: [{ name: 'أ.د. ليلى الحسيني', role: 'استشارية أمراض الرئة' }, { name: 'د. عمر بن سعيد', role: 'اختصاصي الأشعة' }],
  },
};

const cross = 'M8 1h8v7h7v8h-7v7H8v-7H1V8h7z';
const leaf = 'M12 1C5 5 2 10 2 15c0 5 4 8 10 8s10-3 10-8c0-5-3-10-10-14zm0 6v12';

/** A report with everything a report can have, in a language. */
export function sampleReport(language: Language, changes: Partial<ReportDocument> = {}): ReportDocument {
  const { caption, requesting, consulted, ...text } = texts[language];
  const picture = samplePicture();
  return {
    language, timeZone: 'Asia/Riyadh', caseNumber: 'TC-2026-000123', ...text,
    requesting: { ...requesting, logo: { kind: 'path', d: cross, viewBox: [24, 24], colour: '#0B3C5D' } },
    consulted: { ...consulted!, logo: { kind: 'path', d: leaf, viewBox: [24, 24], colour: '#1D7A8C' } },
    images: [{ bytes: picture, caption }, { bytes: picture, caption }],
    signedAt: new Date('2026-11-23T14:59:00Z'), version: 2, replaces: { version: 1, signedAt: new Date('2026-11-21T09:10:00Z') },
    verification: { code: 'K7QM-3XV8-ZT5R-0W2N', url: 'https://bedside.example/verify/K7QM-3XV8-ZT5R-0W2N' }, demonstration: true, ...changes,
  };
}
