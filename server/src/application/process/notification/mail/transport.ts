import { createHash } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { unavailable, unprocessable, type BedsideError } from '../../../../kernel/index.ts';
import { writeOnce } from '../../../../security/keys/index.ts';
import type { RenderedMail } from './message.ts';

/** Carries one mail. Whether it was sent before is asked by `deliverMail`. */
export interface MailTransport {
  /** @throws unavailable `mail-server` (try again); unprocessable `mail-refused` (this recipient is refused for good). */
  send(mail: RenderedMail): Promise<void>;
  close(): void;
}

export interface TransportOptions {
  /** SMTP_URL; empty: mails become files. */
  readonly smtpUrl: string;
  /** MAIL_FROM. */
  readonly from: string;
  /** Where mails become files. */
  readonly outboxFolder: string;
  readonly timeoutMs?: number;
}

export const openMailTransport = (options: TransportOptions): MailTransport =>
  (options.smtpUrl === '' ? fileTransport(options) : smtpTransport(options));

/** The mail's Message-ID: the same for every try, so that a receiver knows a repetition. */
const messageId = (id: string): string => `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@bedside.invalid>`;

const envelope = (mail: RenderedMail, from: string): SendMailOptions => ({
  from, to: mail.to, subject: mail.subject, text: mail.text, html: mail.html, messageId: messageId(mail.id),
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  ...(mail.calendar ? { icalEvent: { method: mail.calendar.method, filename: 'invitation.ics', content: mail.calendar.content } } : {}),
  disableFileAccess: true, disableUrlAccess: true,
});

/** Name of a mail's file: readable where the id allows, else its hash. */
export const outboxName = (id: string): string =>
  `${/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id) ? id : createHash('sha256').update(id).digest('hex')}.eml`;

function fileTransport({ from, outboxFolder }: TransportOptions): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    send: async (mail) => {
      const path = join(outboxFolder, outboxName(mail.id));
      await mkdir(outboxFolder, { recursive: true, mode: 0o700 });
      if (await access(path).then(() => true, () => false)) return;
      const { message } = await composer.sendMail(envelope(mail, from));
      await writeOnce(path, message as Buffer);
    },
    close: () => composer.close(),
  };
}

function smtpTransport({ smtpUrl, from, timeoutMs = 20_000 }: TransportOptions): MailTransport {
  const client = createTransport({ url: smtpUrl, pool: true, maxConnections: 2, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs });
  return {
    send: async (mail) => {
      try {
        await client.sendMail(envelope(mail, from));
      } catch (cause) {
        throw smtpFault(cause);
      }
    },
    close: () => client.close(),
  };
}

/** Answers of 5xx to the recipient are final; everything else (no connection, 4xx, wrong password) may be better later. @see RFC 5321 4.2.1 */
function smtpFault(cause: unknown): BedsideError {
  const { responseCode, code } = cause as { responseCode?: unknown; code?: unknown };
  const details = { ...(typeof responseCode === 'number' ? { smtpCode: responseCode } : {}), ...(typeof code === 'string' ? { reason: code } : {}) };
  if (typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')) {
    return unprocessable('mail-refused', 'The mail server refuses this mail for good.', { details, cause });
  }
  return unavailable('mail-server', 'The mail server does not take mails now; it is tried again.', { details: { ...details, retryAfterMs: 60_000 }, cause });
}
