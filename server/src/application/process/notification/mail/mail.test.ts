import { expect, test } from 'vitest';
import { languages } from '../../../../kernel/index.ts';
import { mailCodes, renderMail, type NoticeMail } from './index.ts';

const options = { organizer: { name: 'Bedside', email: 'no-reply@bedside.example' }, at: new Date('2026-11-01T08:00:00Z') };
const notice: NoticeMail = {
  id: 'Communication/1', code: 'agree-time', to: 'b@hospital.example', language: 'en', timeZone: 'Asia/Shanghai', caseNumber: 'TC-2026-000123', link: 'https://bedside.example/cases/1', calendar: 'request',
  meeting: { appointmentId: 'app-1', sequence: 3, start: new Date('2026-10-24T12:00:00Z'), end: new Date('2026-10-24T12:30:00Z'), otherTimeZones: ['Europe/Paris', 'Asia/Shanghai'] },
};
/** iCalendar lines, unfolded. */
const unfold = (content: string): string[] => content.replace(/\r\n[ \t]/g, '').split('\r\n');
const at = (changes: Partial<NoticeMail>, meeting: Partial<NoticeMail['meeting']> = {}) =>
  unfold(renderMail({ ...notice, ...changes, meeting: { ...notice.meeting!, ...meeting } }, options).calendar!.content);

test('an invitation has a stable identity, its sequence, and its time on the wall of the reader with the rules of the zone', () => {
  const lines = at({});
  expect(lines).toEqual(expect.arrayContaining(['METHOD:REQUEST', 'UID:app-1@bedside', 'SEQUENCE:3', 'DTSTAMP:20261101T080000Z', 'BEGIN:VTIMEZONE', 'TZID:Asia/Shanghai', 'DTSTART;TZID=Asia/Shanghai:20261024T200000', 'DTEND;TZID=Asia/Shanghai:20261024T203000', 'STATUS:CONFIRMED', 'BEGIN:VALARM', 'TRIGGER:-PT15M']));
  expect(lines.some((line) => line.startsWith('ATTENDEE') && line.includes('b@hospital.example'))).toBe(true);
  expect(at({ timeZone: 'Europe/Paris' })).toContain('DTSTART;TZID=Europe/Paris:20261024T140000');
});

test('after the clocks went back the wall time is that of winter, and in the doubled hour the time is given in UTC', () => {
  const lines = at({ timeZone: 'Europe/Paris' }, { start: new Date('2026-10-25T12:00:00Z'), end: new Date('2026-10-25T12:30:00Z') });
  expect(lines).toContain('DTSTART;TZID=Europe/Paris:20261025T130000');
  const doubled = at({ timeZone: 'Europe/Paris' }, { start: new Date('2026-10-25T01:30:00Z'), end: new Date('2026-10-25T02:00:00Z') });
  expect(doubled).toContain('DTSTART:20261025T013000Z');
});

test('a cancellation names the same entry with a greater sequence and has no alarm', () => {
  const lines = at({ calendar: 'cancel', code: 'cancel' }, { sequence: 4 });
  expect(lines).toEqual(expect.arrayContaining(['METHOD:CANCEL', 'UID:app-1@bedside', 'SEQUENCE:4', 'STATUS:CANCELLED']));
  expect(lines).not.toContain('BEGIN:VALARM');
});

test('the text tells the time in both doctors’ zones, each once', () => {
  const { text } = renderMail(notice, options);
  expect(text).toContain('20:00');
  expect(text).toContain('(Asia/Shanghai)');
  expect(text).toContain('14:00');
  expect(text.match(/Asia\/Shanghai/g)).toHaveLength(1);
});

test.each(languages)('every occasion has words in %s, with case number and link', (language) => {
  const seen = mailCodes.map((code) => renderMail({ ...notice, code, language }, options));
  for (const mail of seen) {
    expect(mail.subject).toContain('TC-2026-000123');
    expect(mail.subject).not.toMatch(/undefined|\{\}/);
    expect(mail.text).toContain('https://bedside.example/cases/1');
    expect(mail.html).toContain(`lang="${language}"`);
  }
  expect(new Set(seen.map((mail) => mail.subject)).size).toBe(mailCodes.length);
});

test.each([['to', 'a@b\r\nBcc: c@d'], ['caseNumber', 'TC 1 Margaret'], ['link', 'javascript:alert(1)'], ['id', '']])('a %s that could carry something else is refused', (field, value) => {
  expect(() => renderMail({ ...notice, [field]: value }, options)).toThrowError(new RegExp(field));
});

test('a time zone that does not exist is refused', () => {
  expect(() => at({ timeZone: 'Mars/Olympus' })).toThrowError(/time zone/);
});
