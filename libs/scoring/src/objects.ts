import type { Activity } from './activity.js';
import type { Badge } from './badges.js';
import { conditionsOf } from './badges.js';
import { shortened } from './condition.js';
import type { Criterion } from './criterion.js';
import type { Contribution } from './metrics.js';

/** A sum of a metric for one object of a person, such as the credible clicks of one post. */
export interface ObjectSum {
  personId: string;
  metric: string;
  /** How the object is named: `object`, or a field of the event. */
  of: string;
  objectId: string;
  value: number;
}

/** A badge that an object brings its person. */
export interface ObjectGrant {
  badge: Badge;
  personId: string;
  objectId: string;
  /** When the activity that did it happened, and its local day. */
  at: number;
  day: string;
}

export const objectKey = ({ personId, metric, of, objectId }: Omit<ObjectSum, 'value'>): string =>
  JSON.stringify([personId, metric, of, objectId]);

type ObjectBadge = Badge & { when: Criterion & { of: string } };

/** The badges that ask something of objects. */
export const objectBadgesOf = (badges: readonly Badge[]): ObjectBadge[] =>
  badges.filter((badge): badge is ObjectBadge => badge.when?.of !== undefined);

/** A contribution to an object that a badge asks about. */
interface Move extends ObjectSum {
  activity: Activity;
}

function movesOf(contributions: readonly Contribution[], badges: readonly ObjectBadge[]): Move[] {
  const ways = waysOf(badges);
  return contributions.flatMap(({ metric, activity, value }) =>
    (ways.get(metric) ?? []).flatMap((of) => {
      const objectId = objectOf(activity, of);
      return objectId === null
        ? []
        : [{ personId: activity.personId, metric, of, objectId, value, activity }];
    }),
  );
}

/** What a batch adds to the objects that badges ask about, summed. */
export function objectSums(
  contributions: readonly Contribution[],
  badges: readonly ObjectBadge[],
): Map<string, ObjectSum> {
  const sums = new Map<string, ObjectSum>();
  for (const { activity: _activity, ...move } of movesOf(contributions, badges)) {
    const known = sums.get(objectKey(move));
    if (known) known.value += move.value;
    else sums.set(objectKey(move), move);
  }
  return sums;
}

/** The sums that the conditions of touched objects look at: also those the batch does not move. */
export function objectsAsked(
  sums: ReadonlyMap<string, ObjectSum>,
  badges: readonly ObjectBadge[],
): Map<string, ObjectSum> {
  const asked = new Map<string, ObjectSum>();
  for (const { personId, metric, of, objectId } of sums.values()) {
    for (const { when } of badges) {
      const conditions = conditionsOf(when);
      if (when.of !== of || !conditions.some((condition) => condition.metric === metric)) continue;
      for (const condition of conditions) {
        const sum = { personId, metric: condition.metric, of, objectId, value: 0 };
        asked.set(objectKey(sum), sum);
      }
    }
  }
  return asked;
}

/**
 * The badges that objects bring within a batch, at the activity after which all conditions hold. `before` holds what `objectsAsked`
 * named, without the batch. An object that fulfilled its criterion before may be named again: a grant is once.
 */
export function objectGrants(
  contributions: readonly Contribution[],
  badges: readonly ObjectBadge[],
  before: ReadonlyMap<string, ObjectSum>,
): ObjectGrant[] {
  const sums = new Map([...before].map(([key, { value }]) => [key, value]));
  const grants = new Map<string, ObjectGrant>();
  for (const move of movesOf(contributions, badges)) {
    sums.set(objectKey(move), (sums.get(objectKey(move)) ?? 0) + move.value);
    for (const badge of badges.filter((item) => isReached(item.when, move, sums))) {
      const { personId, objectId, activity } = move;
      const key = JSON.stringify([badge.id, personId, objectId]);
      if (!grants.has(key))
        grants.set(key, { badge, personId, objectId, at: activity.occurredAt, day: activity.day });
    }
  }
  return [...grants.values()];
}

/** Only a criterion that asks for the metric that has moved can have come true. */
function isReached(criterion: Criterion, move: Move, sums: ReadonlyMap<string, number>): boolean {
  const conditions = conditionsOf(criterion);
  return (
    criterion.of === move.of &&
    conditions.some(({ metric }) => metric === move.metric) &&
    conditions.every(({ metric, reaches }) => (sums.get(objectKey({ ...move, metric })) ?? 0) >= reaches)
  );
}

/** Metric → the ways badges name its objects. */
function waysOf(badges: readonly ObjectBadge[]): Map<string, string[]> {
  const ways = new Map<string, Set<string>>();
  for (const { when } of badges)
    for (const { metric } of conditionsOf(when))
      ways.set(metric, (ways.get(metric) ?? new Set()).add(when.of));
  return new Map([...ways].map(([metric, set]) => [metric, [...set]]));
}

function objectOf({ objectId, data }: Activity, of: string): string | null {
  if (of === 'object') return objectId;
  const value = data[of.slice('event.'.length)];
  return typeof value === 'string' || typeof value === 'number' ? shortened(String(value)) : null;
}
