import type { Language } from '../../kernel/index.ts';

export interface VerificationText {
  readonly language: string; readonly title: string; readonly prompt: string; readonly codeLabel: string; readonly check: string; readonly codeShown: string;
  readonly genuine: string; readonly genuineMeans: string; readonly replaced: string; readonly replacedMeans: string;
  readonly revoked: string; readonly revokedMeans: string; readonly unknown: string; readonly unknownMeans: string;
  readonly signedOn: string; readonly replacedOn: string; readonly revokedOn: string;
  readonly compareTitle: string; readonly compareText: string; readonly fileLabel: string; readonly fingerprint: string;
  readonly same: string; readonly different: string; readonly tooLarge: string; readonly cannot: string; readonly noScript: string; readonly nothingElse: string;
}

export const verificationTexts: Readonly<Record<Language, VerificationText>> = {
  en: {
    language: 'Language', title: 'Is this document genuine?', prompt: 'Type the verification code that is printed on the document.', codeLabel: 'Verification code', check: 'Check', codeShown: 'Code',
    genuine: 'This document is genuine', genuineMeans: 'It was signed with this system and is the latest version.',
    replaced: 'A newer version has replaced this document', replacedMeans: 'It is genuine, but a newer version was signed. Ask for the newer one.',
    revoked: 'This document is no longer valid', revokedMeans: 'It was signed with this system and then declared invalid.',
    unknown: 'This code is not known here', unknownMeans: 'Check that you typed it as it is printed. If it is right, the document does not come from this system.',
    signedOn: 'Signed on {}', replacedOn: 'Replaced on {}', revokedOn: 'Declared invalid on {}',
    compareTitle: 'Is your file unchanged?', compareText: 'Choose the PDF file or drop it here. It is compared on your device and is not sent anywhere.', fileLabel: 'PDF file', fingerprint: 'Fingerprint of the original (SHA-256)',
    same: 'Your file is exactly the signed document.', different: 'Your file is not the signed document: it was changed or is another file.', tooLarge: 'This file is too large to be this document.', cannot: 'Your browser cannot compare files here.',
    noScript: 'To compare a file, allow scripts, or compare the fingerprint yourself.', nothingElse: 'This page tells nothing else about the document.',
  },
  zh: {
    language: '语言', title: '核验文件真伪', prompt: '请输入文件上印有的核验码。', codeLabel: '核验码', check: '核验', codeShown: '核验码',
    genuine: '本文件真实有效', genuineMeans: '本文件由本系统签署，且为最新版本。',
    replaced: '本文件已被新版本取代', replacedMeans: '本文件真实，但已签署更新的版本。请索取新版本。',
    revoked: '本文件已失效', revokedMeans: '本文件曾由本系统签署，之后被宣布无效。',
    unknown: '未查到该核验码', unknownMeans: '请核对输入是否与文件所印一致。如果一致，则该文件并非出自本系统。',
    signedOn: '签署时间：{}', replacedOn: '被取代时间：{}', revokedOn: '宣布失效时间：{}',
    compareTitle: '您的文件是否未被改动？', compareText: '选择 PDF 文件或将其拖到此处。比对在您的设备上进行，文件不会被发送。', fileLabel: 'PDF 文件', fingerprint: '原件指纹（SHA-256）',
    same: '您的文件与已签署的文件完全一致。', different: '您的文件与已签署的文件不一致：已被改动，或是另一份文件。', tooLarge: '该文件过大，不可能是本文件。', cannot: '您的浏览器无法在此比对文件。',
    noScript: '如需比对文件，请允许脚本运行，或自行核对指纹。', nothingElse: '本页面不提供有关该文件的其他任何信息。',
  },
  fr: {
    language: 'Langue', title: 'Ce document est-il authentique ?', prompt: 'Saisissez le code de vérification imprimé sur le document.', codeLabel: 'Code de vérification', check: 'Vérifier', codeShown: 'Code',
    genuine: 'Ce document est authentique', genuineMeans: 'Il a été signé avec ce système et c’est la dernière version.',
    replaced: 'Une version plus récente remplace ce document', replacedMeans: 'Il est authentique, mais une version plus récente a été signée. Demandez-la.',
    revoked: 'Ce document n’est plus valable', revokedMeans: 'Il a été signé avec ce système, puis déclaré non valable.',
    unknown: 'Ce code est inconnu ici', unknownMeans: 'Vérifiez que vous l’avez saisi tel qu’il est imprimé. S’il est exact, le document ne provient pas de ce système.',
    signedOn: 'Signé le {}', replacedOn: 'Remplacé le {}', revokedOn: 'Déclaré non valable le {}',
    compareTitle: 'Votre fichier est-il inchangé ?', compareText: 'Choisissez le fichier PDF ou déposez-le ici. Il est comparé sur votre appareil et n’est envoyé nulle part.', fileLabel: 'Fichier PDF', fingerprint: 'Empreinte de l’original (SHA-256)',
    same: 'Votre fichier est exactement le document signé.', different: 'Votre fichier n’est pas le document signé : il a été modifié ou c’est un autre fichier.', tooLarge: 'Ce fichier est trop volumineux pour être ce document.', cannot: 'Votre navigateur ne peut pas comparer de fichiers ici.',
    noScript: 'Pour comparer un fichier, autorisez les scripts ou comparez vous-même l’empreinte.', nothingElse: 'Cette page ne révèle rien d’autre sur le document.',
  },
  es: {
    language: 'Idioma', title: '¿Es auténtico este documento?', prompt: 'Escriba el código de verificación impreso en el documento.', codeLabel: 'Código de verificación', check: 'Comprobar', codeShown: 'Código',
    genuine: 'Este documento es auténtico', genuineMeans: 'Se firmó con este sistema y es la última versión.',
    replaced: 'Una versión más reciente sustituye a este documento', replacedMeans: 'Es auténtico, pero se ha firmado una versión más reciente. Solicítela.',
    revoked: 'Este documento ya no es válido', revokedMeans: 'Se firmó con este sistema y después se declaró no válido.',
    unknown: 'Este código no se conoce aquí', unknownMeans: 'Compruebe que lo ha escrito tal como está impreso. Si es correcto, el documento no procede de este sistema.',
    signedOn: 'Firmado el {}', replacedOn: 'Sustituido el {}', revokedOn: 'Declarado no válido el {}',
    compareTitle: '¿Su archivo no ha cambiado?', compareText: 'Elija el archivo PDF o suéltelo aquí. Se compara en su dispositivo y no se envía a ninguna parte.', fileLabel: 'Archivo PDF', fingerprint: 'Huella del original (SHA-256)',
    same: 'Su archivo es exactamente el documento firmado.', different: 'Su archivo no es el documento firmado: se ha modificado o es otro archivo.', tooLarge: 'Este archivo es demasiado grande para ser este documento.', cannot: 'Su navegador no puede comparar archivos aquí.',
    noScript: 'Para comparar un archivo, permita los scripts o compare usted mismo la huella.', nothingElse: 'Esta página no revela nada más sobre el documento.',
  },
  ar: {
    language: 'اللغة', title: 'هل هذه الوثيقة أصلية؟', prompt: 'اكتب رمز التحقق المطبوع على الوثيقة.', codeLabel: 'رمز التحقق', check: 'تحقّق', codeShown: 'الرمز',
    genuine: 'هذه الوثيقة أصلية', genuineMeans: 'وُقّعت بهذا النظام وهي أحدث إصدار.',
    replaced: 'حلّ إصدار أحدث محل هذه الوثيقة', replacedMeans: 'الوثيقة أصلية، لكن وُقّع إصدار أحدث منها. اطلب الإصدار الأحدث.',
    revoked: 'لم تعد هذه الوثيقة صالحة', revokedMeans: 'وُقّعت بهذا النظام ثم أُعلن أنها غير صالحة.',
    unknown: 'هذا الرمز غير معروف هنا', unknownMeans: 'تأكد من كتابته كما هو مطبوع. إذا كان صحيحًا فالوثيقة ليست صادرة عن هذا النظام.',
    signedOn: 'تاريخ التوقيع: {}', replacedOn: 'تاريخ الاستبدال: {}', revokedOn: 'تاريخ إعلان عدم الصلاحية: {}',
    compareTitle: 'هل ملفك لم يتغير؟', compareText: 'اختر ملف PDF أو أفلته هنا. تجري المقارنة على جهازك ولا يُرسل الملف إلى أي مكان.', fileLabel: 'ملف PDF', fingerprint: 'بصمة الأصل (SHA-256)',
    same: 'ملفك مطابق تمامًا للوثيقة الموقعة.', different: 'ملفك ليس الوثيقة الموقعة: لقد عُدّل أو هو ملف آخر.', tooLarge: 'هذا الملف أكبر من أن يكون هذه الوثيقة.', cannot: 'لا يستطيع متصفحك مقارنة الملفات هنا.',
    noScript: 'لمقارنة ملف اسمح بتشغيل النصوص البرمجية أو قارن البصمة بنفسك.', nothingElse: 'لا تكشف هذه الصفحة أي شيء آخر عن الوثيقة.',
  },
};
