import { localDate } from '#libs/calendar';
import type { Activity } from './activity.js';
import { periodOfDay } from './periods.js';
import type { Chance } from './recipients.js';
import type { BudgetLimit, CapPeriod, Limit, RuleDefinition } from './rules.js';
import { budgetsOf, limitsOf, periodOfLimit } from './rules.js';
import { shortened } from './condition.js';

/** What a person has had from a rule in one period, of one object where a cap is counted per object. */
export interface Usage {
  rule: string;
  personId: string;
  per: CapPeriod;
  periodKey: string;
  /** Empty but for caps per object: how the object is named, and its id. */
  object: string;
  points: number;
  times: number;
}

/** What everybody together has had of a budget in one period. */
export interface BudgetUsage {
  /** The rule, or `PROGRAMME`. */
  budget: string;
  per: CapPeriod;
  periodKey: string;
  points: number;
}

/** The budget of the whole programme; no rule can be called so. */
export const PROGRAMME = '*';

export const usageKey = ({
  rule,
  personId,
  per,
  periodKey,
  object,
}: Omit<Usage, 'points' | 'times'>): string => `${rule}|${personId}|${per}|${periodKey}|${object}`;

export const budgetKey = ({ budget, per, periodKey }: Omit<BudgetUsage, 'points'>): string =>
  `${budget}|${per}|${periodKey}`;

/** The budgets over everything, and the zone their periods are counted in. */
export interface Budgeting {
  zone: string;
  budgets: readonly BudgetLimit[];
}

/** A budget as it stands in the programme, whichever period is counted. */
export type BudgetName = Pick<BudgetUsage, 'budget' | 'per'>;

/** Every budget of a programme: those of its rules and those over everything. */
export const budgetNames = (
  rules: readonly RuleDefinition[],
  budgets: readonly BudgetLimit[] = [],
): BudgetName[] => [
  ...rules.flatMap((rule) => budgetsOf(rule).map(({ per }) => ({ budget: rule.id, per }))),
  ...budgets.map(({ per }) => ({ budget: PROGRAMME, per })),
];

/** The usages `award` will ask for, at zero: the driver fetches what is stored of them. */
export function usagesNeeded(chances: readonly Chance[]): Map<string, Usage> {
  const needed = new Map<string, Usage>();
  for (const chance of chances)
    for (const limit of limitsOf(chance.rule)) {
      const usage = usageOf(limit, chance);
      needed.set(usageKey(usage), usage);
    }
  return needed;
}

/** The budgets `award` will ask for, at zero. */
export function budgetsNeeded(chances: readonly Chance[], budgeting: Budgeting): Map<string, BudgetUsage> {
  const needed = new Map<string, BudgetUsage>();
  for (const chance of chances)
    for (const { usage } of budgetsFor(chance, budgeting)) needed.set(budgetKey(usage), usage);
  return needed;
}

/** The budgets that bear on a chance, each with its empty usage. */
export function budgetsFor(
  { rule, activity }: Pick<Chance, 'rule' | 'activity'>,
  { zone, budgets }: Budgeting,
): { limit: BudgetLimit; usage: BudgetUsage }[] {
  const own = budgetsOf(rule);
  if (own.length === 0 && budgets.length === 0) return [];
  const day = localDate(activity.occurredAt, zone);
  const usage = (budget: string, limit: BudgetLimit): { limit: BudgetLimit; usage: BudgetUsage } => ({
    limit,
    usage: { budget, per: limit.per, periodKey: periodOfDay(limit.per, day).key, points: 0 },
  });
  return [...own.map((limit) => usage(rule.id, limit)), ...budgets.map((limit) => usage(PROGRAMME, limit))];
}

/** The empty usage of a cap that a chance falls in. */
export function usageOf(limit: Limit, { rule, activity, personId, day }: Chance): Usage {
  const per = periodOfLimit(limit);
  const { key: periodKey } = periodOfDay(per, day);
  return { rule: rule.id, personId, per, periodKey, object: objectOf(limit, activity), points: 0, times: 0 };
}

function objectOf({ per_object: of }: Limit, { objectId, data }: Activity): string {
  if (of === undefined) return '';
  const id = of === true ? objectId : data[of.slice('event.'.length)];
  const text = typeof id === 'string' || typeof id === 'number' ? shortened(String(id)) : '';
  return `${of === true ? 'object' : of}=${text}`;
}

/** What points that were given have used up of the caps of their rule: every period they touch, also where it is nothing. */
export function usagesGiven(given: readonly { chance: Chance; points: number }[]): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  for (const { chance, points } of given)
    for (const [key, empty] of usagesNeeded([chance])) {
      const usage = usages.get(key) ?? empty;
      usages.set(key, usage);
      usage.points += points;
      usage.times += points > 0 ? 1 : 0;
    }
  return usages;
}
