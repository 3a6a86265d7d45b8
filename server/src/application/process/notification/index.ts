export { mailJobs, type CaseMailDeps, type MailReader } from './case-mail.ts';
export { reminderJobs, type ReminderDeps } from './reminders.ts';
export { forgetSentMails, mailMigrations, openMailTransport } from './mail/index.ts';
