import { formatDate, mustParseDate, weekdayOf } from './civil.js';

/** When somebody works: ISO weekdays (1 Monday .. 7 Sunday), holidays as local dates, leave as inclusive ranges of local dates. */
export interface WorkCalendar {
  zone: string;
  workingDays: readonly number[];
  holidays: readonly string[];
  leave?: readonly { from: string; to: string }[];
}

// Longer than any leave; a calendar without a single working day must not hang a search.
const SEARCH_DAYS = 3660;

/** Whether a local date 'YYYY-MM-DD' is a working day of this calendar. */
export function isWorkingDay(date: string, calendar: WorkCalendar): boolean {
  return worksOn(mustParseDate(date), calendar);
}

/** The first working day strictly after a local date; the next date when ten years hold none. */
export function nextWorkingDay(date: string, calendar: WorkCalendar): string {
  return formatDate(suitableDay(mustParseDate(date) + 1, 'working', calendar));
}

/** The first day number from `day` on that suits: any day, or a working day; `day` itself when ten years hold none. */
export function suitableDay(day: number, days: 'any' | 'working', calendar: WorkCalendar): number {
  if (days === 'any') return day;
  for (let tried = day; tried < day + SEARCH_DAYS; tried++) if (worksOn(tried, calendar)) return tried;
  return day;
}

function worksOn(day: number, calendar: WorkCalendar): boolean {
  if (!calendar.workingDays.includes(weekdayOf(day))) return false;
  const date = formatDate(day);
  return !calendar.holidays.includes(date) && !calendar.leave?.some((l) => l.from <= date && date <= l.to);
}
