import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, Pollers, stableId } from '#libs/platform';
import { periodFromKey } from '#libs/calendar';
import { stretchOf, stretchToShow } from '#libs/scoring';
import type { Challenge, Stretch } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import { ScoringService } from '../scoring/scoring.service.js';
import type { NewEntry } from '../scoring/scoring.query.js';
import * as query from './challenges.query.js';
import type { Finish } from './challenges.query.js';

const PEOPLE_AT_ONCE = 500;

/** Gives what a finished challenge promised to everybody who has had a part in it, a page of people at a time, each once. */
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
      const people = finish.definition.reward ? await this.page(manager, finish) : [];
      await this.give(manager, finish, people);
      const isLast = people.length < PEOPLE_AT_ONCE;
      await query.notePaid(manager, finish.id, people.at(-1) ?? null, isLast ? this.clock.now() : null);
      return 1;
    });
  }

  private page(
    manager: EntityManager,
    { definition, periodKey, subject, paidTo }: Finish & { definition: Challenge; paidTo: string | null },
  ): Promise<string[]> {
    return query.pageOfParts(manager, definition, {
      stretch: stretchFrom(definition, periodKey),
      subject,
      after: paidTo,
      limit: PEOPLE_AT_ONCE,
      now: this.clock.now(),
    });
  }

  private async give(
    manager: EntityManager,
    finish: Finish & { definition: Challenge },
    people: readonly string[],
  ): Promise<void> {
    const { points, badge } = finish.definition.reward ?? {};
    const now = this.clock.now();
    if (points !== undefined && people.length > 0)
      await this.scoring.post(
        manager,
        people.map((personId) => entryOf(finish, personId, points, now)),
      );
    if (badge !== undefined)
      await this.badges.grant(
        manager,
        people.map((personId) => ({
          badge,
          personId,
          cause: `challenge ${finish.challenge}`,
          earnedAt: now,
          periodKey: finish.periodKey,
        })),
      );
  }
}

/** No cap bears on it: the challenge itself says how often it comes. */
const entryOf = (
  { id, challenge, definition }: Finish & { definition: Challenge },
  personId: string,
  points: number,
  occurredAt: Date,
): NewEntry => ({
  id: stableId('entry', 'challenge', id, personId),
  personId,
  points,
  rule: `challenge:${challenge}`,
  ruleVersion: 1,
  sourceEventId: id,
  reason: `The challenge "${definition.name}" is done: ${points} points.`,
  occurredAt,
});

/** The stretch of a key a challenge itself has made. */
function stretchFrom(challenge: Challenge, key: string): Stretch {
  const period = periodFromKey(key, challenge.zone);
  return period ? stretchOf(period, challenge.zone) : stretchToShow(challenge, 0);
}
