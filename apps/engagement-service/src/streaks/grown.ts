import { periodOfDay, stepsOf } from '#libs/scoring';
import type { Badge, StreakRun } from '#libs/scoring';
import type { BadgeGrant } from '../badges/grants.js';
import type { KeptRun } from './streaks.query.js';

/** A run that has become longer than any it was made of. */
export interface GrownRun extends KeptRun {
  /** How long the longest of those was; 0 where there was none. */
  before: number;
}

/** How long the longest of some runs is that share a day with another; 0 where none does. */
export const longestAround = (runs: readonly StreakRun[], { from, to }: StreakRun): number =>
  Math.max(0, ...runs.filter((run) => run.from <= to && run.to >= from).map(({ length }) => length));

/** Which runs of a person have grown from how they were to how they are. */
export function grownRuns(before: readonly KeptRun[], after: readonly KeptRun[]): GrownRun[] {
  return after.flatMap((run) => {
    const longest = longestAround(
      before.filter(({ streak }) => streak === run.streak),
      run,
    );
    return longest < run.length ? [{ ...run, before: longest }] : [];
  });
}

/** When a run was so long: the unit that did it, and the instant. */
export interface Reached {
  unit: string;
  at: Date;
}

/**
 * What badges a run brings by having grown, each as of when it was that long (not where nobody knows): what the longest part it was
 * joined of has brought has been told already.
 */
export function grantsOfGrown(
  badges: readonly Badge[],
  { personId, streak, before, length }: Omit<GrownRun, 'from' | 'to'>,
  reachedAt: (reaches: number) => Reached | null,
): BadgeGrant[] {
  return badges.flatMap(({ id: badge, when, repeat }) => {
    if (when?.streak !== streak || repeat === 'object') return [];
    const passed = stepsOf(when).filter(({ reaches }) => before < reaches && reaches <= length);
    return passed.flatMap(({ tier, reaches }) => {
      const reached = reachedAt(reaches);
      if (!reached) return [];
      const cause = `streak ${streak} reached ${reaches}`;
      const periodKey = periodOfDay(repeat, reached.unit).key;
      return [{ badge, personId, periodKey, tier, cause, earnedAt: reached.at }];
    });
  });
}
