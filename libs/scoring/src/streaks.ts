import { isWorkingDay, nextWorkingDay, plusDays } from '#libs/calendar';
import type { WorkCalendar } from '#libs/calendar';
import { z } from 'zod';
import { periodOfDay } from './periods.js';

/** A streak: working days, or weeks, in a row in which a metric of the person is more than nothing, or at least so much. */
export const streakSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  metric: z.string(),
  every: z.enum(['day', 'week']),
  at_least: z.number().positive().optional(),
});
export const streaksSchema = z.array(streakSchema);
export type Streak = z.infer<typeof streakSchema>;
type Every = Streak['every'];

/** Days or weeks in a row: the first and the last of them (a week by its Monday), and how many count. */
export interface StreakRun {
  from: string;
  to: string;
  length: number;
}

/** How a streak stands on a day. */
export interface StreakStanding {
  current: number;
  longest: number;
  /** When the current one began and was last carried on; null when it is broken. */
  from: string | null;
  to: string | null;
  /** `done` for this day or week, still `open`, or `off` (nothing is asked). */
  now: 'done' | 'open' | 'off';
}

/** Whether a day's or week's sum carries the streak on. */
export const carriesOn = ({ at_least }: Streak, value: number): boolean =>
  at_least === undefined ? value > 0 : value >= at_least;

/** The local days of a unit: a day, or the week that holds it; the end exclusive. */
export const unitOf = (every: Every, day: string): { from: string; to: string } => periodOfDay(every, day);

/** Whether a unit counts: a working day, or a week with one. On days off nothing is asked and nothing gained. */
export const counts = (every: Every, unit: string, calendar: WorkCalendar): boolean =>
  every === 'day' ? isWorkingDay(unit, calendar) : firstFrom('week', unit, calendar) === unit;

const firstFrom = (every: Every, day: string, calendar: WorkCalendar): string =>
  unitOf(every, nextWorkingDay(plusDays(day, -1), calendar)).from;

/** The unit in which a run must go on. */
const nextOf = (every: Every, unit: string, calendar: WorkCalendar): string =>
  firstFrom(every, unitOf(every, unit).to, calendar);

/** The runs of the units that carry a streak on, ascending. */
export function runsOf(every: Every, units: readonly string[], calendar: WorkCalendar): StreakRun[] {
  const runs: StreakRun[] = [];
  for (const unit of units) {
    if (!counts(every, unit, calendar)) continue;
    const last = runs.at(-1);
    if (last && nextOf(every, last.to, calendar) >= unit)
      runs[runs.length - 1] = { ...last, to: unit, length: last.length + 1 };
    else runs.push({ from: unit, to: unit, length: 1 });
  }
  return runs;
}

/**
 * Runs with one unit more, in whatever order units become known: a late one may join two. Only the neighbours of the unit need be given;
 * a unit within a run, or on days off, changes nothing.
 */
export function withUnit(
  every: Every,
  runs: readonly StreakRun[],
  unit: string,
  calendar: WorkCalendar,
): StreakRun[] {
  const within = runs.some(({ from, to }) => from <= unit && unit <= to);
  if (within || !counts(every, unit, calendar)) return [...runs];
  const before = runs.filter(({ to }) => to < unit);
  const after = runs.filter(({ from }) => from > unit);
  const joined = { from: unit, to: unit, length: 1 };
  const previous = before.at(-1);
  if (previous && nextOf(every, previous.to, calendar) >= unit) {
    before.pop();
    Object.assign(joined, { from: previous.from, length: joined.length + previous.length });
  }
  const [next] = after;
  if (next && nextOf(every, unit, calendar) >= next.from) {
    after.shift();
    Object.assign(joined, { to: next.to, length: joined.length + next.length });
  }
  return [...before, joined, ...after];
}

/** How a person's runs, ascending, stand on a local day: a unit that is not over yet breaks nothing. */
export function standingOf(
  every: Every,
  runs: readonly StreakRun[],
  today: string,
  calendar: WorkCalendar,
): StreakStanding {
  const unit = unitOf(every, today).from;
  const last = runs.at(-1);
  const isAlive = last !== undefined && nextOf(every, last.to, calendar) >= unit;
  const longest = Math.max(0, ...runs.map(({ length }) => length));
  const now = last?.to === unit ? 'done' : counts(every, unit, calendar) ? 'open' : 'off';
  return isAlive
    ? { current: last.length, longest, from: last.from, to: last.to, now }
    : { current: 0, longest, from: null, to: null, now };
}

/**
 * The days that have to be excused for a broken streak to hold: those since its last unit, or, when a new one has begun, those between the
 * two. Null when nothing is broken.
 */
export function gapOf(
  every: Every,
  runs: readonly StreakRun[],
  today: string,
  calendar: WorkCalendar,
): { from: string; to: string } | null {
  const unit = unitOf(every, today).from;
  const last = runs.at(-1);
  if (!last) return null;
  const { to: after } = unitOf(every, last.to);
  if (nextOf(every, last.to, calendar) < unit) return { from: after, to: plusDays(unit, -1) };
  const previous = runs.at(-2);
  return previous ? { from: unitOf(every, previous.to).to, to: plusDays(last.from, -1) } : null;
}
