import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, Pollers, stableId } from '#libs/platform';
import { localDate, periodFromKey } from '#libs/calendar';
import { stretchOf, stretchToShow } from '#libs/scoring';
import type { Challenge, Stretch } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import type { BadgeGrant } from '../badges/grants.js';
import { ScoringService } from '../scoring/scoring.service.js';
import type { NewEntry } from '../scoring/scoring.query.js';
import * as query from './payments.query.js';
import type { Unpaid } from './payments.query.js';

const PEOPLE_AT_ONCE = 500;

/** What somebody gets of a finish. */
interface Share {
  finish: Unpaid;
  personId: string;
}

/** Gives what a finished challenge promised to everybody who has had a part in it, many people at a time, each once. */
@Injectable()
export class ChallengeRewardsService implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly badges: BadgesService,
    private readonly scoring: ScoringService,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.pollers.add({ name: 'challenge rewards', work: () => this.work(), everyMs: 1_000 });
  }

  private work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const finish = await query.takeUnpaid(manager);
      if (!finish) return 0;
      return finish.definition.kind === 'personal'
        ? this.payFinishers(manager, finish)
        : this.payPage(manager, finish);
    });
  }

  /** Those who have finished one challenge for themselves, many at once. */
  private async payFinishers(manager: EntityManager, first: Unpaid): Promise<number> {
    const beside = await query.takeUnpaidBeside(manager, first, PEOPLE_AT_ONCE);
    const finishes = new Map([first, ...beside].map((finish) => [finish.subject, finish]));
    const having = await this.having(manager, first, [...finishes.keys()]);
    await this.give(
      manager,
      having.map((personId) => ({ finish: finishes.get(personId)!, personId })),
    );
    await query.notePaid(manager, [...finishes.values()], { paidTo: null, paidAt: this.clock.now() });
    return finishes.size;
  }

  /** The next people of a team, or of all, whoever of them had a part in it. */
  private async payPage(manager: EntityManager, finish: Unpaid): Promise<number> {
    const { definition, subject, paidTo: after } = finish;
    const team = definition.kind === 'team' ? subject : null;
    const people = await query.pageOfPeople(manager, { team, after, limit: PEOPLE_AT_ONCE });
    const having = await this.having(manager, finish, people);
    await this.give(
      manager,
      having.map((personId) => ({ finish, personId })),
    );
    const isLast = !definition.reward || people.length < PEOPLE_AT_ONCE;
    const paidAt = isLast ? this.clock.now() : null;
    await query.notePaid(manager, [finish], { paidTo: people.at(-1) ?? null, paidAt });
    return 1;
  }

  private async having(
    manager: EntityManager,
    { definition, periodKey }: Unpaid,
    people: readonly string[],
  ): Promise<string[]> {
    if (!definition.reward || people.length === 0) return [];
    const stretch = stretchFrom(definition, periodKey);
    return query.havingPart(manager, definition, { stretch, people, now: this.clock.now() });
  }

  private async give(manager: EntityManager, shares: readonly Share[]): Promise<void> {
    const now = this.clock.now();
    const entries = shares.flatMap((share) => entryOf(share, now) ?? []);
    if (entries.length > 0) await this.scoring.post(manager, entries);
    await this.badges.grant(
      manager,
      shares.flatMap((share) => this.grantOf(share, now) ?? []),
    );
  }

  /** The badge of the period the challenge was of where that is one of the badge's own, else of the day it was finished on. */
  private grantOf({ finish, personId }: Share, earnedAt: Date): BadgeGrant | null {
    const { challenge, definition, periodKey: told, finishedAt } = finish;
    const badge = definition.reward?.badge;
    if (badge === undefined || !this.badges.isGivenByHand(badge)) return null;
    const day = localDate(finishedAt.getTime(), definition.zone);
    const periodKey = this.badges.toldPeriod(badge, told) ?? this.badges.periodKey(badge, day);
    return { badge, personId, cause: `challenge ${challenge}`, earnedAt, periodKey };
  }
}

/** No cap bears on it: the challenge itself says how often it comes. Null where it promised no points. */
function entryOf({ finish, personId }: Share, occurredAt: Date): NewEntry | null {
  const { id, challenge, definition } = finish;
  const points = definition.reward?.points;
  if (points === undefined) return null;
  return {
    id: stableId('entry', 'challenge', id, personId),
    personId,
    points,
    rule: `challenge:${challenge}`,
    ruleVersion: 1,
    sourceEventId: id,
    reason: `The challenge "${definition.name}" is done: ${points} points.`,
    occurredAt,
  };
}

/** The stretch of a key a challenge itself has made. */
function stretchFrom(challenge: Challenge, key: string): Stretch {
  const period = periodFromKey(key, challenge.zone);
  return period ? stretchOf(period, challenge.zone) : stretchToShow(challenge, 0);
}
