import type { Clock, Migration, Sql } from '../../../../kernel/index.ts';
import type { NoticeMail } from './message.ts';
import { renderMail } from './render.ts';
import type { MailTransport } from './transport.ts';

export const mailMigrations: readonly Migration[] = [{
  id: 'application-mail/0001-sent',
  up: `
    create schema if not exists application;
    -- Which mails have gone out; no address and no text.
    create table application.mail_sent (id text primary key, sent_at timestamptz not null);
    create index mail_sent_at on application.mail_sent (sent_at);`,
}];

export interface DeliveryDeps {
  readonly db: Sql;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly organizer: { readonly name: string; readonly email: string };
}

/**
 * Sends a mail once: a durable job calls it with the same `id` until it returns. A repetition after a crash sends nothing more to the file
 * outbox; to a mail server at most once more, with the same Message-ID, when the crash fell between its answer and our record.
 * @throws unavailable `mail-server` to be tried again; unprocessable `mail-refused`; invalid `mail-notice`, `time-zone`.
 */
export async function deliverMail(deps: DeliveryDeps, notice: NoticeMail): Promise<'sent' | 'sent-before'> {
  const { rowCount } = await deps.db.query('select 1 from application.mail_sent where id = $1', [notice.id]);
  if (rowCount === 1) return 'sent-before';
  await deps.transport.send(renderMail(notice, { organizer: deps.organizer, at: deps.clock.now() }));
  await deps.db.query('insert into application.mail_sent (id, sent_at) values ($1, $2) on conflict do nothing', [notice.id, deps.clock.now()]);
  return 'sent';
}

/** Forgets what was sent before `until`: no job is repeated after so long. */
export async function forgetSentMails(db: Sql, until: Date): Promise<number> {
  const { rowCount } = await db.query('delete from application.mail_sent where sent_at < $1', [until]);
  return rowCount ?? 0;
}
