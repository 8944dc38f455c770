import { award } from './award.js';
import { periodOfDay } from './periods.js';
import { isValidOn } from './recipients.js';
import type { Chance } from './recipients.js';
import { limitsOf, periodOfLimit } from './rules.js';
import type { Rule } from './rules.js';
import { usageKey, usagesGiven } from './usage.js';
import type { Usage } from './usage.js';
import { holds } from './condition.js';

/** Somebody whom a rule means by an activity, and what the rule has given for it so far, adjustments included. */
export interface Scored extends Omit<Chance, 'rule' | 'nobody'> {
  given: number;
  /** Held back or taken back by somebody: that decision stands. */
  isSettled: boolean;
  /** The rule means this person no more (another recipient, another team): what it gave goes. */
  isMeant: boolean;
}

/** By how much what was given differs from what the rule gives now. */
export interface Adjustment extends Omit<Chance, 'rule' | 'nobody'> {
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
  limitsOf(rule).reduce((first, limit) => {
    const { from } = periodOfDay(periodOfLimit(limit), since);
    return from < first ? from : first;
  }, since);

/**
 * Gives the points of a rule anew from a local day on, to an instant (epoch ms, exclusive) from which another version judges. Doing so
 * twice adjusts nothing the second time. Budgets do not bear on it: whoever orders it has seen the total.
 */
export function rescore(
  rule: Rule,
  history: readonly Scored[],
  since: string,
  until: number = Infinity,
): Rescoring {
  const open = history.filter(({ day, activity }) => day >= since && activity.occurredAt < until);
  const before = usagesGiven(
    history.map((item) => ({ chance: { ...item, rule }, points: item.day < since ? item.given : 0 })),
  );
  const fitting = open.filter(
    ({ activity, isMeant }) =>
      isMeant && activity.type === rule.when && isValidOn(rule, activity.day) && holds(rule.if, activity),
  );
  const unbudgeted = { ...rule, budget: undefined };
  const outcome = award(
    fitting.map(({ activity, personId, day }) => ({ activity, personId, day, rule: unbudgeted })),
    { usages: before, budgets: new Map() },
  );
  const now = new Map(outcome.awards.map((item) => [keyOf(item), item.points]));
  const adjustments = open.flatMap((item) => {
    const { activity, personId, day, given, isSettled } = item;
    const points = (now.get(keyOf(item)) ?? 0) - given;
    if (points === 0 || isSettled) return [];
    return [{ activity, personId, day, points, reason: reasonOf(rule, given, points) }];
  });
  const usages = new Map([...before, ...outcome.usages.map((usage) => [usageKey(usage), usage] as const)]);
  // What another version gave counts towards the caps only now: it came later.
  const later = usagesGiven(
    history
      .filter(({ day, activity }) => day >= since && activity.occurredAt >= until)
      .map((item) => ({ chance: { ...item, rule }, points: item.given })),
  );
  return { adjustments, usages: [...usages].map(([key, usage]) => plus(usage, later.get(key))) };
}

const plus = (usage: Usage, more: Usage | undefined): Usage =>
  more ? { ...usage, points: usage.points + more.points, times: usage.times + more.times } : usage;

const keyOf = ({ activity, personId }: Pick<Chance, 'activity' | 'personId'>): string =>
  `${activity.id}|${personId}`;

const reasonOf = (rule: Rule, given: number, points: number): string =>
  `${rule.name}, version ${rule.version}, counted backwards: ${given + points} points instead of ${given}.`;
