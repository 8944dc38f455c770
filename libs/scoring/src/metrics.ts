import { z } from 'zod';
import type { Activity } from './activity.js';
import { inOrder } from './activity.js';
import { conditionSchema, elementOf, elementSchema, holds, numberOf, numberSchema } from './condition.js';
import type { Rates } from './earned-media-value.js';
import { valueOf } from './earned-media-value.js';

const named = { name: z.string().min(1) };

/** A named counter over activities: a count, a sum, how many different things, or the programme's earned media value. */
export const metricSchema = z.union([
  z.strictObject({ ...named, count: z.string(), if: conditionSchema.optional() }),
  z.strictObject({ ...named, sum: z.string(), of: numberSchema, if: conditionSchema.optional() }),
  z.strictObject({ ...named, distinct: z.string(), of: elementSchema, if: conditionSchema.optional() }),
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
  /** Of a distinct metric: 1, if the element is a new one where it is counted. */
  value: number;
  /** Of a distinct metric: what is counted once. */
  element?: string;
}

/** The activity type a metric listens to; null for the earned media value, which listens to clicks and measured shares. */
export const typeOfMetric = (metric: Metric): string | null =>
  'count' in metric
    ? metric.count
    : 'sum' in metric
      ? metric.sum
      : 'distinct' in metric
        ? metric.distinct
        : null;

/** Whether a metric counts different things: its days cannot be added up. */
export const isDistinct = (metric: Metric | undefined): boolean =>
  metric !== undefined && 'distinct' in metric;

/** What each activity adds, earliest first, so that the moment a sum passes a threshold does not hang on how a batch was put together. */
export function contributionsOf(
  activities: readonly Activity[],
  metrics: Metrics,
  rates: Rates,
): Contribution[] {
  const definitions = Object.entries(metrics);
  return [...activities].sort(inOrder).flatMap((activity) =>
    definitions.flatMap(([metric, definition]): Contribution[] => {
      const added = addedBy(definition, activity, rates);
      return added === null || added.value === 0 ? [] : [{ metric, activity, ...added }];
    }),
  );
}

/** What a batch adds to one metric of one person on one local day. */
export interface Increment {
  metric: string;
  personId: string;
  day: string;
  value: number;
}

/** Sums contributions into increments, at most one per (metric, person, day); zero increments and distinct metrics are left out. */
export function increments(contributions: readonly Contribution[]): Increment[] {
  const sums = new Map<string, Increment>();
  for (const { metric, activity, value, element } of contributions) {
    if (element !== undefined) continue;
    const { personId, day } = activity;
    const key = `${metric}|${personId}|${day}`;
    const sum = sums.get(key);
    if (sum) sum.value += value;
    else sums.set(key, { metric, personId, day, value });
  }
  return [...sums.values()].filter(({ value }) => value !== 0);
}

/** Something a distinct metric has met on a local day of a person. */
export interface Element {
  metric: string;
  personId: string;
  day: string;
  element: string;
}

/** The elements a batch meets, each once per (metric, person, day). */
export function elementsOf(contributions: readonly Contribution[]): Element[] {
  const met = new Map<string, Element>();
  for (const { metric, activity, element } of contributions) {
    if (element === undefined) continue;
    const { personId, day } = activity;
    met.set(JSON.stringify([metric, personId, day, element]), { metric, personId, day, element });
  }
  return [...met.values()];
}

function addedBy(
  metric: Metric,
  activity: Activity,
  rates: Rates,
): Pick<Contribution, 'value' | 'element'> | null {
  if ('earned_media_value' in metric) return { value: valueOf(activity, rates) };
  if (typeOfMetric(metric) !== activity.type || !holds(metric.if, activity)) return null;
  if ('count' in metric) return { value: 1 };
  if ('sum' in metric) return { value: numberOf(metric.of, activity) };
  const element = elementOf(metric.of, activity);
  return element === null ? null : { value: 1, element };
}
