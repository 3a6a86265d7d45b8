import type { Language } from '../../kernel/index.ts';

export interface CertificatesText {
  readonly language: string; readonly title: string; readonly why: string; readonly download: string; readonly pem: string; readonly list: string;
  readonly compare: string; readonly caution: string;
  readonly android: readonly string[]; readonly ios: readonly string[]; readonly computer: readonly string[];
  readonly androidTitle: string; readonly iosTitle: string; readonly computerTitle: string;
}

export const certificatesTexts: Readonly<Record<Language, CertificatesText>> = {
  en: {
    language: 'Language', title: 'Trust this Bedside server', download: 'Download the certificate', pem: 'As PEM file', list: 'Revocation list',
    why: 'This server proves who it is with a certificate of its own. Install it once on your phone or computer; then the camera, the microphone and the connection work without a warning, and signatures on reports can be checked.',
    compare: 'Before you trust it, compare this fingerprint (SHA-256) with the one your administrator gave you:', caution: 'Install it only when the fingerprint is the same. Remove it when you no longer use this server.',
    androidTitle: 'Android', android: ['Download the certificate.', 'Open Settings and search for “CA certificate”.', 'Choose “Install anyway” and pick the downloaded file.', 'Open this server again in the browser.'],
    iosTitle: 'iPhone and iPad', ios: ['Download the certificate in Safari and allow the profile.', 'Open Settings, General, VPN & Device Management, and install the profile.', 'Open Settings, General, About, Certificate Trust Settings, and switch on full trust.', 'Open this server again in the browser.'],
    computerTitle: 'Computer', computer: ['Download the certificate.', 'Open the certificate settings of your browser or system.', 'Import the file as a trusted authority for websites.', 'Restart the browser.'],
  },
  zh: {
    language: '语言', title: '信任本 Bedside 服务器', download: '下载证书', pem: 'PEM 文件', list: '证书吊销列表',
    why: '本服务器使用自有证书证明身份。请在手机或电脑上安装一次；之后摄像头、麦克风和连接均可正常使用而不再出现警告，并可核验报告上的签名。',
    compare: '信任之前，请将此指纹（SHA-256）与管理员提供的指纹进行核对：', caution: '仅在指纹一致时安装。不再使用本服务器时请将其删除。',
    androidTitle: 'Android', android: ['下载证书。', '打开“设置”，搜索“CA 证书”。', '选择“仍然安装”，并选取已下载的文件。', '在浏览器中重新打开本服务器。'],
    iosTitle: 'iPhone 和 iPad', ios: ['在 Safari 中下载证书并允许描述文件。', '打开“设置 › 通用 › VPN 与设备管理”，安装描述文件。', '打开“设置 › 通用 › 关于本机 › 证书信任设置”，启用完全信任。', '在浏览器中重新打开本服务器。'],
    computerTitle: '电脑', computer: ['下载证书。', '打开浏览器或系统的证书设置。', '将该文件作为受信任的网站证书颁发机构导入。', '重新启动浏览器。'],
  },
  fr: {
    language: 'Langue', title: 'Faire confiance à ce serveur Bedside', download: 'Télécharger le certificat', pem: 'Fichier PEM', list: 'Liste de révocation',
    why: 'Ce serveur prouve son identité avec son propre certificat. Installez-le une fois sur votre téléphone ou votre ordinateur : la caméra, le microphone et la connexion fonctionneront sans avertissement, et les signatures des comptes rendus pourront être vérifiées.',
    compare: 'Avant de lui faire confiance, comparez cette empreinte (SHA-256) avec celle que votre administrateur vous a donnée :', caution: 'Installez-le seulement si l’empreinte est identique. Supprimez-le quand vous n’utilisez plus ce serveur.',
    androidTitle: 'Android', android: ['Téléchargez le certificat.', 'Ouvrez les Paramètres et cherchez « certificat CA ».', 'Choisissez « Installer quand même » puis le fichier téléchargé.', 'Ouvrez de nouveau ce serveur dans le navigateur.'],
    iosTitle: 'iPhone et iPad', ios: ['Téléchargez le certificat dans Safari et autorisez le profil.', 'Ouvrez Réglages, Général, VPN et gestion de l’appareil, puis installez le profil.', 'Ouvrez Réglages, Général, Informations, Réglages des certificats, puis activez la confiance totale.', 'Ouvrez de nouveau ce serveur dans le navigateur.'],
    computerTitle: 'Ordinateur', computer: ['Téléchargez le certificat.', 'Ouvrez les paramètres de certificats du navigateur ou du système.', 'Importez le fichier comme autorité de confiance pour les sites web.', 'Redémarrez le navigateur.'],
  },
  es: {
    language: 'Idioma', title: 'Confiar en este servidor Bedside', download: 'Descargar el certificado', pem: 'Archivo PEM', list: 'Lista de revocación',
    why: 'Este servidor demuestra su identidad con un certificado propio. Instálelo una vez en su teléfono u ordenador: la cámara, el micrófono y la conexión funcionarán sin advertencias y se podrán comprobar las firmas de los informes.',
    compare: 'Antes de confiar en él, compare esta huella (SHA-256) con la que le dio su administrador:', caution: 'Instálelo solo si la huella es idéntica. Elimínelo cuando ya no use este servidor.',
    androidTitle: 'Android', android: ['Descargue el certificado.', 'Abra Ajustes y busque «certificado de CA».', 'Elija «Instalar de todos modos» y seleccione el archivo descargado.', 'Abra de nuevo este servidor en el navegador.'],
    iosTitle: 'iPhone y iPad', ios: ['Descargue el certificado en Safari y permita el perfil.', 'Abra Ajustes, General, VPN y gestión de dispositivos, e instale el perfil.', 'Abra Ajustes, General, Información, Ajustes de confianza de certificados, y active la confianza total.', 'Abra de nuevo este servidor en el navegador.'],
    computerTitle: 'Ordenador', computer: ['Descargue el certificado.', 'Abra los ajustes de certificados del navegador o del sistema.', 'Importe el archivo como autoridad de confianza para sitios web.', 'Reinicie el navegador.'],
  },
  ar: {
    language: 'اللغة', title: 'الوثوق بخادم Bedside هذا', download: 'تنزيل الشهادة', pem: 'ملف PEM', list: 'قائمة الإبطال',
    why: 'يثبت هذا الخادم هويته بشهادة خاصة به. ثبّتها مرة واحدة على هاتفك أو حاسوبك، فتعمل الكاميرا والميكروفون والاتصال دون تحذير، ويمكن التحقق من التوقيعات على التقارير.',
    compare: 'قبل أن تثق بها قارن هذه البصمة (SHA-256) بالبصمة التي أعطاك إياها المسؤول:', caution: 'لا تثبّتها إلا إذا كانت البصمة متطابقة، واحذفها حين لا تعود تستخدم هذا الخادم.',
    androidTitle: 'أندرويد', android: ['نزّل الشهادة.', 'افتح الإعدادات وابحث عن «شهادة CA».', 'اختر «التثبيت على أي حال» ثم الملف الذي نزّلته.', 'افتح هذا الخادم مرة أخرى في المتصفح.'],
    iosTitle: 'آيفون وآيباد', ios: ['نزّل الشهادة في Safari واسمح بملف التعريف.', 'افتح الإعدادات ثم عام ثم VPN وإدارة الجهاز وثبّت ملف التعريف.', 'افتح الإعدادات ثم عام ثم حول ثم إعدادات الثقة بالشهادات وفعّل الثقة الكاملة.', 'افتح هذا الخادم مرة أخرى في المتصفح.'],
    computerTitle: 'الحاسوب', computer: ['نزّل الشهادة.', 'افتح إعدادات الشهادات في المتصفح أو النظام.', 'استورد الملف بوصفه جهة موثوقة للمواقع.', 'أعد تشغيل المتصفح.'],
  },
};
