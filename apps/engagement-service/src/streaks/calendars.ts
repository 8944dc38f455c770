import type { WorkCalendar } from '#libs/calendar';
import type { ProgrammeSettings } from '#libs/contracts';
import type { Absences } from './streaks.query.js';

/** When a person works, as one streak sees it: leave, holidays of the location, and the days somebody has excused are off. */
export function calendarOf(
  { zone, location, leave, excuses }: Absences,
  streak: string,
  { working_days, locations }: ProgrammeSettings,
): WorkCalendar {
  const holidays = (location !== null && locations[location]?.holidays) || [];
  return {
    zone,
    workingDays: working_days,
    holidays,
    leave: [...leave, ...excuses.filter((excuse) => excuse.streak === streak)],
  };
}
