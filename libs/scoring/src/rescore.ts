import type { Activity } from './activity.js';
import { award, usageKey, usagesGiven } from './award.js';
import type { Usage } from './award.js';
import { periodOfDay } from './periods.js';
import { limitsOf } from './rules.js';
import type { Rule } from './rules.js';

/** An activity and what a rule has given for it so far, adjustments included. */
export interface Scored {
  activity: Activity;
  given: number;
  /** Held back or taken back by somebody: that decision stands. */
  isSettled: boolean;
}

/** By how much what was given differs from what the rule gives now. */
export interface Adjustment {
  activity: Activity;
  points: number;
  reason: string;
}

export interface Rescoring {
  adjustments: Adjustment[];
  /** What the caps stand at afterwards, of every period touched. */
  usages: Usage[];
}

/** The first day whose activities bear on the caps of a day: `history` must reach back to it. */
export const rescoringNeeds = (rule: Rule, since: string): string =>
  limitsOf(rule).reduce((first, { per }) => {
    const { from } = periodOfDay(per, since);
    return from < first ? from : first;
  }, since);

/** Gives the points of a rule anew from a local day on. Doing so twice adjusts nothing the second time. */
export function rescore(rule: Rule, history: readonly Scored[], since: string): Rescoring {
  const open = history.filter(({ activity }) => activity.day >= since);
  const before = usagesGiven(
    rule,
    history.map(({ activity, given }) => ({ activity, points: activity.day < since ? given : 0 })),
  );
  const outcome = award(
    open.map(({ activity }) => activity),
    [rule],
    before,
  );
  const now = new Map(outcome.awards.map(({ activity, points }) => [activity.id, points]));
  const adjustments = open.flatMap(({ activity, given, isSettled }) => {
    const points = (now.get(activity.id) ?? 0) - given;
    return points === 0 || isSettled ? [] : [{ activity, points, reason: reasonOf(rule, given, points) }];
  });
  const usages = new Map([...before, ...outcome.usages.map((usage) => [usageKey(usage), usage] as const)]);
  return { adjustments, usages: [...usages.values()] };
}

const reasonOf = (rule: Rule, given: number, points: number): string =>
  `${rule.name}, version ${rule.version}, counted backwards: ${given + points} points instead of ${given}.`;
