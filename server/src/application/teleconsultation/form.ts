import type { QuestionnaireResponse, ServiceRequest } from '@medplum/fhirtypes';
import { answers, answerText, option, question, questionnaire } from '../process/index.ts';

const priority = 'http://hl7.org/fhir/request-priority';
const specialty = 'urn:bedside:specialty';

/** Specialties that can be asked for; the expert directory uses the same codes. */
export const specialties = [
  option(specialty, 'cardiology', { en: 'Cardiology', zh: '心血管内科', fr: 'Cardiologie', es: 'Cardiología', ar: 'أمراض القلب' }),
  option(specialty, 'radiology', { en: 'Radiology', zh: '放射科', fr: 'Radiologie', es: 'Radiología', ar: 'الأشعة' }),
  option(specialty, 'neurology', { en: 'Neurology', zh: '神经内科', fr: 'Neurologie', es: 'Neurología', ar: 'الأعصاب' }),
  option(specialty, 'pulmonology', { en: 'Pulmonology', zh: '呼吸内科', fr: 'Pneumologie', es: 'Neumología', ar: 'أمراض الرئة' }),
  option(specialty, 'oncology', { en: 'Oncology', zh: '肿瘤科', fr: 'Oncologie', es: 'Oncología', ar: 'الأورام' }),
  option(specialty, 'nephrology', { en: 'Nephrology', zh: '肾内科', fr: 'Néphrologie', es: 'Nefrología', ar: 'أمراض الكلى' }),
  option(specialty, 'endocrinology', { en: 'Endocrinology', zh: '内分泌科', fr: 'Endocrinologie', es: 'Endocrinología', ar: 'الغدد الصماء' }),
  option(specialty, 'gastroenterology', { en: 'Gastroenterology', zh: '消化内科', fr: 'Gastro-entérologie', es: 'Gastroenterología', ar: 'أمراض الجهاز الهضمي' }),
  option(specialty, 'paediatrics', { en: 'Paediatrics', zh: '儿科', fr: 'Pédiatrie', es: 'Pediatría', ar: 'طب الأطفال' }),
  option(specialty, 'obstetrics', { en: 'Obstetrics and gynaecology', zh: '妇产科', fr: 'Gynécologie-obstétrique', es: 'Obstetricia y ginecología', ar: 'النساء والتوليد' }),
  option(specialty, 'surgery', { en: 'General surgery', zh: '普外科', fr: 'Chirurgie générale', es: 'Cirugía general', ar: 'الجراحة العامة' }),
  option(specialty, 'orthopaedics', { en: 'Orthopaedics', zh: '骨科', fr: 'Orthopédie', es: 'Ortopedia', ar: 'جراحة العظام' }),
  option(specialty, 'dermatology', { en: 'Dermatology', zh: '皮肤科', fr: 'Dermatologie', es: 'Dermatología', ar: 'الأمراض الجلدية' }),
  option(specialty, 'psychiatry', { en: 'Psychiatry', zh: '精神科', fr: 'Psychiatrie', es: 'Psiquiatría', ar: 'الطب النفسي' }),
  option(specialty, 'infectious-disease', { en: 'Infectious disease', zh: '感染科', fr: 'Infectiologie', es: 'Enfermedades infecciosas', ar: 'الأمراض المعدية' }),
  option(specialty, 'intensive-care', { en: 'Intensive care', zh: '重症医学科', fr: 'Réanimation', es: 'Cuidados intensivos', ar: 'العناية المركزة' }),
  option(specialty, 'pathology', { en: 'Pathology', zh: '病理科', fr: 'Pathologie', es: 'Patología', ar: 'علم الأمراض' }),
  option(specialty, 'general-practice', { en: 'General practice', zh: '全科医学', fr: 'Médecine générale', es: 'Medicina general', ar: 'الطب العام' }),
];

