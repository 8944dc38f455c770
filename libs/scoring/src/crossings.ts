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
  /** The local days that count, the end exclusive. */
  from: string;
  to: string;
}

/** A threshold a person got to. */
export interface Crossing extends Omit<Candidate, 'from' | 'to'> {
  /** The sum at that moment. */
  value: number;
  /** When the activity that did it happened, epoch ms. */
  at: number;
}

/** The thresholds that contributions may carry somebody over, each once. */
export function candidatesOf(contributions: readonly Contribution[], watches: readonly Watch[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const { metric, activity } of contributions) {
    for (const watch of watches) {
      if (watch.metric !== metric) continue;
      const { key: periodKey, from, to } = periodOfDay(watch.per, activity.day);
      const head = {
        personId: activity.personId,
        metric,
        per: watch.per,
        periodKey,
        threshold: watch.reaches,
      };
      candidates.set(Object.values(head).join('|'), { ...head, from, to });
    }
  }
  return [...candidates.values()];
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
  const of = new Map<string, Contribution[]>();
  for (const item of contributions) {
    const key = `${item.metric}|${item.activity.personId}`;
    const list = of.get(key);
    if (list) list.push(item);
    else of.set(key, [item]);
  }
  return candidates.flatMap(({ from, to, ...head }, index) => {
    const own = of.get(`${head.metric}|${head.personId}`)!;
    return crossingOf(
      head,
      before[index]!,
      own.filter(({ activity: { day } }) => day >= from && day < to),
      new Set(known.get(index)),
    );
  });
}

function crossingOf(
  head: Omit<Candidate, 'from' | 'to'>,
  before: number,
  contributions: readonly Contribution[],
  counted: Set<string>,
): Crossing[] {
  let value = before;
  for (const { activity, value: added, element } of contributions) {
    if (element !== undefined && counted.has(element)) continue;
    if (element !== undefined) counted.add(element);
    value += added;
    if (value >= head.threshold) return [{ ...head, value, at: activity.occurredAt }];
  }
  return [];
}
