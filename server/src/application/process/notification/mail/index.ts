export { deliverMail, forgetSentMails, mailMigrations } from './deliver.ts';
export type { DeliveryDeps } from './deliver.ts';
export { openMailTransport } from './transport.ts';
export type { MailTransport, TransportOptions } from './transport.ts';
export { isMailCode, mailCodes } from './message.ts';
export type { MailCode, Meeting, NoticeMail, RenderedMail } from './message.ts';
export { renderMail } from './render.ts';
export type { RenderOptions } from './render.ts';
