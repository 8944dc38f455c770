import { z } from 'zod';
import { criterionSchema, stepsOf } from './criterion.js';
import type { Criterion, Tier } from './criterion.js';
import { capPeriods } from './rules.js';

/** A badge: earned when its criterion holds, or given by a workflow when `when` is absent. */
export const badgeSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().min(1),
    description: z.string().min(1),
    when: criterionSchema.optional(),
    /** How often it may be brought: once in all, once in each such period, or for each object. */
    repeat: z.enum([...capPeriods, 'object']).default('all_time'),
    /** For how many months its credential is valid; without it there is no end to that. */
    valid_months: z.int().min(1).max(600).optional(),
  })
  .refine(({ when, repeat }) => repeat !== 'object' || when?.of !== undefined, {
    path: ['repeat'],
    message: '"object" needs a criterion with "of: object"',
  })
  .refine(({ when, repeat }) => !when?.badges || repeat === 'all_time', {
    path: ['repeat'],
    message: 'a set of badges is complete once',
  });
export const badgesSchema = z.array(badgeSchema);
export type Badge = z.infer<typeof badgeSchema>;

/** A threshold of a metric. */
export interface Condition {
  metric: string;
  reaches: number;
}

/** The thresholds a criterion asks for of one object, or of a person: all of them. */
export const conditionsOf = ({ metric, reaches, all }: Criterion): readonly Condition[] =>
  all ?? [{ metric: metric!, reaches: reaches! }];

/** A threshold of a metric of a person that somebody (a badge, a workflow) wants to hear of, once per person and period. */
export interface Watch extends Condition {
  per: (typeof capPeriods)[number];
}

/** A watch of a badge, and the tier it brings; null where the badge has none. */
export interface BadgeWatch extends Watch {
  tier: Tier | null;
}

/** The watches a badge needs, one for each tier; none when it asks something else than a metric of a person. */
export function watchesOfBadge({ when }: Badge): BadgeWatch[] {
  if (when?.metric === undefined || when.of) return [];
  const { metric, per = 'all_time' } = when;
  return stepsOf(when).map((step) => ({ metric, per, ...step }));
}

/** The thresholds the badges need. */
export const watchesOf = (badges: readonly Badge[]): Watch[] =>
  badges.flatMap(watchesOfBadge).map(({ metric, reaches, per }) => ({ metric, reaches, per }));
