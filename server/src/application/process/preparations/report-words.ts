import type { Language } from '../../../kernel/index.ts';

interface ReportWords { readonly title: string; readonly summaryTitle: string; readonly findings: string; readonly opinion: string; readonly recommendations: string; readonly plain: string; readonly expert: string }

/** Headings of a consultation's report. */
export const reportWords: Readonly<Record<Language, ReportWords>> = {
  en: { title: 'Teleconsultation report', summaryTitle: 'Your consultation in plain words', findings: 'Findings', opinion: 'Diagnostic opinion', recommendations: 'Recommendations', plain: 'What this means for you', expert: 'Consulting expert' },
  zh: { title: '远程会诊报告', summaryTitle: '会诊结果通俗说明', findings: '检查所见', opinion: '诊断意见', recommendations: '建议', plain: '这对您意味着什么', expert: '会诊专家' },
  fr: { title: 'Compte rendu de téléconsultation', summaryTitle: 'Votre consultation en mots simples', findings: 'Constatations', opinion: 'Avis diagnostique', recommendations: 'Recommandations', plain: 'Ce que cela signifie pour vous', expert: 'Expert consulté' },
  es: { title: 'Informe de teleconsulta', summaryTitle: 'Su consulta en palabras sencillas', findings: 'Hallazgos', opinion: 'Opinión diagnóstica', recommendations: 'Recomendaciones', plain: 'Qué significa para usted', expert: 'Experto consultado' },
  ar: { title: 'تقرير الاستشارة عن بُعد', summaryTitle: 'استشارتك بكلمات بسيطة', findings: 'الموجودات', opinion: 'الرأي التشخيصي', recommendations: 'التوصيات', plain: 'ماذا يعني ذلك لك', expert: 'الخبير المستشار' },
};
