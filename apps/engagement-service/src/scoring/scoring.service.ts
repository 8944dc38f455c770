import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { award, increments, usagesNeeded } from '#libs/scoring';
import type { Activity, Increment } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { RulesService } from './rules.service.js';
import * as query from './scoring.query.js';
import { Watches } from './watches.js';

/** Turns a batch of new activities into metrics, points and badges, in the caller's transaction. */
@Injectable()
export class ScoringService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly rules: RulesService,
    private readonly watches: Watches,
    private readonly badges: BadgesService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async score(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    await query.lockPeople(manager, [...new Set(activities.map(({ personId }) => personId))]);
    await this.givePoints(manager, activities);
    const { metrics, settings } = this.programme;
    const added = increments(activities, metrics, settings.earned_media_value.rates);
    if (added.length === 0) return;
    await query.addIncrements(manager, added);
    await this.tellCrossings(manager, added, activities);
    await this.watches.tellMoved(manager, [...new Set(added.map(({ personId }) => personId))]);
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

  private async tellCrossings(
    manager: EntityManager,
    added: readonly Increment[],
    activities: readonly Activity[],
  ): Promise<void> {
    const crossings = await query.cross(manager, added, this.watches.all(), this.clock.now());
    const at = latestByPerson(activities);
    const time = (personId: string): Date => new Date(at.get(personId) ?? this.clock.now());
    await this.outbox.add(
      manager,
      crossings.map((crossing) => metricReached(crossing, time(crossing.personId))),
    );
    await this.badges.grantFor(manager, crossings, time);
  }
}

/** A threshold counts as reached when the last activity of the batch that moved it happened. */
function latestByPerson(activities: readonly Activity[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { personId, occurredAt } of activities)
    latest.set(personId, Math.max(latest.get(personId) ?? 0, occurredAt));
  return latest;
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

function metricReached(crossing: query.Crossing, time: Date): NewEvent {
  const { personId, metric, per, periodKey, threshold } = crossing;
  const id = stableId('metric.reached', personId, metric, per, periodKey, String(threshold));
  return event('metric.reached', crossing, { id, time });
}
