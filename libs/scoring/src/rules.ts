import { z } from 'zod';
import { conditionSchema } from './condition.js';

/** The stretches a cap can be counted over, in the person's own zone. */
export const capPeriods = ['day', 'week', 'month', 'quarter', 'all_time'] as const;

/** At most so many points, or so many times, per person and period. */
export const limitSchema = z
  .strictObject({
    per: z.enum(capPeriods),
    points: z.int().positive().optional(),
    times: z.int().positive().optional(),
  })
  .refine((limit) => limit.points !== undefined || limit.times !== undefined, 'say a limit: points or times');

/** When something happens (and a condition holds), the person who did it gets points, up to the caps. */
export const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  when: z.string(),
  if: conditionSchema.optional(),
  award: z.int().positive(),
  limit: z.union([limitSchema, z.array(limitSchema)]).optional(),
  valid_from: z.iso.date().optional(),
  valid_to: z.iso.date().optional(),
});
export const rulesSchema = z.array(ruleSchema);
export type Limit = z.infer<typeof limitSchema>;
export type RuleDefinition = z.infer<typeof ruleSchema>;
/** A rule as it stands in one version; versions start at 1 and never change. */
export type Rule = RuleDefinition & { version: number };

/** The caps of a rule as a list. */
export const limitsOf = (rule: RuleDefinition): readonly Limit[] =>
  rule.limit === undefined ? [] : Array.isArray(rule.limit) ? rule.limit : [rule.limit];
