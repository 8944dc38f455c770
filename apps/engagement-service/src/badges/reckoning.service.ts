import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError } from '#libs/platform';
import {
  candidatesOf,
  conditionsOf,
  contributionsOf,
  crossingsOf,
  isDistinct,
  objectBadgesOf,
  objectGrants,
  objectSums,
  periodOfDay,
  typeOfMetric,
  watchesOfBadge,
} from '#libs/scoring';
import type { Badge, Contribution, Criterion } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { completeSets } from './badges.query.js';
import { grantOfObject, grantsOfCrossings } from './grants.js';
import type { BadgeGrant } from './grants.js';
import * as query from './reckoning.query.js';
import { StreakReckoning } from './streak-reckoning.service.js';

/** What some people would have earned, and how many rows were read to know it. */
export interface Reckoned {
  grants: BadgeGrant[];
  rows: number;
}

const NOTHING: Reckoned = { grants: [], rows: 0 };
// What the earned media value is made of.
const VALUED = ['link.clicked', 'share.measured'];

/** What a badge would have brought in the past, a page of people at a time: from the sums of days, or from activities where days do not tell. */
@Injectable()
export class ReckoningService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly streaks: StreakReckoning,
    private readonly clock: Clock,
  ) {}

  /** Whether activities are read: pages are smaller then. */
  needsActivities({ when }: Badge): boolean {
    return (
      when?.of !== undefined ||
      (when?.metric !== undefined && isDistinct(this.programme.metrics[when.metric]))
    );
  }

  /** Throws `badge_unreckonable` for a badge that workflows give. */
  async reckon(manager: EntityManager, badge: Badge, people: readonly string[]): Promise<Reckoned> {
    const { when } = badge;
    if (!when)
      throw new DomainError(
        'badge_unreckonable',
        422,
        `The badge "${badge.id}" has no "when": workflows give it, and what they did is past.`,
      );
    if (people.length === 0) return NOTHING;
    if (when.badges) return this.ofSet(manager, badge, when.badges, people);
    if (when.streak !== undefined) return this.streaks.reckon(manager, badge, when.streak, people);
    return this.needsActivities(badge)
      ? this.ofActivities(manager, badge, people)
      : this.ofDays(manager, badge, people);
  }

  /** Puts the sums of objects right that a badge asks about: those of a new badge have counted nothing of the past. */
  async settleObjects(manager: EntityManager, badge: Badge, people: readonly string[]): Promise<void> {
    const [asked] = objectBadgesOf([badge]);
    if (!asked || people.length === 0) return;
    const { contributions } = await this.contributions(manager, asked.when, people);
    await query.setObjects(manager, [...objectSums(contributions, [asked]).values()]);
  }

  private async ofDays(manager: EntityManager, badge: Badge, people: readonly string[]): Promise<Reckoned> {
    const watches = watchesOfBadge(badge);
    const { passed, rows } = await query.readPassed(manager, watches, people, this.clock.now());
    const { metric, per } = watches[0]!;
    const grants = passed.map(({ personId, tier, reaches, day, earnedAt }) => ({
      badge: badge.id,
      personId,
      periodKey: periodOfDay(per, day).key,
      tier,
      cause: `metric ${metric} reached ${reaches}`,
      earnedAt,
    }));
    return { grants, rows };
  }

  private async ofActivities(
    manager: EntityManager,
    badge: Badge,
    people: readonly string[],
  ): Promise<Reckoned> {
    const { contributions, rows } = await this.contributions(manager, badge.when!, people);
    const objects = objectBadgesOf([badge]);
    if (objects.length > 0)
      return { grants: objectGrants(contributions, objects, new Map()).map(grantOfObject), rows };
    const candidates = candidatesOf(contributions, watchesOfBadge(badge));
    const zeros = candidates.map(() => 0);
    const crossings = crossingsOf(candidates, zeros, contributions);
    return { grants: grantsOfCrossings([badge], crossings), rows };
  }

  private async contributions(
    manager: EntityManager,
    when: Criterion,
    people: readonly string[],
  ): Promise<{ contributions: Contribution[]; rows: number }> {
    const { metrics, settings } = this.programme;
    const asked = conditionsOf(when).flatMap(({ metric }) =>
      metrics[metric] ? [[metric, metrics[metric]] as const] : [],
    );
    const types = asked.flatMap(([, metric]) => typeOfMetric(metric) ?? VALUED);
    const activities = await query.readActivities(manager, [...new Set(types)], people);
    const { rates } = settings.earned_media_value;
    return {
      contributions: contributionsOf(activities, Object.fromEntries(asked), rates),
      rows: activities.length,
    };
  }

  private async ofSet(
    manager: EntityManager,
    { id: badge }: Badge,
    parts: readonly string[],
    people: readonly string[],
  ): Promise<Reckoned> {
    const complete = await completeSets(manager, [{ badge, parts: [...new Set(parts)] }], people);
    const grants = complete.map((set) => ({ ...set, periodKey: 'all', cause: 'set of badges complete' }));
    return { grants, rows: complete.length };
  }
}
