import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, Terminal, stableId } from '#libs/platform';
import { periodOfDay } from '#libs/scoring';
import type { Badge } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import type { Crossing } from '../scoring/scoring.query.js';

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
  async grantFor(
    manager: EntityManager,
    crossings: readonly Crossing[],
    earnedAt: (personId: string) => Date,
  ): Promise<void> {
    const grants = crossings.flatMap((crossing) =>
      this.programme.badges
        .filter((badge) => fulfils(badge, crossing))
        .map((badge) => grantOf(badge, crossing, earnedAt)),
    );
    await this.grant(manager, grants);
  }

  /** Grants once each; what somebody has already is not granted or told again. */
  async grant(manager: EntityManager, grants: readonly BadgeGrant[]): Promise<void> {
    if (grants.length === 0) return;
    const rows = grants.map((grant) => ({
      ...grant,
      id: stableId('badge', grant.badge, grant.personId, grant.periodKey),
    }));
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
    return periodOfDay(definition.repeat, day).key;
  }

  list(): object[] {
    return this.programme.badges;
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

const fulfils = ({ when }: Badge, crossing: Crossing): boolean =>
  when !== undefined &&
  when.metric === crossing.metric &&
  when.reaches === crossing.threshold &&
  when.per === crossing.per;

const grantOf = (badge: Badge, crossing: Crossing, earnedAt: (personId: string) => Date): BadgeGrant => ({
  badge: badge.id,
  personId: crossing.personId,
  periodKey: crossing.periodKey,
  cause: `metric ${crossing.metric} reached ${crossing.threshold}`,
  earnedAt: earnedAt(crossing.personId),
});

const badgeEarned = ({ id, personId, badge, periodKey, earnedAt }: BadgeGrant & { id: string }): NewEvent =>
  event(
    'badge.earned',
    { awardId: id, personId, badge, periodKey },
    { id: stableId('badge.earned', id), time: earnedAt },
  );
