import { formatDate } from './civil.js';
import { spanOf } from './period.js';
import type { DaySpan, PeriodKind } from './period.js';
import { localDayOf } from './zone.js';

/** A range of local dates 'YYYY-MM-DD', the end exclusive: metrics are kept per person and local day. */
export interface DateWindow {
  fromDate: string;
  toDateExclusive: string;
}

const NAMED: Record<string, { kind: PeriodKind; back: boolean }> = {
  today: { kind: 'day', back: false },
  yesterday: { kind: 'day', back: true },
  this_week: { kind: 'week', back: false },
  this_month: { kind: 'month', back: false },
  this_quarter: { kind: 'quarter', back: false },
  last_week: { kind: 'week', back: true },
  last_month: { kind: 'month', back: true },
  last_quarter: { kind: 'quarter', back: true },
  all_time: { kind: 'all_time', back: false },
};
const LAST_DAYS = /^last_([1-9]\d{0,3})_days$/;

/** The windows with a fixed name; besides them last_N_days is one (N from 1 to 9999). */
export const WINDOW_NAMES: readonly string[] = Object.keys(NAMED);

/** Whether a text names a window. */
export function isWindow(name: string): boolean {
  return Object.hasOwn(NAMED, name) || LAST_DAYS.test(name);
}

/** The local dates of a window seen from an instant; last_N_days are N dates with today as the last. Null for an unknown name. */
export function windowOf(name: string, ms: number, zone: string): DateWindow | null {
  const today = localDayOf(ms, zone);
  const days = LAST_DAYS.exec(name);
  if (days) return dates({ first: today - Number(days[1]) + 1, end: today + 1 });
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  return named ? dates(spanFrom(named.kind, named.back, today)) : null;
}

/** The window of the same length that ends where this one begins, for comparisons; null where none is meant (all_time, unknown). */
export function previousWindowOf(name: string, ms: number, zone: string): DateWindow | null {
  const today = localDayOf(ms, zone);
  const days = LAST_DAYS.exec(name);
  if (days) return dates({ first: today - 2 * Number(days[1]) + 1, end: today - Number(days[1]) + 1 });
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (!named || named.kind === 'all_time') return null;
  return dates(spanOf(named.kind, spanFrom(named.kind, named.back, today).first - 1));
}

function spanFrom(kind: PeriodKind, back: boolean, today: number): DaySpan {
  const current = spanOf(kind, today);
  return back ? spanOf(kind, current.first - 1) : current;
}

function dates(span: DaySpan): DateWindow {
  return { fromDate: formatDate(span.first), toDateExclusive: formatDate(span.end) };
}
