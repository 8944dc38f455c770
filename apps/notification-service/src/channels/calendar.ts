import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { stableId } from '#libs/platform';

/** An entry for somebody's calendar; `sequence` grows with each mail about the same uid (RFC 5546, 2.1.4). */
export interface CalendarEntry {
  uid: string;
  /** ISO instants. */
  starts: string;
  ends: string;
  summary: string;
  location: string | null;
  url: string | null;
  cancelled: boolean;
  sequence: number;
}

export interface Invited {
  personId: string;
  name: string;
  email: string;
}

/** The entry as a mail carries it: a request to put it into the calendar or to move it there, or its cancellation. */
export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  content: string;
}

/** iCalendar (RFC 5545, RFC 5546). Times are UTC, which every calendar shows in its reader's zone. */
export function invitationFor(
  { uid, starts, ends, summary, location, url, cancelled, sequence }: CalendarEntry,
  to: Invited,
  sender: { name: string; email: string },
  at: Date,
): Invitation {
  const method = cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST;
  const calendar = ical({ method, prodId: { company: 'Laurel', product: 'Laurel', language: 'EN' } });
  const event = calendar.createEvent({
    // Nobody's business: the uid of the programme and the person are in it, but cannot be read out of it.
    id: `${stableId('calendar', uid, to.personId)}@${sender.email.split('@')[1]!}`,
    sequence,
    stamp: at,
    start: new Date(starts),
    end: new Date(ends),
    summary: oneLine(summary),
    organizer: { name: oneLine(sender.name), email: sender.email },
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    ...(location !== null && { location: oneLine(location) }),
    ...(url !== null && { url }),
  });
  event.createAttendee({ name: oneLine(to.name), email: to.email, rsvp: false });
  return { method, content: calendar.toString() };
}

const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();
