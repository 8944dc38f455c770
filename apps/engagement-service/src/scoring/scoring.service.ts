import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { award, usagesNeeded } from '#libs/scoring';
import type { Activity } from '#libs/scoring';
import { MetricsService } from './metrics.service.js';
import { RulesService } from './rules.service.js';
import * as query from './scoring.query.js';

/** Turns a batch of new activities into metrics, points and badges, in the caller's transaction. */
@Injectable()
export class ScoringService {
  constructor(
    private readonly rules: RulesService,
    private readonly metrics: MetricsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async score(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    await query.lockPeople(manager, [...new Set(activities.map(({ personId }) => personId))]);
    await this.givePoints(manager, activities);
    await this.metrics.move(manager, activities);
  }

  /** Posts entries that something else than a rule gave, such as a workflow. */
  async post(manager: EntityManager, entries: readonly query.NewEntry[]): Promise<void> {
    const posted = await query.postEntries(manager, entries, this.clock.now());
    await this.outbox.add(manager, posted.map(pointsAwarded));
  }

  private async givePoints(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    const needed = usagesNeeded(activities, this.rules.rules);
    const stored = needed.size > 0 ? await query.readUsages(manager, needed) : needed;
    const outcome = award(activities, this.rules.rules, stored);
    if (outcome.usages.length > 0) await query.writeUsages(manager, outcome.usages);
    if (outcome.refusals.length > 0) await query.noteRefusals(manager, outcome.refusals.map(query.entryOf));
    if (outcome.awards.length > 0) await this.post(manager, outcome.awards.map(query.entryOf));
  }
}

const pointsAwarded = (entry: query.NewEntry): NewEvent =>
  event(
    'points.awarded',
    {
      entryId: entry.id,
      personId: entry.personId,
      points: entry.points,
      rule: entry.rule,
      ruleVersion: entry.ruleVersion,
      sourceEventId: entry.sourceEventId,
    },
    { id: stableId('points.awarded', entry.id), time: entry.occurredAt },
  );
