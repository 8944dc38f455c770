import { z } from 'zod';
import { capPeriods } from './rules.js';

/** A badge: earned when a metric reaches a value within a period, or given by a workflow when `when` is absent. */
export const badgeSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
  name: z.string().min(1),
  description: z.string().min(1),
  when: z
    .strictObject({
      metric: z.string(),
      reaches: z.number().positive(),
      per: z.enum(capPeriods).default('all_time'),
    })
    .optional(),
  /** How often a workflow may give it: once in all, or once in each such period. */
  repeat: z.enum(capPeriods).default('all_time'),
});
export const badgesSchema = z.array(badgeSchema);
export type Badge = z.infer<typeof badgeSchema>;

/** A threshold of a metric that somebody (a badge, a workflow) wants to hear of, once per person and period. */
export interface Watch {
  metric: string;
  reaches: number;
  per: (typeof capPeriods)[number];
}

/** The thresholds the badges need. */
export const watchesOf = (badges: readonly Badge[]): Watch[] =>
  badges.flatMap((badge) => (badge.when ? [badge.when] : []));
