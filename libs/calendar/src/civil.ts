/** Civil dates without a zone, as day numbers (days since 1970-01-01), so that arithmetic never meets a clock. */

/** Milliseconds of one civil day of 24 hours. */
export const DAY_MS = 86_400_000;
/** Milliseconds of one minute. */
export const MINUTE_MS = 60_000;

interface Civil {
  year: number;
  month: number;
  day: number;
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** The day number of a civil date; months and days outside their range run over into the neighbours. */
export function dayNumber(year: number, month: number, day: number): number {
  const monthIndex = year * 12 + (month - 1);
  const y = Math.floor(monthIndex / 12);
  const m = monthIndex - y * 12;
  return daysBeforeMonth(y, m + 1) + day - 1;
}

// Howard Hinnant, "chrono-compatible low-level date algorithms": years start in March, so that the leap day is the last.
function daysBeforeMonth(year: number, month: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5);
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** Year, month (1..12) and day (1..31) of a day number. */
export function civilOf(dayNo: number): Civil {
  const z = dayNo + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

/** ISO weekday of a day number: 1 is Monday, 7 is Sunday. */
export function weekdayOf(dayNo: number): number {
  return ((((dayNo + 3) % 7) + 7) % 7) + 1;
}

/** How many days a month (1..12) has. */
export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

/** The day number of 'YYYY-MM-DD', or null when the text is no real date. */
export function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  if (!match) return null;
  const dayNo = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  return formatDate(dayNo) === text ? dayNo : null;
}

/** 'YYYY-MM-DD' of a day number. */
export function formatDate(dayNo: number): string {
  const { year, month, day } = civilOf(dayNo);
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
}

/** The local date so many days later, or earlier: 'YYYY-MM-DD'. */
export const plusDays = (date: string, days: number): string => formatDate(mustParseDate(date) + days);

/** Minutes since midnight of 'HH:MM' (00:00..23:59), or null when the text is no time. */
export function parseTime(text: string): number | null {
  const match = TIME.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** 'HH:MM' of minutes since midnight. */
export function formatTime(minutes: number): string {
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A day number moved by whole months; a day the target month lacks becomes its last day. */
export function addMonths(dayNo: number, months: number): number {
  const { year, month, day } = civilOf(dayNo);
  const first = civilOf(dayNumber(year, month + months, 1));
  return dayNumber(first.year, first.month, Math.min(day, daysInMonth(first.year, first.month)));
}

/** The day number of a date known to be valid; a wrong one is a programming error and throws. */
export function mustParseDate(date: string): number {
  const dayNo = parseDate(date);
  if (dayNo === null) throw new RangeError(`not a date: ${date}`);
  return dayNo;
}

/** Minutes of a time known to be valid; a wrong one is a programming error and throws. */
export function mustParseTime(time: string): number {
  const minutes = parseTime(time);
  if (minutes === null) throw new RangeError(`not a time of day: ${time}`);
  return minutes;
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}
