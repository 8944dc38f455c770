import { localToInstant, plusDays } from '#libs/calendar';
import type { WorkCalendar } from '#libs/calendar';
import { carriesOn, counts, unitOf } from '#libs/scoring';
import type { Streak, StreakRun } from '#libs/scoring';

/** What a metric of a person came to on a local day. */
export interface DaySum {
  personId: string;
  day: string;
  value: number;
}

/** A unit that carries a streak on, and the day on which it did. */
export interface CarryingUnit {
  unit: string;
  day: string;
}

/** By person the units that carry the streak on, ascending; `days` are ascending by person. */
export function unitsOf(streak: Streak, days: readonly DaySum[]): Map<string, CarryingUnit[]> {
  const people = new Map<string, Map<string, { sum: number; day: string | null }>>();
  for (const { personId, day, value } of days) {
    const own = people.get(personId) ?? new Map<string, { sum: number; day: string | null }>();
    people.set(personId, own);
    const unit = unitOf(streak.every, day).from;
    const known = own.get(unit) ?? { sum: 0, day: null };
    const sum = known.sum + value;
    // What is lost again later that week does not carry on, as the last sum decides.
    own.set(unit, { sum, day: carriesOn(streak, sum) ? (known.day ?? day) : null });
  }
  return new Map([...people].map(([personId, own]) => [personId, carrying(own)]));
}

const carrying = (units: ReadonlyMap<string, { day: string | null }>): CarryingUnit[] =>
  [...units].flatMap(([unit, { day }]) => (day === null ? [] : [{ unit, day }]));

/** The unit of a run that was the so-many-th of it; null where it is not that long. */
export function nthOf(
  { every }: Streak,
  { from, to }: StreakRun,
  units: readonly CarryingUnit[],
  { reaches, calendar }: { reaches: number; calendar: WorkCalendar },
): CarryingUnit | null {
  const own = units.filter(({ unit }) => unit >= from && unit <= to && counts(every, unit, calendar));
  return own[Math.ceil(reaches) - 1] ?? null;
}

/** The last second of a local day, or now where it is not over. */
export const endOf = (day: string, zone: string, now: Date): Date =>
  new Date(Math.min(localToInstant(plusDays(day, 1), '00:00', zone) - 1000, now.getTime()));
