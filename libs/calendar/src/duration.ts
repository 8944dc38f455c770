import { addMonths, DAY_MS, formatDate, formatTime, MINUTE_MS } from './civil.js';
import { instantOf, localDayOf, localMinutesOf } from './zone.js';

/** A length of time: months and days count local dates, ms counts elapsed time; the three are never converted into one another. */
export interface Duration {
  months: number;
  days: number;
  ms: number;
}

/** What reading a duration gives: the value, or one sentence on what is wrong with the mend. */
export type ParsedDuration = { ok: true; duration: Duration } | { ok: false; error: string };

const UNITS: Record<string, Duration> = {
  mo: { months: 1, days: 0, ms: 0 },
  w: { months: 0, days: 7, ms: 0 },
  d: { months: 0, days: 1, ms: 0 },
  h: { months: 0, days: 0, ms: 60 * MINUTE_MS },
  m: { months: 0, days: 0, ms: MINUTE_MS },
  s: { months: 0, days: 0, ms: 1000 },
};
const WHOLE = /^(\d{1,6}(mo|[wdhms])\s*)+$/;
const PART = /(\d+)(mo|[wdhms])/g;

/** Reads '2d', '3h', '30m', '90s', '1w', '1mo' or a sum such as '1d 12h'. */
export function parseDuration(text: string): ParsedDuration {
  const trimmed = text.trim();
  if (!WHOLE.test(trimmed))
    return { ok: false, error: `"${text}" is no duration; write for example 30m, 3h, 2d, 1w, 1mo or 1d 12h` };
  const duration: Duration = { months: 0, days: 0, ms: 0 };
  for (const [, count, unit] of trimmed.matchAll(PART)) addUnits(duration, Number(count), unit ?? '');
  return { ok: true, duration };
}

function addUnits(sum: Duration, count: number, unit: string): void {
  const one = UNITS[unit];
  if (!one) throw new RangeError(`unknown unit ${unit}`);
  sum.months += one.months * count;
  sum.days += one.days * count;
  sum.ms += one.ms * count;
}

/** An instant plus a duration: months and days keep the local time of day (next valid minute in a gap), then ms elapse. */
export function addDuration(from: number, duration: Duration, zone: string): number {
  if (duration.months === 0 && duration.days === 0) return from + duration.ms;
  const day = addMonths(localDayOf(from, zone), duration.months) + duration.days;
  const seconds = ((from % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
  return instantOf(day, localMinutesOf(from, zone), zone) + seconds + duration.ms;
}

/** The longest a duration can last, in ms, with months of 31 days; for limits such as max_age that need no calendar. */
export function roughLength(duration: Duration): number {
  return (duration.months * 31 + duration.days) * DAY_MS + duration.ms;
}

/** A local date-time 'YYYY-MM-DDTHH:MM' of an instant. */
export function localDateTime(ms: number, zone: string): string {
  return `${formatDate(localDayOf(ms, zone))}T${formatTime(localMinutesOf(ms, zone))}`;
}
