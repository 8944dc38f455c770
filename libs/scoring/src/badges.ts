import { z } from 'zod';
import { capPeriods } from './rules.js';

const condition = { metric: z.string(), reaches: z.number().positive() };

/** When a badge is earned: a metric of the person reaches a value in a period, or metrics of one object (a post, a link) do. */
export const criterionSchema = z
  .strictObject({
    metric: z.string().optional(),
    reaches: z.number().positive().optional(),
    per: z.enum(capPeriods).optional(),
    all: z.array(z.strictObject(condition)).min(2).optional(),
    of: z
      .string()
      .regex(
        /^(object|event\.[a-zA-Z]\w*)$/,
        'is neither "object" nor a field of the event such as event.postId',
      )
      .optional(),
  })
  .superRefine(({ metric, reaches, all, of, per }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    if (all ? metric !== undefined || reaches !== undefined : metric === undefined || reaches === undefined)
      refuse('say either "metric" with "reaches", or "all" with a list of them');
    if (all && !of) refuse('"all" asks several things of one object; add "of: object"');
    if (of && per) refuse('an object is counted over all time; leave out "per"');
  });
export type Criterion = z.infer<typeof criterionSchema>;

/** A badge: earned when its criterion holds, or given by a workflow when `when` is absent. */
export const badgeSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower case and hyphens'),
    name: z.string().min(1),
    description: z.string().min(1),
    when: criterionSchema.optional(),
    /** How often a workflow or an object may bring it: once in all, once in each such period, or for each object. */
    repeat: z.enum([...capPeriods, 'object']).default('all_time'),
  })
  .refine(({ when, repeat }) => repeat !== 'object' || when?.of !== undefined, {
    path: ['repeat'],
    message: '"object" needs a criterion with "of: object"',
  });
export const badgesSchema = z.array(badgeSchema);
export type Badge = z.infer<typeof badgeSchema>;

/** A threshold of a metric. */
export interface Condition {
  metric: string;
  reaches: number;
}

/** The thresholds a criterion asks for, all of them. */
export const conditionsOf = ({ metric, reaches, all }: Criterion): readonly Condition[] =>
  all ?? [{ metric: metric!, reaches: reaches! }];

/** A threshold of a metric of a person that somebody (a badge, a workflow) wants to hear of, once per person and period. */
export interface Watch extends Condition {
  per: (typeof capPeriods)[number];
}

/** The watch a badge needs; null when it asks something of objects, or nothing. */
export function watchOf({ when }: Badge): Watch | null {
  if (!when || when.of) return null;
  return { ...conditionsOf(when)[0]!, per: when.per ?? 'all_time' };
}

/** The thresholds the badges need. */
export const watchesOf = (badges: readonly Badge[]): Watch[] =>
  badges.flatMap((badge) => watchOf(badge) ?? []);
