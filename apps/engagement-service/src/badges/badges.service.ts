import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, Terminal, notFound, stableId } from '#libs/platform';
import { conditionsOf, periodOfDay, watchOf } from '#libs/scoring';
import type { Badge, Crossing, ObjectGrant } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';

/** A badge given to a person, once per period of the badge. */
export interface BadgeGrant {
  badge: string;
  personId: string;
  periodKey: string;
  /** Why, for the record: `metric shares ≥ 10`, `workflow weekly-leaderboard`. */
  cause: string;
  earnedAt: Date;
}

/** A badge to be taken back, with the reason; without a period the newest award. */
export interface BadgeRevocation {
  badge: string;
  personId: string;
  periodKey: string | null;
  reason: string;
}

/** Who has which badge. */
@Injectable()
export class BadgesService {
  constructor(
    private readonly database: DataSource,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly programme: ProgrammeService,
  ) {}

  /** Grants the badges whose criterion one of these crossings fulfils. */
  async grantFor(manager: EntityManager, crossings: readonly Crossing[]): Promise<void> {
    const grants = crossings.flatMap((crossing) =>
      this.programme.badges
        .filter((badge) => fulfils(badge, crossing))
        .map((badge) => grantOf(badge, crossing)),
    );
    await this.grant(manager, grants);
  }

  /** Grants the badges that objects have brought. */
  async grantForObjects(manager: EntityManager, brought: readonly ObjectGrant[]): Promise<void> {
    await this.grant(manager, brought.map(grantOfObject));
  }

  /** Grants once each, the first of several; what somebody has already is not granted or told again. */
  async grant(manager: EntityManager, grants: readonly BadgeGrant[]): Promise<void> {
    if (grants.length === 0) return;
    const rows = firstOfEach(
      grants.map((grant) => ({
        ...grant,
        id: stableId('badge', grant.badge, grant.personId, grant.periodKey),
      })),
    );
    const fresh: { id: string }[] = await manager.query(
      `INSERT INTO badge_awards (id, badge, person_id, period_key, cause, earned_at)
       SELECT id, badge, "personId", "periodKey", cause, "earnedAt"
       FROM jsonb_to_recordset($1::jsonb) AS g(id uuid, badge text, "personId" uuid, "periodKey" text, cause text, "earnedAt" timestamptz)
       ON CONFLICT DO NOTHING RETURNING id`,
      [JSON.stringify(rows)],
    );
    const ids = new Set(fresh.map(({ id }) => id));
    await this.outbox.add(manager, rows.filter(({ id }) => ids.has(id)).map(badgeEarned));
  }

  /**
   * Takes a badge back, that of a period or else the newest, and tells it; false when there is none. The award stays on record, so
   * that the same period does not bring it again.
   */
  async revoke(
    manager: EntityManager,
    { badge, personId, periodKey, reason }: BadgeRevocation,
  ): Promise<boolean> {
    const [[award]]: [{ id: string; periodKey: string }[], number] = await manager.query(
      `UPDATE badge_awards SET revoked_at = $4, revoked_reason = $5 WHERE id = (
         SELECT id FROM badge_awards WHERE badge = $1 AND person_id = $2 AND ($3::text IS NULL OR period_key = $3)
           AND revoked_at IS NULL ORDER BY earned_at DESC, id LIMIT 1 FOR UPDATE
       ) RETURNING id, period_key AS "periodKey"`,
      [badge, personId, periodKey, this.clock.now(), reason],
    );
    if (!award) return false;
    const data = { personId, badge, periodKey: award.periodKey, reason };
    await this.outbox.add(manager, [
      event('badge.revoked', data, { id: stableId('badge.revoked', award.id) }),
    ]);
    return true;
  }

  /** The period a workflow's grant of this badge falls in, by the programme's local date. Unknown badges are `Terminal`. */
  periodKey(badge: string, day: string): string {
    const definition = this.programme.badges.find(({ id }) => id === badge);
    if (!definition) throw new Terminal(`the programme has no badge "${badge}"`);
    if (definition.repeat === 'object')
      throw new Terminal(`the badge "${badge}" is brought by objects, not by workflows`);
    return periodOfDay(definition.repeat, day).key;
  }

  list(): object[] {
    return this.programme.badges;
  }

  /** Who has a badge, oldest first, a page behind an award. Throws `badge_unknown`. */
  awards(badge: string, { after, limit }: { after?: string | undefined; limit: number }): Promise<object[]> {
    if (!this.programme.badges.some(({ id }) => id === badge)) throw notFound('badge', badge);
    return this.database.query(
      `SELECT id, person_id AS "personId", period_key AS "periodKey", cause, earned_at AS "earnedAt" FROM badge_awards
       WHERE badge = $1 AND revoked_at IS NULL
         AND ($2::uuid IS NULL OR (earned_at, id) > (SELECT earned_at, id FROM badge_awards WHERE id = $2))
       ORDER BY earned_at, id LIMIT $3`,
      [badge, after ?? null, limit],
    );
  }

  ofPerson(personId: string): Promise<object[]> {
    return this.database.query(
      `SELECT id, badge, period_key AS "periodKey", cause, earned_at AS "earnedAt" FROM badge_awards
       WHERE person_id = $1 AND revoked_at IS NULL ORDER BY earned_at DESC, id`,
      [personId],
    );
  }

  summary(): Promise<object[]> {
    return this.database.query(
      `SELECT badge, count(*) AS awards FROM badge_awards WHERE revoked_at IS NULL GROUP BY badge ORDER BY badge`,
    );
  }
}

/** Two objects may bring the same badge in one batch. */
function firstOfEach<T extends { id: string; earnedAt: Date }>(rows: readonly T[]): T[] {
  const first = new Map<string, T>();
  for (const row of rows) {
    const known = first.get(row.id);
    if (!known || row.earnedAt < known.earnedAt) first.set(row.id, row);
  }
  return [...first.values()];
}

function fulfils(badge: Badge, { metric, threshold, per }: Crossing): boolean {
  const watch = watchOf(badge);
  return watch !== null && watch.metric === metric && watch.reaches === threshold && watch.per === per;
}

const grantOf = (badge: Badge, { personId, periodKey, metric, threshold, at }: Crossing): BadgeGrant => ({
  badge: badge.id,
  personId,
  periodKey,
  cause: `metric ${metric} reached ${threshold}`,
  earnedAt: new Date(at),
});

function grantOfObject({ badge, personId, objectId, at, day }: ObjectGrant): BadgeGrant {
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

const badgeEarned = ({ id, personId, badge, periodKey, earnedAt }: BadgeGrant & { id: string }): NewEvent =>
  event(
    'badge.earned',
    { awardId: id, personId, badge, periodKey },
    { id: stableId('badge.earned', id), time: earnedAt },
  );
