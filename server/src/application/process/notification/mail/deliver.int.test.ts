import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId, systemClock } from '../../../../kernel/index.ts';
import { testDatabase } from '../../../../kernel/testing.ts';
import { deliverMail, forgetSentMails, mailMigrations, openMailTransport, type MailTransport, type NoticeMail } from './index.ts';

let db: Awaited<ReturnType<typeof testDatabase>>;
let folder = '';
let received: string[] = [];
let server: SMTPServer;
const open: MailTransport[] = [];

beforeAll(async () => { db = await testDatabase(mailMigrations); });
afterAll(() => db.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedside-mail-'));
  received = [];
  server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _, done) => {
      if (address.startsWith('gone@')) return done(Object.assign(new Error('No such mailbox'), { responseCode: 550 }));
      return done(address.startsWith('full@') ? Object.assign(new Error('Mailbox is full'), { responseCode: 452 }) : null);
    },
    onData: (stream, _, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => { received.push(Buffer.concat(chunks).toString()); done(); });
    },
  });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
});
afterEach(async () => {
  for (const transport of open.splice(0)) transport.close();
  await new Promise<void>((closed) => { server.close(closed); });
  await rm(folder, { recursive: true, force: true });
});

const port = (): number => (server.server.address() as AddressInfo).port;
function deps(smtpUrl: string) {
  const transport = openMailTransport({ smtpUrl, from: 'Bedside <no-reply@bedside.example>', outboxFolder: join(folder, 'outbox'), timeoutMs: 1_000 });
  open.push(transport);
  return { db, transport, clock: systemClock, organizer: { name: 'Bedside', email: 'no-reply@bedside.example' } };
}
const notice = (changes: Partial<NoticeMail> = {}): NoticeMail => ({
  id: newId(), code: 'agree-time', to: 'b@hospital.example', language: 'ar', timeZone: 'Asia/Riyadh', caseNumber: 'TC-2026-000123', link: 'https://bedside.example/cases/1', calendar: 'request',
  meeting: { appointmentId: 'app-1', sequence: 1, start: new Date('2026-12-24T12:00:00Z'), end: new Date('2026-12-24T12:30:00Z'), otherTimeZones: ['Europe/Madrid'] }, ...changes,
});

test('a mail arrives at a real server with text, page and invitation, and is not sent again', async () => {
  const mail = notice();
  const with_ = deps(`smtp://127.0.0.1:${port()}`);
  expect(await deliverMail(with_, mail)).toBe('sent');
  expect(await deliverMail(with_, mail)).toBe('sent-before');
  expect(received).toHaveLength(1);
  const parsed = await simpleParser(received[0]!);
  expect(parsed.subject).toContain('اتُّفق على موعد');
  expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
  expect(parsed.text).toContain('https://bedside.example/cases/1');
  const calendar = parsed.attachments.find((a) => a.contentType.startsWith('text/calendar') || a.filename === 'invitation.ics');
  expect(calendar?.content.toString()).toContain('UID:app-1@bedside');
  expect(received[0]).toMatch(/text\/calendar;[^\n]*\n?[^\n]*method=REQUEST/i);
});

test('a dead mail server gives an error to try again, and the mail goes out when it lives', async () => {
  const mail = notice();
  await expect(deliverMail(deps('smtp://127.0.0.1:9'), mail)).rejects.toMatchObject({ code: 'mail-server', retryable: true });
  expect(await deliverMail(deps(`smtp://127.0.0.1:${port()}`), mail)).toBe('sent');
});

test('a server that does not answer is given up after the time-out', async () => {
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => { silent.once('listening', listening); });
  await expect(deliverMail(deps(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`), notice())).rejects.toMatchObject({ code: 'mail-server' });
  silent.close();
});

test('a mailbox that is gone is final, one that is full is tried again', async () => {
  const with_ = deps(`smtp://127.0.0.1:${port()}`);
  await expect(deliverMail(with_, notice({ to: 'gone@hospital.example' }))).rejects.toMatchObject({ code: 'mail-refused', retryable: false });
  await expect(deliverMail(with_, notice({ to: 'full@hospital.example' }))).rejects.toMatchObject({ code: 'mail-server', details: { smtpCode: 452 } });
});

test('without a server mails become files, one for each, also when the step is repeated after a crash', async () => {
  const mail = notice({ id: 'Communication/with slash' });
  const with_ = deps('');
  expect(await deliverMail(with_, mail)).toBe('sent');
  // The crash fell between the file and the record of it.
  await db.query('delete from application.mail_sent where id = $1', [mail.id]);
  expect(await deliverMail(with_, mail)).toBe('sent');
  const files = await readdir(join(folder, 'outbox'));
  expect(files).toHaveLength(1);
  const parsed = await simpleParser(await readFile(join(folder, 'outbox', files[0]!)));
  expect(parsed.to && 'text' in parsed.to ? parsed.to.text : '').toContain('b@hospital.example');
});

test('two runs at once leave one file', async () => {
  const mail = notice();
  const with_ = deps('');
  await Promise.all(Array.from({ length: 6 }, () => deliverMail(with_, mail)));
  expect(await readdir(join(folder, 'outbox'))).toEqual([`${mail.id}.eml`]);
});

test('records of mails are forgotten after a while', async () => {
  await deliverMail(deps(''), notice());
  expect(await forgetSentMails(db, new Date(Date.now() + 60_000))).toBeGreaterThan(0);
  expect((await db.query('select 1 from application.mail_sent')).rowCount).toBe(0);
});
