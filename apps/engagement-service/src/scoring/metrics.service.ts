import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import {
  candidatesOf,
  contributionsOf,
  crossingsOf,
  elementsOf,
  increments,
  isDistinct,
  objectBadgesOf,
  objectGrants,
  objectSums,
  objectsAsked,
} from '#libs/scoring';
import type { Activity, Candidate, Contribution, Crossing } from '#libs/scoring';
import { BadgesService } from '../badges/badges.service.js';
import { MomentsService } from '../boards/moments.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { StreaksService } from '../streaks/streaks.service.js';
import * as query from './metrics.query.js';
import { Watches } from './watches.js';

/** Moves the metrics of a batch, and gives and tells what their thresholds bring. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly programme: ProgrammeService,
    private readonly watches: Watches,
    private readonly badges: BadgesService,
    private readonly moments: MomentsService,
    private readonly streaks: StreaksService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** The caller holds the locks of the people: sums are read, then moved. */
  async move(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    const { metrics, settings } = this.programme;
    const contributions = contributionsOf(activities, metrics, settings.earned_media_value.rates);
    if (contributions.length === 0) return;
    const crossings = await this.cross(manager, contributions);
    await query.addIncrements(manager, increments(contributions));
    await query.addElements(manager, elementsOf(contributions));
    const awaited = crossings.filter((crossing) => this.watches.isAwaited(crossing));
    await this.outbox.add(manager, awaited.map(metricReached));
    await this.badges.grantFor(manager, crossings);
    // What is kept of objects are sums, which different things have none of.
    await this.moveObjects(
      manager,
      contributions.filter(({ element }) => element === undefined),
    );
    await this.streaks.move(manager, contributions);
    await this.moments.note(manager, contributions);
    const people = contributions.map(({ activity }) => activity.personId);
    await this.watches.tellMoved(manager, [...new Set(people)]);
  }

  private async cross(manager: EntityManager, contributions: readonly Contribution[]): Promise<Crossing[]> {
    const candidates = candidatesOf(contributions, this.watches.all());
    const before = await this.standings(manager, candidates);
    const known = await query.readKnownElements(manager, candidates, elementsOf(contributions));
    const crossings = crossingsOf(candidates, before, contributions, known);
    return query.noteCrossings(manager, crossings, this.clock.now());
  }

  private async standings(manager: EntityManager, candidates: readonly Candidate[]): Promise<number[]> {
    const { metrics } = this.programme;
    const counted = candidates.filter(({ metric }) => isDistinct(metrics[metric]));
    const summed = candidates.filter(({ metric }) => !isDistinct(metrics[metric]));
    const sums = await query.readSums(manager, summed);
    const counts = await query.readCounts(manager, counted);
    return candidates.map((candidate) => sums.get(candidate) ?? counts.get(candidate) ?? 0);
  }

  private async moveObjects(manager: EntityManager, contributions: readonly Contribution[]): Promise<void> {
    const badges = objectBadgesOf(this.programme.badges);
    const sums = objectSums(contributions, badges);
    if (sums.size === 0) return;
    const before = await query.readObjects(manager, objectsAsked(sums, badges));
    await query.addObjects(manager, [...sums.values()]);
    await this.badges.grantForObjects(manager, objectGrants(contributions, badges, before));
  }
}

function metricReached({ at, ...crossing }: Crossing): NewEvent {
  const { personId, metric, per, periodKey, threshold } = crossing;
  const id = stableId('metric.reached', personId, metric, per, periodKey, String(threshold));
  return event('metric.reached', crossing, { id, time: new Date(at) });
}
