import { periodFromKey } from '#libs/calendar';
import { event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { stableId } from '#libs/platform';
import { conditionsOf, periodOfDay, watchesOfBadge } from '#libs/scoring';
import type { Badge, Crossing, ObjectGrant, Tier } from '#libs/scoring';

/** A badge given to a person, once per period of the badge and tier. */
export interface BadgeGrant {
  badge: string;
  personId: string;
  periodKey: string;
  tier?: Tier | null;
  /** Why, for the record: `metric shares ≥ 10`, `workflow weekly-leaderboard`. */
  cause: string;
  earnedAt: Date;
}

/** A grant with the id its award will have: the same grant has the same id. */
export type AwardRow = BadgeGrant & { id: string };

/** The awards that grants come to, the first of several. */
export function rowsOfGrants(grants: readonly BadgeGrant[]): AwardRow[] {
  const first = new Map<string, AwardRow>();
  for (const grant of grants) {
    const { badge, personId, periodKey, tier } = grant;
    const id = stableId('badge', badge, personId, periodKey, ...(tier ? [tier] : []));
    const known = first.get(id);
    if (!known || grant.earnedAt < known.earnedAt) first.set(id, { ...grant, id });
  }
  return [...first.values()];
}

/** What crossings bring, in their order. */
export function grantsOfCrossings(badges: readonly Badge[], crossings: readonly Crossing[]): BadgeGrant[] {
  const brought = new Map<string, { badge: string; tier: Tier | null }[]>();
  for (const { badge, watch } of badges.flatMap((one) =>
    watchesOfBadge(one).map((watch) => ({ badge: one.id, watch })),
  )) {
    const key = thresholdKey(watch.metric, watch.per, watch.reaches);
    brought.set(key, [...(brought.get(key) ?? []), { badge, tier: watch.tier }]);
  }
  return crossings.flatMap(({ personId, metric, per, periodKey, threshold, at }) =>
    (brought.get(thresholdKey(metric, per, threshold)) ?? []).map(({ badge, tier }) => ({
      badge,
      personId,
      periodKey,
      tier,
      cause: `metric ${metric} reached ${threshold}`,
      earnedAt: new Date(at),
    })),
  );
}

const thresholdKey = (metric: string, per: string, reaches: number): string => `${metric}|${per}|${reaches}`;

/** The period an event tells of, where it is one of the badge's own kind; else null. */
export const toldPeriod = ({ repeat }: Pick<Badge, 'repeat'>, told: unknown): string | null =>
  typeof told === 'string' && periodFromKey(told, 'UTC')?.kind === repeat ? told : null;

/** What an object brings. */
export function grantOfObject({ badge, personId, objectId, at, day }: ObjectGrant): BadgeGrant {
  const { repeat } = badge;
  const periodKey = repeat === 'object' ? objectId : periodOfDay(repeat, day).key;
  const reached = conditionsOf(badge.when!).map(({ metric, reaches }) => `${metric} reached ${reaches}`);
  return {
    badge: badge.id,
    personId,
    periodKey,
    cause: `${reached.join(' and ')} of ${objectId}`,
    earnedAt: new Date(at),
  };
}

export const badgeEarned = ({ id, personId, badge, periodKey, tier, earnedAt }: AwardRow): NewEvent =>
  event(
    'badge.earned',
    { awardId: id, personId, badge, periodKey, ...(tier ? { tier } : {}) },
    { id: stableId('badge.earned', id), time: earnedAt },
  );
