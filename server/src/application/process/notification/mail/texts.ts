import type { Language } from '../../../../kernel/index.ts';
import type { MailCode } from './message.ts';

interface MailTexts {
  /** Subject; `{}` is the case number. */
  readonly subject: string;
  readonly open: string;
  readonly time: string;
  readonly foot: string;
  readonly event: string;
  readonly sentences: Readonly<Record<MailCode, string>>;
}

export const mailTexts: Readonly<Record<Language, MailTexts>> = {
  en: {
    subject: 'Bedside: case {}', open: 'Open the case', time: 'Time', foot: 'For privacy, this message holds no medical information. Sign in to read more.', event: 'Consultation, case {}',
    sentences: {
      'submit': 'A new application is waiting for you.', 'save-form': 'An application that you received was changed.', 'uninvite': 'You are no longer asked to take part.', 'withdraw': 'The application was withdrawn.',
      'supply-information': 'The information you asked for is there.', 'accept': 'Your application was accepted.', 'request-information': 'More information is asked of you.', 'refuse': 'Your application was declined.',
      'propose-time': 'A time was proposed to you.', 'agree-time': 'A time was agreed.', 'cancel': 'The appointment was cancelled.', 'open-session': 'The session has been opened.', 'invite-patient': 'You are invited to an online consultation.',
      'send-materials': 'Materials were sent to you.', 'publish-report': 'A report was published.', 'correct-report': 'A corrected version of the report was published.', 'evaluate': 'An evaluation was given.',
      'plan-follow-up': 'A follow-up was planned.', 'close': 'The case was closed.', 'reminder': 'This is a reminder of your appointment.',
    },
  },
  zh: {
    subject: 'Bedside：病例 {}', open: '打开病例', time: '时间', foot: '为保护隐私，本邮件不含任何医疗信息。请登录后查看详情。', event: '会诊，病例 {}',
    sentences: {
      'submit': '有一份新的申请等待您处理。', 'save-form': '您收到的一份申请已被修改。', 'uninvite': '您已不再被邀请参加。', 'withdraw': '该申请已被撤回。',
      'supply-information': '您要求补充的资料已提交。', 'accept': '您的申请已被接受。', 'request-information': '需要您补充资料。', 'refuse': '您的申请未被接受。',
      'propose-time': '对方向您提议了一个时间。', 'agree-time': '时间已确定。', 'cancel': '预约已取消。', 'open-session': '会诊已开始。', 'invite-patient': '邀请您参加在线会诊。',
      'send-materials': '已向您发送资料。', 'publish-report': '报告已发布。', 'correct-report': '报告的更正版本已发布。', 'evaluate': '已收到评价。',
      'plan-follow-up': '已制定随访计划。', 'close': '该病例已结束。', 'reminder': '提醒您即将到来的预约。',
    },
  },
  fr: {
    subject: 'Bedside : dossier {}', open: 'Ouvrir le dossier', time: 'Heure', foot: 'Par confidentialité, ce message ne contient aucune information médicale. Connectez-vous pour en savoir plus.', event: 'Consultation, dossier {}',
    sentences: {
      'submit': 'Une nouvelle demande vous attend.', 'save-form': 'Une demande que vous avez reçue a été modifiée.', 'uninvite': 'Votre participation n’est plus demandée.', 'withdraw': 'La demande a été retirée.',
      'supply-information': 'Les informations demandées sont disponibles.', 'accept': 'Votre demande a été acceptée.', 'request-information': 'Des informations complémentaires vous sont demandées.', 'refuse': 'Votre demande a été refusée.',
      'propose-time': 'Un horaire vous est proposé.', 'agree-time': 'Un horaire a été convenu.', 'cancel': 'Le rendez-vous a été annulé.', 'open-session': 'La séance est ouverte.', 'invite-patient': 'Vous êtes invité à une consultation en ligne.',
      'send-materials': 'Des documents vous ont été envoyés.', 'publish-report': 'Un compte rendu a été publié.', 'correct-report': 'Une version corrigée du compte rendu a été publiée.', 'evaluate': 'Une évaluation a été donnée.',
      'plan-follow-up': 'Un suivi a été planifié.', 'close': 'Le dossier a été clos.', 'reminder': 'Rappel de votre rendez-vous.',
    },
  },
  es: {
    subject: 'Bedside: caso {}', open: 'Abrir el caso', time: 'Hora', foot: 'Por privacidad, este mensaje no contiene información médica. Inicie sesión para leer más.', event: 'Consulta, caso {}',
    sentences: {
      'submit': 'Una nueva solicitud le espera.', 'save-form': 'Se modificó una solicitud que usted recibió.', 'uninvite': 'Ya no se solicita su participación.', 'withdraw': 'La solicitud fue retirada.',
      'supply-information': 'La información que pidió está disponible.', 'accept': 'Su solicitud fue aceptada.', 'request-information': 'Se le pide más información.', 'refuse': 'Su solicitud fue rechazada.',
      'propose-time': 'Se le propone una hora.', 'agree-time': 'Se acordó una hora.', 'cancel': 'La cita fue cancelada.', 'open-session': 'La sesión está abierta.', 'invite-patient': 'Está invitado a una consulta en línea.',
      'send-materials': 'Se le enviaron documentos.', 'publish-report': 'Se publicó un informe.', 'correct-report': 'Se publicó una versión corregida del informe.', 'evaluate': 'Se ha recibido una evaluación.',
      'plan-follow-up': 'Se planificó un seguimiento.', 'close': 'El caso fue cerrado.', 'reminder': 'Le recordamos su cita.',
    },
  },
  ar: {
    subject: 'Bedside: الحالة {}', open: 'فتح الحالة', time: 'الوقت', foot: 'حفاظًا على الخصوصية لا تتضمن هذه الرسالة أي معلومات طبية. سجّل الدخول لقراءة المزيد.', event: 'استشارة، الحالة {}',
    sentences: {
      'submit': 'طلب جديد في انتظارك.', 'save-form': 'عُدّل طلب تلقيته.', 'uninvite': 'لم تعد مشاركتك مطلوبة.', 'withdraw': 'سُحب الطلب.',
      'supply-information': 'المعلومات التي طلبتها متاحة.', 'accept': 'قُبل طلبك.', 'request-information': 'مطلوب منك معلومات إضافية.', 'refuse': 'رُفض طلبك.',
      'propose-time': 'اقتُرح عليك موعد.', 'agree-time': 'اتُّفق على موعد.', 'cancel': 'أُلغي الموعد.', 'open-session': 'فُتحت الجلسة.', 'invite-patient': 'أنت مدعو إلى استشارة عبر الإنترنت.',
      'send-materials': 'أُرسلت إليك مواد.', 'publish-report': 'نُشر تقرير.', 'correct-report': 'نُشرت نسخة مصححة من التقرير.', 'evaluate': 'ورد تقييم.',
      'plan-follow-up': 'وُضعت خطة للمتابعة.', 'close': 'أُغلقت الحالة.', 'reminder': 'تذكير بموعدك.',
    },
  },
};
