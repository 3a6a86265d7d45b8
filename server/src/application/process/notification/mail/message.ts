import type { Language } from '../../../../kernel/index.ts';

/** What a mail is about: the codes of notices, and the reminder before a session. */
export const mailCodes = [
  'submit', 'save-form', 'uninvite', 'withdraw', 'supply-information', 'accept', 'request-information', 'refuse', 'propose-time', 'agree-time', 'cancel',
  'open-session', 'invite-patient', 'send-materials', 'publish-report', 'correct-report', 'evaluate', 'plan-follow-up', 'close', 'reminder',
] as const;
export type MailCode = (typeof mailCodes)[number];
export const isMailCode = (code: string): code is MailCode => mailCodes.includes(code as MailCode);

export interface Meeting {
  /** Logical id of the Appointment: the calendar entry keeps it through every change. */
  readonly appointmentId: string;
  /** Grows with every change of the appointment (its version will do), so that calendars know which word is the last. @see RFC 5546 2.1.4 */
  readonly sequence: number;
  readonly start: Date;
  readonly end: Date;
  /** IANA time zones of the others who meet, shown beside the reader's own. */
  readonly otherTimeZones: readonly string[];
}

/** All that a mail may say: no name, no reason, no finding. Mail is read on the way; what it is about stands behind the link. */
export interface NoticeMail {
  /** Unique for this recipient and occasion, e.g. `Communication/abc`: the same id is sent once. */
  readonly id: string;
  readonly code: MailCode;
  readonly to: string;
  readonly language: Language;
  /** IANA time zone of the reader. */
  readonly timeZone: string;
  readonly caseNumber: string;
  /** Absolute address of the case, behind sign-in or a single-use link. */
  readonly link: string;
  readonly meeting?: Meeting;
  /** Put the meeting into the reader's calendar, or take it out. */
  readonly calendar?: 'request' | 'cancel';
}

/** A mail as text, ready for a transport. */
export interface RenderedMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly calendar?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string };
}
