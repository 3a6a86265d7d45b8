import ical, { ICalAlarmType, ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { Temporal } from 'temporal-polyfill';
import { tzlib_get_ical_block as timeZoneBlock } from 'timezones-ical-library';
import { invalid, type Language } from '../../../../kernel/index.ts';
import type { Meeting } from './message.ts';

export interface CalendarEntry {
  readonly method: 'request' | 'cancel';
  readonly meeting: Meeting;
  readonly summary: string;
  readonly description: string;
  readonly link: string;
  /** IANA name; start and end are given in it. */
  readonly timeZone: string;
  readonly language: Language;
  readonly organizer: { readonly name: string; readonly email: string };
  readonly attendee: string;
  /** When this is written. */
  readonly at: Date;
}

const reminderSeconds = 15 * 60;

/**
 * An invitation (also of a changed time: same UID, greater sequence) or a cancellation as iCalendar text with the rules of its time zone.
 * @throws invalid `time-zone` for a name that is none.
 * @see RFC 5545; RFC 5546 3.2.2 (REQUEST), 3.2.5 (CANCEL)
 */
export function calendarEntry(entry: CalendarEntry): string {
  const { meeting, method } = entry;
  const calendar = ical({
    method: method === 'request' ? ICalCalendarMethod.REQUEST : ICalCalendarMethod.CANCEL,
    prodId: { company: 'Bedside', product: 'Bedside', language: entry.language.toUpperCase() },
    timezone: { name: null, generator: (zone) => timeZoneBlock(zone)[0] ?? null },
  });
  const event = calendar.createEvent({
    id: `${meeting.appointmentId}@bedside`,
    sequence: meeting.sequence,
    stamp: entry.at,
    ...times(meeting, entry.timeZone),
    summary: entry.summary,
    description: entry.description,
    location: entry.link,
    url: entry.link,
    status: method === 'request' ? ICalEventStatus.CONFIRMED : ICalEventStatus.CANCELLED,
    organizer: { name: entry.organizer.name, email: entry.organizer.email },
    attendees: [{ email: entry.attendee, name: entry.attendee, role: ICalAttendeeRole.REQ, status: method === 'request' ? ICalAttendeeStatus.NEEDSACTION : ICalAttendeeStatus.DECLINED, rsvp: method === 'request' }],
  });
  if (method === 'request') event.createAlarm({ type: ICalAlarmType.display, trigger: reminderSeconds, description: entry.summary });
  return calendar.toString();
}

/** Times on the wall of the zone; in UTC where the clocks go back and the wall shows the same time twice, or the zone has no rules to be sent along. */
function times({ start, end }: Meeting, timeZone: string): { start: string | Date; end: string | Date; timezone?: string } {
  const walls = [start, end].map((at) => wallTime(at, timeZone));
  const [from, to] = walls;
  if (from === undefined || to === undefined || !timeZoneBlock(timeZone)[0]) return { start, end };
  return { start: from, end: to, timezone: timeZone };
}

function wallTime(at: Date, timeZone: string): string | undefined {
  let zoned: Temporal.ZonedDateTime;
  try {
    zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  } catch (cause) {
    throw invalid('time-zone', 'timeZone is not the name of a time zone.', { details: { at: 'timeZone' }, cause });
  }
  const wall = zoned.toPlainDateTime();
  return wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).epochMilliseconds === at.getTime() ? wall.toString({ smallestUnit: 'second' }) : undefined;
}