export const teleconsultationForm = questionnaire('teleconsultation-form', '1',
  { en: 'Application for a teleconsultation', zh: '远程会诊申请单', fr: 'Demande de téléconsultation', es: 'Solicitud de teleconsulta', ar: 'طلب استشارة عن بُعد' }, [
    question('reason', 'string', { en: 'Reason', zh: '会诊原因', fr: 'Motif', es: 'Motivo', ar: 'السبب' }, { required: true, maxLength: 500 }),
    question('urgency', 'choice', { en: 'Urgency', zh: '紧急程度', fr: 'Urgence', es: 'Urgencia', ar: 'درجة الاستعجال' }, {
      required: true,
      answerOption: [
        option(priority, 'routine', { en: 'Routine', zh: '常规', fr: 'Courante', es: 'Rutinaria', ar: 'عادي' }),
        option(priority, 'urgent', { en: 'Urgent (today)', zh: '紧急（当天）', fr: 'Urgente (aujourd’hui)', es: 'Urgente (hoy)', ar: 'عاجل (اليوم)' }),
        option(priority, 'stat', { en: 'Emergency (now)', zh: '急诊（立即）', fr: 'Vitale (immédiate)', es: 'Emergencia (ahora)', ar: 'طارئ (الآن)' }),
      ],
    }),
    question('question', 'text', { en: 'Question to the expert', zh: '需要专家解答的问题', fr: 'Question posée à l’expert', es: 'Pregunta al experto', ar: 'السؤال الموجَّه إلى الخبير' }, { required: true, maxLength: 4_000 }),
    question('specialty', 'choice', { en: 'Specialty wished', zh: '申请专科', fr: 'Spécialité souhaitée', es: 'Especialidad deseada', ar: 'التخصص المطلوب' }, { required: true, answerOption: specialties }),
    question('history', 'text', { en: 'Course of the illness and findings so far', zh: '病情经过及目前检查结果', fr: 'Histoire de la maladie et constatations', es: 'Evolución y hallazgos hasta ahora', ar: 'مسار المرض والنتائج حتى الآن' }, { maxLength: 8_000 }),
    question('treatment', 'text', { en: 'Treatment so far', zh: '目前治疗情况', fr: 'Traitement en cours', es: 'Tratamiento hasta ahora', ar: 'العلاج حتى الآن' }, { maxLength: 4_000 }),
    question('wished-start', 'dateTime', { en: 'Wished time, from', zh: '期望时间（起）', fr: 'Créneau souhaité, à partir de', es: 'Horario deseado, desde', ar: 'الوقت المرغوب، من' }),
    question('wished-end', 'dateTime', { en: 'Wished time, until', zh: '期望时间（止）', fr: 'Créneau souhaité, jusqu’à', es: 'Horario deseado, hasta', ar: 'الوقت المرغوب، إلى' }),
  ]);

export const teleconsultationEvaluation = questionnaire('teleconsultation-evaluation', '1',
  { en: 'Evaluation of the teleconsultation', zh: '远程会诊评价', fr: 'Évaluation de la téléconsultation', es: 'Evaluación de la teleconsulta', ar: 'تقييم الاستشارة عن بُعد' }, [
    question('score', 'integer', { en: 'Overall score (1 to 5)', zh: '总体评分（1–5）', fr: 'Note globale (1 à 5)', es: 'Puntuación global (1 a 5)', ar: 'التقييم العام (1 إلى 5)' }, {
      required: true,
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/minValue', valueInteger: 1 }, { url: 'http://hl7.org/fhir/StructureDefinition/maxValue', valueInteger: 5 }],
    }),
    question('comment', 'text', { en: 'Comment', zh: '意见', fr: 'Commentaire', es: 'Comentario', ar: 'تعليق' }, { maxLength: 2_000 }),
  ]);

/** Carries the searchable answers of the form into the ServiceRequest. */
export function readTeleconsultationForm(form: QuestionnaireResponse, request: ServiceRequest): ServiceRequest {
  const urgency = answerText(form, 'urgency');
  const reason = answerText(form, 'reason');
  const wanted = answers(form, 'specialty')[0]?.valueCoding;
  const start = answerText(form, 'wished-start');
  const end = answerText(form, 'wished-end');
  const question = answerText(form, 'question');
  const { occurrencePeriod: _old, ...rest } = request;
  return {
    ...rest,
    ...(urgency ? { priority: urgency as NonNullable<ServiceRequest['priority']> } : {}),
    ...(reason ? { reasonCode: [{ text: reason }] } : {}),
    ...(wanted ? { performerType: { coding: [{ ...(wanted.system ? { system: wanted.system } : {}), ...(wanted.code ? { code: wanted.code } : {}) }] } } : {}),
    ...(question ? { note: [{ text: question }] } : {}),
    ...(start || end ? { occurrencePeriod: { ...(start ? { start } : {}), ...(end ? { end } : {}) } } : {}),
  };
}
