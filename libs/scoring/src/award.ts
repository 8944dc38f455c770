import type { Activity } from './activity.js';
import { inOrder } from './activity.js';
import type { Chance } from './recipients.js';
import type { BudgetLimit, Limit, Rule } from './rules.js';
import { limitsOf, periodOfLimit } from './rules.js';
import { PROGRAMME, budgetKey, budgetsFor, usageKey, usageOf } from './usage.js';
import type { BudgetUsage, Budgeting, Usage } from './usage.js';

/** Points given: one ledger entry. */
export interface Award {
  rule: string;
  version: number;
  activity: Activity;
  personId: string;
  points: number;
  /** One sentence: why, and how the caps bore on it. */
  reason: string;
}

/** What kept points back, with how full it was at that moment. */
export type Cause =
  | { kind: 'cap'; limit: Limit; periodKey: string; used: { points: number; times: number } }
  | { kind: 'budget'; budget: string; limit: BudgetLimit; periodKey: string; used: { points: number } };

/** Points a rule would have given but for a cap or a budget. */
export interface Refusal extends Award {
  cause: Cause;
}

export interface Outcome {
  awards: Award[];
  refusals: Refusal[];
  /** The usages that changed, with their new totals. */
  usages: Usage[];
  budgets: BudgetUsage[];
}

/** What is stored of the usages that `usagesNeeded` and `budgetsNeeded` named. */
export interface Stored {
  usages: ReadonlyMap<string, Usage>;
  budgets: ReadonlyMap<string, BudgetUsage>;
}

interface Course extends Outcome {
  used: Map<string, Usage>;
  spent: Map<string, BudgetUsage>;
}

const NO_BUDGETS: Budgeting = { zone: 'UTC', budgets: [] };

/** Gives points for a batch, earliest activity first. */
export function award(
  chances: readonly Chance[],
  stored: Stored,
  budgeting: Budgeting = NO_BUDGETS,
): Outcome {
  const course: Course = {
    awards: [],
    refusals: [],
    usages: [],
    budgets: [],
    used: copyOf(stored.usages),
    spent: copyOf(stored.budgets),
  };
  const ordered = [...chances].sort((a, b) => inOrder(a.activity, b.activity) || byPerson(a, b));
  for (const chance of ordered) give(chance, course, budgeting);
  const { awards, refusals, used, spent } = course;
  const usages = changed(used, stored.usages);
  return { awards, refusals, usages, budgets: changed(spent, stored.budgets) };
}

const byPerson = (a: Chance, b: Chance): number =>
  a.personId < b.personId ? -1 : a.personId > b.personId ? 1 : 0;

const copyOf = <T extends object>(map: ReadonlyMap<string, T>): Map<string, T> =>
  new Map([...map].map(([key, value]) => [key, { ...value }]));

const changed = <T extends { points: number }>(now: Map<string, T>, before: ReadonlyMap<string, T>): T[] =>
  [...now].flatMap(([key, value]) => (value.points === (before.get(key)?.points ?? 0) ? [] : [value]));

/** Something that leaves room for some points, and counts them. */
interface Bound {
  room: number;
  cause: Cause;
  reason: string;
  usage: { points: number; times?: number };
}

function give(chance: Chance, course: Course, budgeting: Budgeting): void {
  const { rule, activity, personId, nobody } = chance;
  const base = { rule: rule.id, version: rule.version, activity, personId };
  // Most posts have no author among the people: that nobody is meant is told when somebody asks, not noted for each share.
  if (nobody !== undefined) return;
  const bounds = [...capsOf(chance, course), ...budgetBounds(chance, course, budgeting)];
  const tightest = bounds.reduce<Bound | null>(
    (least, b) => (least && least.room <= b.room ? least : b),
    null,
  );
  const points = Math.min(rule.award, tightest?.room ?? rule.award);
  if (points > 0) course.awards.push({ ...base, points, reason: because(rule, points) });
  if (points < rule.award) {
    const { cause, reason } = tightest!;
    course.refusals.push({ ...base, points: rule.award - points, reason, cause });
  }
  // Two caps over the same period share their usage.
  if (points > 0) for (const usage of new Set(bounds.map((bound) => bound.usage))) count(usage, points);
}

function count(usage: Bound['usage'], points: number): void {
  usage.points += points;
  if (usage.times !== undefined) usage.times += 1;
}

const capsOf = (chance: Chance, { used }: Course): Bound[] =>
  limitsOf(chance.rule).map((limit) => {
    const usage = found(used, usageKey, usageOf(limit, chance));
    const { periodKey, points, times } = usage;
    return {
      usage,
      room: roomIn(limit, usage, chance.rule.award),
      cause: { kind: 'cap', limit, periodKey, used: { points, times } },
      reason: capReached(chance.rule, limit),
    };
  });

const budgetBounds = (chance: Chance, { spent }: Course, budgeting: Budgeting): Bound[] =>
  budgetsFor(chance, budgeting).map(({ limit, usage: empty }) => {
    const usage = found(spent, budgetKey, empty);
    const { budget, periodKey, points } = usage;
    return {
      usage,
      room: Math.max(0, limit.points - points),
      cause: { kind: 'budget', budget, limit, periodKey, used: { points } },
      reason: budgetUsedUp(chance.rule, usage, limit),
    };
  });

function found<T extends object>(all: Map<string, T>, keyOf: (item: T) => string, empty: T): T {
  const key = keyOf(empty);
  const known = all.get(key);
  if (!known) all.set(key, empty);
  return known ?? empty;
}

/** How many of the rule's points still fit under a cap. */
function roomIn(limit: Limit, usage: Usage, wanted: number): number {
  if (limit.times !== undefined && usage.times >= limit.times) return 0;
  return limit.points === undefined ? wanted : Math.max(0, limit.points - usage.points);
}

const because = (rule: Rule, points: number): string =>
  points === rule.award
    ? `${rule.name}: ${points} points.`
    : `${rule.name}: ${points} of ${rule.award} points, as a cap left no more room.`;

function capReached(rule: Rule, limit: Limit): string {
  const most = limit.points === undefined ? `${limit.times} times` : `${limit.points} points`;
  const per = periodOfLimit(limit);
  const period = per === 'all_time' ? 'in all' : `a ${per}`;
  const object = limit.per_object === undefined ? '' : ' for one object';
  return `The cap of "${rule.name}" is reached: at most ${most}${object} ${period}.`;
}

const budgetUsedUp = (rule: Rule, { budget, periodKey }: BudgetUsage, { points }: BudgetLimit): string =>
  `The budget of ${budget === PROGRAMME ? 'the programme' : `"${rule.name}"`} for ${periodName(periodKey)} is used up: ${points} points.`;

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** A period as HR calls it: March 2026 for 2026-03; the key where there is no better word. */
function periodName(key: string): string {
  const [year, month] = /^(\d{4})-(\d{2})$/.exec(key)?.slice(1) ?? [];
  return month === undefined ? (key === 'all' ? 'all time' : key) : `${MONTHS[Number(month) - 1]} ${year}`;
}
