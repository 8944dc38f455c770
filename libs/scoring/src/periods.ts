import { localDate, localToInstant, periodOf } from '#libs/calendar';
import type { PeriodKind } from '#libs/calendar';

/** A period as local dates, the end exclusive. */
export interface DayPeriod {
  key: string;
  from: string;
  to: string;
}

const known = new Map<string, DayPeriod>();

/** The period that holds a local date. Dates have no zone, so any one zone gives the same answer. */
export function periodOfDay(kind: PeriodKind, day: string): DayPeriod {
  const key = `${kind}|${day}`;
  let period = known.get(key);
  if (!period) {
    if (known.size > 10_000) known.clear();
    known.set(key, (period = compute(kind, day)));
  }
  return period;
}

function compute(kind: PeriodKind, day: string): DayPeriod {
  const { key, start, end } = periodOf(kind, localToInstant(day, '12:00', 'UTC'), 'UTC');
  return { key, from: localDate(start, 'UTC'), to: localDate(end, 'UTC') };
}
