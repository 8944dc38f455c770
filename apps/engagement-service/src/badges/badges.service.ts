import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { DataOf } from '#libs/contracts';
import { Outbox, event } from '#libs/messaging';
import { Clock, DomainError, Terminal, notFound, stableId } from '#libs/platform';
import type { Caller } from '#libs/platform';
import { periodOfDay } from '#libs/scoring';
import type { Crossing, ObjectGrant } from '#libs/scoring';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import * as query from './badges.query.js';
import type { Award } from './badges.query.js';
import { badgeEarned, grantOfObject, grantsOfCrossings, rowsOfGrants, toldPeriod } from './grants.js';
import type { AwardRow, BadgeGrant } from './grants.js';

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
    private readonly audit: Audit,
  ) {}

  /** Grants the badges whose criterion one of these crossings fulfils. */
  async grantFor(manager: EntityManager, crossings: readonly Crossing[]): Promise<void> {
    if (crossings.length === 0) return;
    await this.grant(manager, grantsOfCrossings(this.programme.badges, crossings));
  }

  /** Grants the badges that objects have brought. */
  async grantForObjects(manager: EntityManager, brought: readonly ObjectGrant[]): Promise<void> {
    await this.grant(manager, brought.map(grantOfObject));
  }

  /**
   * Grants once each, the first of several, with the sets they complete; what somebody has already is not granted or told again. Returns
   * how many are new. `silent`: nobody is told, as of what is old.
   */
  async grant(manager: EntityManager, grants: readonly BadgeGrant[], silent = false): Promise<number> {
    if (grants.length === 0) return 0;
    const rows = await this.firstOnly(manager, rowsOfGrants(grants));
    if (rows.length === 0) return 0;
    const ids = await query.insertAwards(manager, rows);
    const fresh = rows.filter(({ id }) => ids.has(id));
    if (!silent) await this.outbox.add(manager, fresh.map(badgeEarned));
    return fresh.length + (await this.grant(manager, await this.setsWith(manager, fresh), silent));
  }

  private async firstOnly(manager: EntityManager, rows: AwardRow[]): Promise<AwardRow[]> {
    const within = new Map(this.programme.badges.map(({ id, when }) => [id, when?.first]));
    const asked = rows.flatMap((row) => {
      const first = within.get(row.badge);
      return first ? [{ ...row, within: first }] : [];
    });
    if (asked.length === 0) return rows;
    const firsts = await query.claimFirsts(manager, asked);
    return rows.filter(({ id, badge }) => !within.get(badge) || firsts.has(id));
  }

  private async setsWith(manager: EntityManager, fresh: readonly AwardRow[]): Promise<BadgeGrant[]> {
    const come = new Set(fresh.map(({ badge }) => badge));
    const sets = this.programme.badges.flatMap(({ id, when }) =>
      when?.badges?.some((part) => come.has(part)) ? [{ badge: id, parts: [...new Set(when.badges)] }] : [],
    );
    if (sets.length === 0) return [];
    const people = [...new Set(fresh.map(({ personId }) => personId))];
    const complete = await query.completeSets(manager, sets, people);
    return complete.map((set) => ({ ...set, periodKey: 'all', cause: 'set of badges complete' }));
  }

  /**
   * Takes a badge back, that of a period or else the newest, and tells it; false when there is none. The award stays on record, so
   * that the same period does not bring it again.
   */
  async revoke(manager: EntityManager, wanted: BadgeRevocation): Promise<boolean> {
    const { badge, personId, periodKey, reason } = wanted;
    const id = await query.awardToRevoke(manager, badge, personId, periodKey);
    return id !== null && (await this.takeBack(manager, id, reason)) !== null;
  }

  /** Takes an award back by hand. Throws `badge_award_unknown`, or `badge_award_revoked` when it has been taken back before. */
  async revokeByHand(who: Caller, awardId: string, reason: string): Promise<Award> {
    return this.database.transaction(async (manager) => {
      const award = await this.takeBack(manager, awardId, reason);
      if (!award) throw await this.notTakenBack(manager, awardId);
      const what = `badge ${award.badge} of ${award.personId}`;
      await this.audit.note(manager, { who, action: 'revoke', what, before: award, after: { reason } });
      return award;
    });
  }

  private async notTakenBack(manager: EntityManager, awardId: string): Promise<Error> {
    return (await query.isAward(manager, awardId))
      ? new DomainError('badge_award_revoked', 409, 'This award has been taken back before.')
      : notFound('badge_award', awardId);
  }

  private async takeBack(manager: EntityManager, id: string, reason: string): Promise<Award | null> {
    const award = await query.revokeAward(manager, id, this.clock.now(), reason);
    if (!award) return null;
    const { personId, badge, periodKey, tier } = award;
    const data = { personId, badge, periodKey, reason, ...(tier ? { tier } : {}) } as DataOf<'badge.revoked'>;
    await this.outbox.add(manager, [event('badge.revoked', data, { id: stableId('badge.revoked', id) })]);
    return award;
  }

  /** The period a workflow's grant of this badge falls in, by the programme's local date. Unknown badges are `Terminal`. */
  periodKey(badge: string, day: string): string {
    const definition = this.programme.badges.find(({ id }) => id === badge);
    if (!definition) throw new Terminal(`the programme has no badge "${badge}"`);
    if (definition.repeat === 'object')
      throw new Terminal(`the badge "${badge}" is brought by objects, not by workflows`);
    return periodOfDay(definition.repeat, day).key;
  }

  /** The period an event tells of, where it is one of the badge's own kind; else, and for unknown badges, null. */
  toldPeriod(badge: string, told: unknown): string | null {
    const definition = this.programme.badges.find(({ id }) => id === badge);
    return definition ? toldPeriod(definition, told) : null;
  }

  /** Whether there is such a badge and it is not for objects to bring. */
  isGivenByHand(badge: string): boolean {
    return this.programme.badges.some(({ id, repeat }) => id === badge && repeat !== 'object');
  }

  list(): object[] {
    return this.programme.badges;
  }

  /** Who has a badge, oldest first, a page behind an award. Throws `badge_unknown`. */
  awards(badge: string, { after, limit }: { after?: string | undefined; limit: number }): Promise<object[]> {
    if (!this.programme.badges.some(({ id }) => id === badge)) throw notFound('badge', badge);
    return query.pageOfAwards(this.database.manager, badge, after ?? null, limit);
  }

  ofPerson(personId: string): Promise<object[]> {
    return query.awardsOf(this.database.manager, personId);
  }

  summary(): Promise<object[]> {
    return this.database.query(
      `SELECT badge, count(*) AS awards, count(DISTINCT person_id) AS people FROM badge_awards WHERE revoked_at IS NULL
       GROUP BY badge ORDER BY badge`,
    );
  }
}
