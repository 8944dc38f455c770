import { z } from 'zod';
import type { Activity } from './activity.js';
import { inOrder } from './activity.js';
import { conditionSchema, holds, numberOf, numberSchema } from './condition.js';
import type { Rates } from './earned-media-value.js';
import { valueOf } from './earned-media-value.js';

const named = { name: z.string().min(1) };

/** A named counter over activities: a count, a sum, or the programme's earned media value. */
export const metricSchema = z.union([
  z.strictObject({ ...named, count: z.string(), if: conditionSchema.optional() }),
  z.strictObject({ ...named, sum: z.string(), of: numberSchema, if: conditionSchema.optional() }),
  z.strictObject({ ...named, earned_media_value: z.literal(true) }),
]);
export const metricsSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'use lower case and underscores'),
  metricSchema,
);
export type Metric = z.infer<typeof metricSchema>;
export type Metrics = z.infer<typeof metricsSchema>;

/** What one activity adds to one metric. */
export interface Contribution {
  metric: string;
  activity: Activity;
  value: number;
}

/** What each activity adds, earliest first, so that the moment a sum passes a threshold does not hang on how a batch was put together. */
export function contributionsOf(
  activities: readonly Activity[],
  metrics: Metrics,
  rates: Rates,
): Contribution[] {
  const definitions = Object.entries(metrics);
  return [...activities]
    .sort(inOrder)
    .flatMap((activity) =>
      definitions.map(([metric, definition]) => ({
        metric,
        activity,
        value: valueFor(definition, activity, rates),
      })),
    )
    .filter(({ value }) => value !== 0);
}

/** What a batch adds to one metric of one person on one local day. */
export interface Increment {
  metric: string;
  personId: string;
  day: string;
  value: number;
}

/** Sums contributions into increments, at most one per (metric, person, day); zero increments are left out. */
export function increments(contributions: readonly Contribution[]): Increment[] {
  const sums = new Map<string, Increment>();
  for (const { metric, activity, value } of contributions) {
    const { personId, day } = activity;
    const key = `${metric}|${personId}|${day}`;
    const sum = sums.get(key);
    if (sum) sum.value += value;
    else sums.set(key, { metric, personId, day, value });
  }
  return [...sums.values()].filter(({ value }) => value !== 0);
}

function valueFor(metric: Metric, activity: Activity, rates: Rates): number {
  if ('earned_media_value' in metric) return valueOf(activity, rates);
  if ('count' in metric) return metric.count === activity.type && holds(metric.if, activity) ? 1 : 0;
  return metric.sum === activity.type && holds(metric.if, activity) ? numberOf(metric.of, activity) : 0;
}
