import { civilOf, dayNumber, parseDate, formatDate, weekdayOf } from './civil.js';
import { instantOf, localDayOf } from './zone.js';

/** The lengths boards, badges and metrics count in. */
export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'all_time';

/** A stretch of local dates with its key; `start` (inclusive) and `end` (exclusive) are epoch ms. */
export interface Period {
  kind: PeriodKind;
  key: string;
  start: number;
  end: number;
}

/** A stretch of local day numbers: first inclusive, end exclusive. */
export interface DaySpan {
  first: number;
  end: number;
}

/** All kinds, shortest first. */
export const PERIOD_KINDS: readonly PeriodKind[] = ['day', 'week', 'month', 'quarter', 'all_time'];

// Four-digit years are what dates on the wire and in PostgreSQL can hold without surprise.
const ALL_TIME: DaySpan = { first: dayNumber(1900, 1, 1), end: dayNumber(10_000, 1, 1) - 1 };

/** The period of a kind that holds an instant, in a zone. Weeks are ISO weeks, from Monday. */
export function periodOf(kind: PeriodKind, ms: number, zone: string): Period {
  return periodOn(kind, localDayOf(ms, zone), zone);
}

/** The period before; all_time has none before it and gives itself. */
export function previousPeriod(period: Period, zone: string): Period {
  if (period.kind === 'all_time') return period;
  return periodOn(period.kind, localDayOf(period.start, zone) - 1, zone);
}

/** The period a key such as 2026-W03, 2026-01, 2026-Q1, 2026-01-05 or all names, or null when it names none. */
export function periodFromKey(key: string, zone: string): Period | null {
  if (key === 'all') return periodOn('all_time', 0, zone);
  const day = dayInKey(key);
  if (day === null) return null;
  const period = periodOn(day.kind, day.day, zone);
  return period.key === key ? period : null;
}

/** The local days of the period of a kind that holds a day. */
export function spanOf(kind: PeriodKind, day: number): DaySpan {
  const { year, month } = civilOf(day);
  if (kind === 'all_time') return ALL_TIME;
  if (kind === 'day') return { first: day, end: day + 1 };
  if (kind === 'week') return { first: day - weekdayOf(day) + 1, end: day - weekdayOf(day) + 8 };
  const [firstMonth, length] = kind === 'month' ? [month, 1] : [month - ((month - 1) % 3), 3];
  return { first: dayNumber(year, firstMonth, 1), end: dayNumber(year, firstMonth + length, 1) };
}

function periodOn(kind: PeriodKind, day: number, zone: string): Period {
  const { first, end } = spanOf(kind, day);
  return { kind, key: keyOf(kind, first), start: instantOf(first, 0, zone), end: instantOf(end, 0, zone) };
}

function keyOf(kind: PeriodKind, first: number): string {
  if (kind === 'all_time') return 'all';
  const date = formatDate(first);
  if (kind === 'day') return date;
  if (kind === 'month') return date.slice(0, 7);
  if (kind === 'quarter') return `${date.slice(0, 4)}-Q${Math.ceil(civilOf(first).month / 3)}`;
  return weekKey(first);
}

// ISO 8601: a week belongs to the year that holds its Thursday.
function weekKey(monday: number): string {
  const { year } = civilOf(monday + 3);
  const week = Math.floor((monday + 3 - dayNumber(year, 1, 1)) / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

function dayInKey(key: string): { kind: PeriodKind; day: number } | null {
  const match = /^(\d{4})-(?:W(\d{2})|Q([1-4])|(\d{2}))$/.exec(key);
  if (!match) return onDate(key);
  const year = Number(match[1]);
  if (match[2]) return { kind: 'week', day: mondayOfWeek1(year) + (Number(match[2]) - 1) * 7 };
  if (match[3]) return { kind: 'quarter', day: dayNumber(year, Number(match[3]) * 3, 1) };
  return { kind: 'month', day: dayNumber(year, Number(match[4]), 1) };
}

function onDate(key: string): { kind: PeriodKind; day: number } | null {
  const day = parseDate(key);
  return day === null ? null : { kind: 'day', day };
}

function mondayOfWeek1(year: number): number {
  const fourth = dayNumber(year, 1, 4);
  return fourth - weekdayOf(fourth) + 1;
}
