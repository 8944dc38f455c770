import { z } from 'zod';
import { conditionSchema } from './condition.js';

/** The stretches a cap can be counted over, in the person's own zone. */
export const capPeriods = ['day', 'week', 'month', 'quarter', 'all_time'] as const;
export type CapPeriod = (typeof capPeriods)[number];

/** More than anybody gives at once, and small enough for the sums of a person. */
const MOST_AWARDED = 1_000_000;
/** Far from where an integer of the database ends. */
export const MOST_POINTS = 1_000_000_000;
const mostOf = z.int().positive().max(MOST_POINTS);

const eventField = z.string().regex(/^event\.[a-zA-Z]\w*$/, 'is no field of the event such as event.postId');

/** At most so many points, or so many times, per person and period; with `per_object` for each object (or what a field names) apart. */
export const limitSchema = z
  .strictObject({
    per: z.enum(capPeriods).optional(),
    points: mostOf.optional(),
    times: mostOf.optional(),
    per_object: z.union([z.literal(true), eventField]).optional(),
  })
  .refine((limit) => limit.points !== undefined || limit.times !== undefined, 'say a limit: points or times')
  .refine(
    (limit) => limit.per !== undefined || limit.per_object !== undefined,
    'say what it is counted per: "per" with a period, or "per_object: true"',
  );

/** At most so many points in a period of the programme's zone, over everybody. */
export const budgetSchema = z.strictObject({ per: z.enum(capPeriods), points: z.int().positive() });

/**
 * Who gets the points: who did it (`actor`), whose post it is about (`author`), every active member of the actor's team (`team`), or the
 * person a field of the event names. Whoever did it gets nothing where somebody else is meant.
 */
export const recipientSchema = z
  .string()
  .regex(
    /^(actor|author|team|event\.[a-zA-Z]\w*)$/,
    'is neither actor, author, team nor a field of the event such as event.toPersonId',
  );

/** When something happens (and a condition holds), somebody gets points, up to the caps and budgets. */
export const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  when: z.string(),
  if: conditionSchema.optional(),
  award: z.int().positive().max(MOST_AWARDED),
  to: recipientSchema.optional(),
  limit: z.union([limitSchema, z.array(limitSchema)]).optional(),
  budget: z.union([budgetSchema, z.array(budgetSchema)]).optional(),
  valid_from: z.iso.date().optional(),
  valid_to: z.iso.date().optional(),
});
export const rulesSchema = z.array(ruleSchema);
export type Limit = z.infer<typeof limitSchema>;
export type BudgetLimit = z.infer<typeof budgetSchema>;
export type RuleDefinition = z.infer<typeof ruleSchema>;
/** A rule as it stands in one version; versions start at 1 and never change. */
export type Rule = RuleDefinition & { version: number };

const listOf = <T>(one: T | T[] | undefined): readonly T[] =>
  one === undefined ? [] : Array.isArray(one) ? one : [one];

/** The caps of a rule as a list. */
export const limitsOf = (rule: RuleDefinition): readonly Limit[] => listOf(rule.limit);

/** The budgets of a rule as a list. */
export const budgetsOf = (rule: RuleDefinition): readonly BudgetLimit[] => listOf(rule.budget);

/** The period a cap is counted over. */
export const periodOfLimit = (limit: Limit): CapPeriod => limit.per ?? 'all_time';
