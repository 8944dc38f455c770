import type { Contribution } from './metrics.js';
import { periodOfDay } from './periods.js';
import type { Watch } from './badges.js';

/** A threshold of a person in a period that a batch may carry them over. */
export interface Candidate {
  personId: string;
  metric: string;
  per: Watch['per'];
  periodKey: string;
  threshold: number;
  /** A local day within, that of the first activity. */
  day: string;
  /** The local days that count, the end exclusive. */
  from: string;
  to: string;
}

/** A threshold a person got to. */
export interface Crossing extends Omit<Candidate, 'day' | 'from' | 'to'> {
  /** The sum at that moment. */
  value: number;
  /** When the activity that did it happened, epoch ms. */
  at: number;
}

/** The thresholds that contributions may carry somebody over, each once. */
export function candidatesOf(contributions: readonly Contribution[], watches: readonly Watch[]): Candidate[] {
  const byMetric = grouped(watches, ({ metric }) => metric);
  const candidates = new Map<string, Candidate>();
  for (const { metric, activity } of contributions)
    for (const { per, reaches: threshold } of byMetric.get(metric) ?? []) {
      const { personId, day } = activity;
      const { key: periodKey, from, to } = periodOfDay(per, day);
      const key = `${personId}|${metric}|${per}|${periodKey}|${threshold}`;
      if (!candidates.has(key))
        candidates.set(key, { personId, metric, per, periodKey, threshold, day, from, to });
    }
  return [...candidates.values()];
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * Which candidates the batch carries over, and when: `before` holds the sum of each candidate without the batch, at its place, and `known`
 * the elements of a distinct metric that were counted already.
 */
export function crossingsOf(
  candidates: readonly Candidate[],
  before: readonly number[],
  contributions: readonly Contribution[],
  known: ReadonlyMap<number, readonly string[]> = new Map(),
): Crossing[] {
  const of = grouped(contributions, ({ metric, activity }) => `${metric}|${activity.personId}`);
  return candidates.flatMap((candidate, index) => {
    const own = of.get(`${candidate.metric}|${candidate.personId}`)!;
    return crossingOf(candidate, before[index]!, own, new Set(known.get(index)));
  });
}

function crossingOf(
  { day: _day, from, to, ...head }: Candidate,
  before: number,
  contributions: readonly Contribution[],
  counted: Set<string>,
): Crossing[] {
  let value = before;
  for (const { activity, value: added, element } of contributions) {
    if (activity.day < from || activity.day >= to) continue;
    if (element !== undefined && counted.has(element)) continue;
    if (element !== undefined) counted.add(element);
    value += added;
    if (value >= head.threshold) return [{ ...head, value, at: activity.occurredAt }];
  }
  return [];
}
