import { isWindow, localToInstant, windowOf as calendarWindow } from '#libs/calendar';

/** A stretch of local dates, the end exclusive. */
export interface DayWindow {
  from: string;
  to: string;
}

const SHORT: Readonly<Record<string, string>> = {
  day: 'today',
  week: 'this_week',
  month: 'this_month',
  quarter: 'this_quarter',
  previous_day: 'yesterday',
  previous_week: 'last_week',
  previous_month: 'last_month',
  previous_quarter: 'last_quarter',
};
const DAYS = /^([1-9]\d{0,3})d$/;

/** The calendar's own word for a window: `week` is `this_week`, `previous_week` is `last_week`, `30d` is `last_30_days`. */
function nameOf(text: string): string {
  const days = DAYS.exec(text);
  return days ? `last_${days[1]}_days` : Object.hasOwn(SHORT, text) ? SHORT[text]! : text;
}

/** Whether a text names a window: today, week, month, quarter, previous_week, 30d, all_time, or a word of the calendar. */
export const isWindowText = (text: string): boolean => isWindow(nameOf(text));

/** The local dates of a window seen from a local day, that day being the last of `30d`; null for an unknown name. */
export function windowOf(text: string, day: string): DayWindow | null {
  const window = calendarWindow(nameOf(text), localToInstant(day, '12:00', 'UTC'), 'UTC');
  return window && { from: window.fromDate, to: window.toDateExclusive };
}
