import { directionOf, invalid, type Language } from '../../../../kernel/index.ts';
import { calendarEntry } from './calendar.ts';
import type { Meeting, NoticeMail, RenderedMail } from './message.ts';
import { mailTexts } from './texts.ts';

export interface RenderOptions {
  /** Who invites in calendars, e.g. the sender address. */
  readonly organizer: { readonly name: string; readonly email: string };
  readonly at: Date;
}

/**
 * Puts a notice into words of its reader's language: case number, time in the zones of all who meet, and the link; nothing else.
 * @throws invalid `mail-notice` naming the field: an address that is none, a case number that could hold more than one, a link that is not http(s).
 */
export function renderMail(notice: NoticeMail, options: RenderOptions): RenderedMail {
  check(notice);
  const texts = mailTexts[notice.language];
  const sentence = texts.sentences[notice.code];
  const times = notice.meeting ? timeLines(notice.meeting, notice.language, notice.timeZone) : [];
  const subject = `${texts.subject.replace('{}', notice.caseNumber)} · ${sentence}`;
  const lines = [sentence, '', ...(times.length > 0 ? [`${texts.time}:`, ...times, ''] : []), `${texts.open}:`, notice.link, '', texts.foot, ''];
  const calendar = notice.calendar === undefined || notice.meeting === undefined ? undefined : calendarEntry({
    method: notice.calendar, meeting: notice.meeting, summary: texts.event.replace('{}', notice.caseNumber), description: [...times, '', notice.link].join('\n'),
    link: notice.link, timeZone: notice.timeZone, language: notice.language, organizer: options.organizer, attendee: notice.to, at: options.at,
  });
  return {
    id: notice.id, to: notice.to, subject, text: lines.join('\n'), html: htmlOf(notice, sentence, times),
    ...(calendar === undefined ? {} : { calendar: { method: notice.calendar === 'request' ? 'REQUEST' : 'CANCEL', content: calendar } }),
  };
}

function check(notice: NoticeMail): void {
  const faulty = (at: string) => invalid('mail-notice', `${at} cannot be put into a mail.`, { details: { at } });
  if (!/^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]{1,255}$/u.test(notice.to)) throw faulty('to');
  if (!/^[\p{L}\p{N}._/-]{1,64}$/u.test(notice.caseNumber)) throw faulty('caseNumber');
  if (!/^https?:\/\/[^\s<>"]{1,2000}$/.test(notice.link)) throw faulty('link');
  if (notice.id === '' || notice.id.length > 200) throw faulty('id');
}

const localeTags: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', fr: 'fr', es: 'es', ar: 'ar-u-nu-latn-ca-gregory' };

/** The reader's time first, then that of each other zone with another clock. */
function timeLines(meeting: Meeting, language: Language, timeZone: string): string[] {
  const span = (zone: string): string => {
    const day = new Intl.DateTimeFormat(localeTags[language], { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone });
    const end = new Intl.DateTimeFormat(localeTags[language], { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone, timeZoneName: 'short' });
    return `${day.format(meeting.start)} – ${end.format(meeting.end)} (${zone})`;
  };
  return [...new Set([timeZone, ...meeting.otherTimeZones])].map(span);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign]!);

function htmlOf(notice: NoticeMail, sentence: string, times: readonly string[]): string {
  const texts = mailTexts[notice.language];
  const time = times.length === 0 ? '' : `<p style="margin:0 0 20px"><strong>${escape(texts.time)}</strong><br>${times.map(escape).join('<br>')}</p>`;
  return `<!doctype html><html lang="${notice.language}" dir="${directionOf(notice.language)}"><head><meta charset="utf-8"><title>${escape(texts.subject.replace('{}', notice.caseNumber))}</title></head>
<body style="margin:0;padding:24px;background:#f3f7f8;color:#14252b;font:16px/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"><div style="max-width:560px;margin:0 auto;background:#fff;border:1px solid #d5e0e3;border-radius:12px;padding:24px">
<p style="margin:0 0 4px;color:#4d5c63">${escape(texts.subject.replace('{}', notice.caseNumber))}</p><h1 style="margin:0 0 20px;font-size:20px">${escape(sentence)}</h1>${time}
<p style="margin:0 0 24px"><a href="${escape(notice.link)}" style="display:inline-block;background:#0b6b74;color:#fff;text-decoration:none;font-weight:600;padding:12px 20px;border-radius:8px">${escape(texts.open)}</a></p>
<p style="margin:0;color:#4d5c63;font-size:14px">${escape(texts.foot)}</p></div></body></html>`;
}
