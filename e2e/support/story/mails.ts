import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../room-calls.ts';

export interface Mail { readonly to: string; readonly subject: string; readonly whole: string; readonly calendar: string | undefined }

/** The parts of a mail with their transfer encoding undone. @see RFC 2045 */
function readMail(source: string): Mail {
  const header = (name: string): string => new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(source)?.[1]?.replace(/\r\n[ \t]/g, '') ?? '';
  const parts = source.split(/^--.*$/m).map((part) => {
    const [head = '', ...rest] = part.trimStart().split('\r\n\r\n');
    const body = rest.join('\r\n\r\n');
    const text = /encoding: base64/i.test(head) ? Buffer.from(body, 'base64').toString('utf8')
      : /encoding: quoted-printable/i.test(head) ? Buffer.from(body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))), 'latin1').toString('utf8') : body;
    return { head, text };
  });
  return { to: header('To'), subject: header('Subject'), whole: parts.map((part) => part.text).join('\n'), calendar: parts.find((part) => /content-type: text\/calendar/i.test(part.head))?.text };
}

/** Calendar text with its folded lines made whole. @see RFC 5545 3.1 */
const unfolded = (text: string): string => text.replace(/\r?\n[ \t]/g, '');

/** Waits until all of `wanted` (beginnings of addresses) were invited to a meeting. @returns all mails that invite to it, calendars unfolded. */
export async function invitations(data: string, appointmentId: string, wanted: readonly string[], sequenceAbove = -1): Promise<Mail[]> {
  let found: Mail[] = [];
  await until('the mails with a calendar entry', async () => {
    const folder = join(data, 'outbox');
    const names = await readdir(folder).catch(() => []);
    const mails = await Promise.all(names.filter((name) => name.endsWith('.eml')).map(async (name) => readMail(await readFile(join(folder, name), 'utf8'))));
    found = mails.flatMap((mail) => (mail.calendar ? [{ ...mail, calendar: unfolded(mail.calendar) }] : []))
      .filter((mail) => mail.calendar.includes(`UID:${appointmentId}@bedside`) && Number(/SEQUENCE:(\d+)/.exec(mail.calendar)?.[1]) > sequenceAbove);
    return wanted.every((who) => found.some((mail) => mail.to.startsWith(who)));
  }, 30_000);
  return found;
}
