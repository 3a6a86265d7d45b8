import type { Language } from '../../../kernel/index.ts';

/** Every word of ours on a document. `{}` stands for what is put in. */
export interface DocumentStrings {
  readonly requesting: string; readonly consulted: string; readonly institution: string; readonly phone: string;
  readonly caseNumber: string; readonly version: string; readonly replaces: string;
  readonly patient: string; readonly name: string; readonly birthDate: string; readonly gender: string; readonly identifier: string;
  readonly genders: Readonly<Record<'male' | 'female' | 'other' | 'unknown', string>>;
  readonly question: string; readonly images: string; readonly image: string;
  readonly signatures: string; readonly signedBy: string; readonly sealedBy: string; readonly signedOn: string;
  readonly verification: string; readonly verificationText: string; readonly code: string;
  readonly pageOf: string; readonly demonstration: string; readonly demonstrationText: string;
  readonly summaryFor: string; readonly summaryText: string; readonly writtenOn: string; readonly writtenBy: string; readonly contact: string; readonly emergency: string;
  readonly applicationForm: string; readonly submittedOn: string; readonly notAnswered: string;
}

export const documentStrings: Readonly<Record<Language, DocumentStrings>> = {
  en: {
    requesting: 'Requesting institution', consulted: 'Consulted institution', institution: 'Institution', phone: 'Tel.',
    caseNumber: 'Case {}', version: 'Version {}', replaces: 'This version replaces version {} of {}.',
    patient: 'Patient', name: 'Name', birthDate: 'Date of birth', gender: 'Sex', identifier: 'Patient number',
    genders: { male: 'Male', female: 'Female', other: 'Other', unknown: 'Unknown' },
    question: 'Reason for the request and question', images: 'Images', image: 'Image {}',
    signatures: 'Signatures', signedBy: 'Electronically signed by', sealedBy: 'Electronic seal of', signedOn: 'Signed on {}',
    verification: 'Check that this report is genuine',
    verificationText: 'Scan the code or open the address below. The answer tells whether this report is genuine, unchanged and the latest version, and nothing else.', code: 'Verification code',
    pageOf: 'Page {} of {}', demonstration: 'DEMONSTRATION', demonstrationText: 'Demonstration document: it is not about a real person.',
    summaryFor: 'Summary for {}', summaryText: 'This page explains the result of your consultation in plain words. It does not replace the medical report.',
    writtenOn: 'Written on {}', writtenBy: 'Your doctors', contact: 'If you have questions', emergency: 'If you feel much worse, do not wait: call the emergency number or go to the nearest emergency department.',
    applicationForm: 'Application form', submittedOn: 'Submitted on {}', notAnswered: '–',
  },
  zh: {
    requesting: '申请机构', consulted: '会诊机构', institution: '医疗机构', phone: '电话',
    caseNumber: '病例编号 {}', version: '第 {} 版', replaces: '本版本取代 {1} 签发的第 {0} 版。',
    patient: '患者', name: '姓名', birthDate: '出生日期', gender: '性别', identifier: '患者编号',
    genders: { male: '男', female: '女', other: '其他', unknown: '未知' },
    question: '申请原因与会诊目的', images: '图像', image: '图 {}',
    signatures: '签名', signedBy: '电子签名人', sealedBy: '机构电子签章', signedOn: '签署时间：{}',
    verification: '核验本报告的真伪',
    verificationText: '扫描二维码或打开下方网址。查询结果仅说明本报告是否真实、未被改动、是否为最新版本，不显示其他任何信息。', code: '核验码',
    pageOf: '第 {} 页，共 {} 页', demonstration: '演示', demonstrationText: '演示文档：内容不涉及真实人员。',
    summaryFor: '{} 的病情说明', summaryText: '本页用通俗的语言说明您的会诊结果，不能代替正式的医疗报告。',
    writtenOn: '撰写时间：{}', writtenBy: '您的医生', contact: '如有疑问', emergency: '如果您感觉病情明显加重，请不要等待：立即拨打急救电话或前往最近的急诊科。',
    applicationForm: '申请表', submittedOn: '提交时间：{}', notAnswered: '–',
  },
  fr: {
    requesting: 'Établissement demandeur', consulted: 'Établissement consulté', institution: 'Établissement', phone: 'Tél.',
    caseNumber: 'Dossier {}', version: 'Version {}', replaces: 'Cette version remplace la version {} du {}.',
    patient: 'Patient', name: 'Nom', birthDate: 'Date de naissance', gender: 'Sexe', identifier: 'Numéro du patient',
    genders: { male: 'Masculin', female: 'Féminin', other: 'Autre', unknown: 'Inconnu' },
    question: 'Motif de la demande et question posée', images: 'Images', image: 'Image {}',
    signatures: 'Signatures', signedBy: 'Signé électroniquement par', sealedBy: 'Cachet électronique de', signedOn: 'Signé le {}',
    verification: 'Vérifier l’authenticité de ce compte rendu',
    verificationText: 'Scannez le code ou ouvrez l’adresse ci-dessous. La réponse indique si ce compte rendu est authentique, inchangé et dans sa dernière version, et rien d’autre.', code: 'Code de vérification',
    pageOf: 'Page {} sur {}', demonstration: 'DÉMONSTRATION', demonstrationText: 'Document de démonstration : il ne concerne aucune personne réelle.',
    summaryFor: 'Résumé pour {}', summaryText: 'Cette page explique le résultat de votre consultation avec des mots simples. Elle ne remplace pas le compte rendu médical.',
    writtenOn: 'Rédigé le {}', writtenBy: 'Vos médecins', contact: 'Si vous avez des questions', emergency: 'Si votre état s’aggrave nettement, n’attendez pas : appelez le numéro d’urgence ou rendez-vous aux urgences les plus proches.',
    applicationForm: 'Formulaire de demande', submittedOn: 'Envoyé le {}', notAnswered: '–',
  },
  es: {
    requesting: 'Institución solicitante', consulted: 'Institución consultada', institution: 'Institución', phone: 'Tel.',
    caseNumber: 'Caso {}', version: 'Versión {}', replaces: 'Esta versión sustituye a la versión {} del {}.',
    patient: 'Paciente', name: 'Nombre', birthDate: 'Fecha de nacimiento', gender: 'Sexo', identifier: 'Número de paciente',
    genders: { male: 'Masculino', female: 'Femenino', other: 'Otro', unknown: 'Desconocido' },
    question: 'Motivo de la solicitud y pregunta', images: 'Imágenes', image: 'Imagen {}',
    signatures: 'Firmas', signedBy: 'Firmado electrónicamente por', sealedBy: 'Sello electrónico de', signedOn: 'Firmado el {}',
    verification: 'Comprobar la autenticidad de este informe',
    verificationText: 'Escanee el código o abra la dirección de abajo. La respuesta indica si este informe es auténtico, no ha sido modificado y es la última versión, y nada más.', code: 'Código de verificación',
    pageOf: 'Página {} de {}', demonstration: 'DEMOSTRACIÓN', demonstrationText: 'Documento de demostración: no se refiere a ninguna persona real.',
    summaryFor: 'Resumen para {}', summaryText: 'Esta página explica el resultado de su consulta con palabras sencillas. No sustituye al informe médico.',
    writtenOn: 'Redactado el {}', writtenBy: 'Sus médicos', contact: 'Si tiene preguntas', emergency: 'Si se siente mucho peor, no espere: llame al número de emergencias o acuda al servicio de urgencias más cercano.',
    applicationForm: 'Formulario de solicitud', submittedOn: 'Enviado el {}', notAnswered: '–',
  },
  ar: {
    requesting: 'المؤسسة الطالبة', consulted: 'المؤسسة المستشارة', institution: 'المؤسسة', phone: 'هاتف',
    caseNumber: 'الحالة {}', version: 'الإصدار {}', replaces: 'يحل هذا الإصدار محل الإصدار {} الصادر في {}.',
    patient: 'المريض', name: 'الاسم', birthDate: 'تاريخ الميلاد', gender: 'الجنس', identifier: 'رقم المريض',
    genders: { male: 'ذكر', female: 'أنثى', other: 'آخر', unknown: 'غير معروف' },
    question: 'سبب الطلب والسؤال المطروح', images: 'الصور', image: 'صورة {}',
    signatures: 'التوقيعات', signedBy: 'وقّعه إلكترونيًا', sealedBy: 'الختم الإلكتروني لـ', signedOn: 'تاريخ التوقيع: {}',
    verification: 'التحقق من صحة هذا التقرير',
    verificationText: 'امسح الرمز أو افتح العنوان أدناه. تبيّن الإجابة ما إذا كان هذا التقرير أصليًا وغير معدَّل وهو أحدث إصدار، ولا شيء غير ذلك.', code: 'رمز التحقق',
    pageOf: 'صفحة {} من {}', demonstration: 'عرض توضيحي', demonstrationText: 'وثيقة للعرض التوضيحي: لا تتعلق بشخص حقيقي.',
    summaryFor: 'ملخص من أجل {}', summaryText: 'تشرح هذه الصفحة نتيجة استشارتك بكلمات بسيطة، ولا تغني عن التقرير الطبي.',
    writtenOn: 'تاريخ الكتابة: {}', writtenBy: 'أطباؤك', contact: 'إذا كانت لديك أسئلة', emergency: 'إذا ساءت حالتك كثيرًا فلا تنتظر: اتصل برقم الطوارئ أو توجه إلى أقرب قسم للطوارئ.',
    applicationForm: 'نموذج الطلب', submittedOn: 'تاريخ الإرسال: {}', notAnswered: '–',
  },
};

/** Puts values into `{}` in order, or into `{0}`, `{1}` by place. */
export function fill(pattern: string, ...values: readonly (string | number)[]): string {
  let next = 0;
  return pattern.replace(/\{(\d?)\}/g, (_, place: string) => {
    const at = place === '' ? next++ : Number(place);
    return String(values[at] ?? '');
  });
}
