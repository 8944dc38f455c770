import { addMonths, MINUTE_MS, mustParseTime, parseDate, parseTime } from './civil.js';
import { addDuration } from './duration.js';
import type { Duration } from './duration.js';
import { suitableDay } from './working-days.js';
import type { WorkCalendar } from './working-days.js';
import { instantOf, localDayOf, localMinutesOf } from './zone.js';

/** A wait in local terms; `until` is a local 'YYYY-MM-DDTHH:MM' or 'YYYY-MM-DD', `at` is 'HH:MM'. */
export interface Wait {
  from: number;
  for?: Duration | undefined;
  at?: string | undefined;
  days?: 'any' | 'working' | undefined;
  until?: string | undefined;
  calendar: WorkCalendar;
}

/**
 * The instant (epoch ms) a wait ends, never before `from`. The rule:
 * 1. `until` names the local date and time; otherwise `for` is added to `from`.
 * 2. Days, weeks and months count local dates. With `at`, it is that time of that date ("2d at 09:00" from Monday 15:00 is Wednesday
 *    09:00); without `at` the time of day is kept. If that is not after `from`, it is the next suitable day.
 * 3. With hours, minutes or seconds in `for`, it is the first `at` at or after the elapsed time.
 * 4. A date that does not suit `days: working` moves to the next working day at the same local time.
 * 5. Local times follow localToInstant: in a gap the next valid minute, in an overlap the first.
 */
export function nextWait(wait: Wait): number {
  if (wait.until !== undefined) return Math.max(wait.from, untilMoment(wait, wait.until));
  if (wait.for && wait.for.ms > 0) return afterElapsed(wait, wait.for);
  return wait.at === undefined ? keepingTime(wait) : onDateAt(wait, wait.at);
}

/** Whether a text can stand in `until`. */
export function isUntil(text: string): boolean {
  const [date, time] = text.split('T');
  return parseDate(date ?? '') !== null && (time === undefined || parseTime(time) !== null);
}

function untilMoment(wait: Wait, until: string): number {
  const [date, time] = until.split('T');
  const day = parseDate(date ?? '');
  if (day === null) throw new RangeError(`not a local date-time: ${until}`);
  return momentOn(wait, day, mustParseTime(time ?? wait.at ?? '00:00'));
}

function afterElapsed(wait: Wait, length: Duration): number {
  const elapsed = addDuration(wait.from, length, wait.calendar.zone);
  if (wait.at === undefined) return moveToSuitable(wait, elapsed);
  return firstAt(wait, localDayOf(elapsed, wait.calendar.zone), wait.at, elapsed - 1);
}

function keepingTime(wait: Wait): number {
  const due = wait.for ? addDuration(wait.from, wait.for, wait.calendar.zone) : wait.from;
  return Math.max(wait.from, moveToSuitable(wait, due));
}

function onDateAt(wait: Wait, at: string): number {
  const today = localDayOf(wait.from, wait.calendar.zone);
  const day = addMonths(today, wait.for?.months ?? 0) + (wait.for?.days ?? 0);
  return firstAt(wait, day, at, wait.from);
}

/** The first suitable `at`, from `day` on, strictly after `after`. */
function firstAt(wait: Wait, day: number, at: string, after: number): number {
  const minutes = mustParseTime(at);
  for (let next = day; ; next++) {
    const suitable = suitableDay(next, wait.days ?? 'any', wait.calendar);
    const moment = instantOf(suitable, minutes, wait.calendar.zone);
    if (moment > after) return moment;
    next = suitable;
  }
}

function momentOn(wait: Wait, day: number, minutes: number): number {
  return instantOf(suitableDay(day, wait.days ?? 'any', wait.calendar), minutes, wait.calendar.zone);
}

// An instant on a suitable day stays exactly as it is: rebuilding it from its local time would lose the second pass of an overlap.
function moveToSuitable(wait: Wait, due: number): number {
  const { zone } = wait.calendar;
  const day = localDayOf(due, zone);
  const suitable = suitableDay(day, wait.days ?? 'any', wait.calendar);
  if (suitable === day) return due;
  return instantOf(suitable, localMinutesOf(due, zone), zone) + (((due % MINUTE_MS) + MINUTE_MS) % MINUTE_MS);
}
