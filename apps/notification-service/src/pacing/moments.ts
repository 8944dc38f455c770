import { isWorkingDay, localDate, nextWait } from '#libs/calendar';
import type { WorkCalendar } from '#libs/calendar';
import type { MailSettings, ProgrammeSettings } from '#libs/contracts';

/** How often somebody gets the digest. */
export type Rhythm = 'daily' | 'weekly';

const weekdays = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** The working days of somebody who lives in a zone and works at a location of the programme. */
export function calendarOf(
  { zone, location }: { zone: string; location: string | null },
  { working_days: workingDays, locations }: ProgrammeSettings,
): WorkCalendar {
  const known = location !== null && Object.hasOwn(locations, location) ? locations[location] : undefined;
  return { zone, workingDays, holidays: known?.holidays ?? [] };
}

/** The next moment (epoch ms) of a digest strictly after `now`; a weekly one moves from a holiday to the next working day. */
export function nextDigest(
  now: number,
  rhythm: Rhythm,
  calendar: WorkCalendar,
  { on, at }: MailSettings['digest'],
): number {
  const onWorkingDay = (from: number): number => nextWait({ from, at, days: 'working', calendar });
  if (rhythm === 'daily') return onWorkingDay(now);
  const weekly = { zone: calendar.zone, workingDays: [weekdays.indexOf(on) + 1], holidays: [] };
  const moment = nextWait({ from: now, at, days: 'working', calendar: weekly });
  return isWorkingDay(localDate(moment, calendar.zone), calendar) ? moment : onWorkingDay(moment);
}

/** Now, when it is a working day there; else the same time on the next one. */
export const nextWorkingMoment = (now: number, calendar: WorkCalendar): number =>
  nextWait({ from: now, days: 'working', calendar });
