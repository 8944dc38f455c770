import type { PeriodKind } from '#libs/calendar';
import type { Activity } from './activity.js';
import { inOrder } from './activity.js';
import { holds } from './condition.js';
import { periodOfDay } from './periods.js';
import type { Limit, Rule } from './rules.js';
import { limitsOf } from './rules.js';

/** Points given: one ledger entry. */
export interface Award {
  rule: string;
  version: number;
  activity: Activity;
  points: number;
  /** One sentence: why, and how the caps bore on it. */
  reason: string;
}

/** Points a rule would have given but for a cap. */
export interface Refusal {
  rule: string;
  version: number;
  activity: Activity;
  points: number;
  reason: string;
}

/** What a person has had from a rule in one period. */
export interface Usage {
  rule: string;
  personId: string;
  per: PeriodKind;
  periodKey: string;
  points: number;
  times: number;
}

export interface Outcome {
  awards: Award[];
  refusals: Refusal[];
  /** The usages that changed, with their new totals. */
  usages: Usage[];
}

export const usageKey = (usage: Pick<Usage, 'rule' | 'personId' | 'per' | 'periodKey'>): string =>
  `${usage.rule}|${usage.personId}|${usage.per}|${usage.periodKey}`;

/** The usages `award` will ask for, at zero: the driver fetches what is stored of them. */
export function usagesNeeded(activities: readonly Activity[], rules: readonly Rule[]): Map<string, Usage> {
  const needed = new Map<string, Usage>();
  for (const activity of activities) {
    for (const rule of matching(rules, activity)) {
      for (const limit of limitsOf(rule)) {
        const usage = usageOf(rule, limit, activity);
        needed.set(usageKey(usage), usage);
      }
    }
  }
  return needed;
}

/** What points that were given have used up of the caps of a rule: every period they touch, also where it is nothing. */
export function usagesGiven(
  rule: Rule,
  given: readonly { activity: Activity; points: number }[],
): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const { activity, points } of given) {
    for (const limit of limitsOf(rule)) {
      const usage = find(usages, usageOf(rule, limit, activity));
      usage.points += points;
      usage.times += points > 0 ? 1 : 0;
    }
  }
  return usages;
}

/** Applies the rules to a batch, earliest activity first; `stored` holds what `usagesNeeded` named. */
export function award(
  activities: readonly Activity[],
  rules: readonly Rule[],
  stored: ReadonlyMap<string, Usage>,
): Outcome {
  const outcome: Outcome = { awards: [], refusals: [], usages: [] };
  const usages = new Map([...stored].map(([key, usage]) => [key, { ...usage }]));
  for (const activity of [...activities].sort(inOrder)) {
    for (const rule of matching(rules, activity)) apply(rule, activity, usages, outcome);
  }
  outcome.usages = [...usages.values()].filter(
    (usage) => usage.times !== (stored.get(usageKey(usage))?.times ?? 0),
  );
  return outcome;
}

function matching(rules: readonly Rule[], activity: Activity): Rule[] {
  return rules.filter(
    (rule) => rule.when === activity.type && isValidOn(rule, activity.day) && holds(rule.if, activity),
  );
}

const isValidOn = (rule: Rule, day: string): boolean =>
  (rule.valid_from === undefined || rule.valid_from <= day) &&
  (rule.valid_to === undefined || day < rule.valid_to);

function apply(rule: Rule, activity: Activity, usages: Map<string, Usage>, outcome: Outcome): void {
  const caps = limitsOf(rule).map((limit) => ({
    limit,
    usage: find(usages, usageOf(rule, limit, activity)),
  }));
  const tightest = caps
    .map((cap) => ({ ...cap, room: roomIn(cap.limit, cap.usage, rule.award) }))
    .reduce<{ limit: Limit; room: number } | null>(
      (least, cap) => (least && least.room <= cap.room ? least : cap),
      null,
    );
  const points = Math.min(rule.award, tightest?.room ?? rule.award);
  const base = { rule: rule.id, version: rule.version, activity };
  if (points > 0) outcome.awards.push({ ...base, points, reason: because(rule, points) });
  if (points < rule.award) {
    outcome.refusals.push({
      ...base,
      points: rule.award - points,
      reason: capReached(rule, tightest!.limit),
    });
  }
  if (points === 0) return;
  for (const { usage } of caps) {
    usage.points += points;
    usage.times += 1;
  }
}

/** How many of the rule's points still fit under a cap. */
function roomIn(limit: Limit, usage: Usage, wanted: number): number {
  if (limit.times !== undefined && usage.times >= limit.times) return 0;
  return limit.points === undefined ? wanted : Math.max(0, limit.points - usage.points);
}

function usageOf(rule: Rule, limit: Limit, { personId, day }: Activity): Usage {
  return {
    rule: rule.id,
    personId,
    per: limit.per,
    periodKey: periodOfDay(limit.per, day).key,
    points: 0,
    times: 0,
  };
}

function find(usages: Map<string, Usage>, wanted: Usage): Usage {
  const key = usageKey(wanted);
  const known = usages.get(key);
  if (!known) usages.set(key, wanted);
  return known ?? wanted;
}

const because = (rule: Rule, points: number): string =>
  points === rule.award
    ? `${rule.name}: ${points} points.`
    : `${rule.name}: ${points} of ${rule.award} points, as a cap left no more room.`;

function capReached(rule: Rule, limit: Limit): string {
  const most = limit.points === undefined ? `${limit.times} times` : `${limit.points} points`;
  const period = limit.per === 'all_time' ? 'in all' : `a ${limit.per}`;
  return `The cap of "${rule.name}" is reached: at most ${most} ${period}.`;
}
