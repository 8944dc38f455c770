import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Outbox, event } from '#libs/messaging';
import type { NewEvent } from '#libs/messaging';
import { Clock, stableId } from '#libs/platform';
import { award, budgetKey, budgetsNeeded, chancesOf, matchesOf, usagesNeeded } from '#libs/scoring';
import type { Activity, BudgetUsage, Budgeting, Chance } from '#libs/scoring';
import { FairPlayService } from '../fair-play/fair-play.service.js';
import { LevelsService } from '../levels/levels.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { addToBudgets, lockBudgets } from './budgets.query.js';
import { withoutDoubted } from './doubts.query.js';
import { MetricsService } from './metrics.service.js';
import { readRoster } from './roster.query.js';
import { RulesService } from './rules.service.js';
import * as query from './scoring.query.js';

/** Turns a batch of new activities into metrics, points and badges, in the caller's transaction. */
@Injectable()
export class ScoringService {
  constructor(
    private readonly rules: RulesService,
    private readonly metrics: MetricsService,
    private readonly fairPlay: FairPlayService,
    private readonly programme: ProgrammeService,
    private readonly levels: LevelsService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async score(manager: EntityManager, activities: readonly Activity[]): Promise<void> {
    const matches = matchesOf(activities, this.rules.at);
    const chances = chancesOf(matches, await readRoster(manager, matches));
    await query.lockPeople(manager, [
      ...new Set([...activities, ...chances].map(({ personId }) => personId)),
    ]);
    const gains = await this.givePoints(manager, await withoutDoubted(manager, activities, chances));
    await this.fairPlay.check(manager, activities, gains);
    // After what is held: points in doubt bring nobody to a level.
    await this.levels.reach(manager, gains);
    await this.metrics.move(manager, activities);
  }

  /** Posts entries that something else than a rule gave, such as a workflow. */
  async post(manager: EntityManager, entries: readonly query.NewEntry[]): Promise<void> {
    await this.levels.reach(manager, await this.enter(manager, entries));
  }

  private async enter(manager: EntityManager, entries: readonly query.NewEntry[]): Promise<query.NewEntry[]> {
    const posted = await query.postEntries(manager, entries, this.clock.now());
    await this.outbox.add(manager, posted.map(pointsAwarded));
    return posted;
  }

  private async givePoints(manager: EntityManager, chances: readonly Chance[]): Promise<query.NewEntry[]> {
    const needed = usagesNeeded(chances);
    const usages = needed.size > 0 ? await query.readUsages(manager, needed) : needed;
    const { budgeting } = this;
    const budgets = await lockBudgets(manager, budgetsNeeded(chances, budgeting), budgeting.zone);
    const outcome = award(chances, { usages, budgets }, budgeting);
    if (outcome.usages.length > 0) await query.writeUsages(manager, outcome.usages);
    await addToBudgets(manager, movesOf(outcome.budgets, budgets));
    if (outcome.refusals.length > 0) await query.noteRefusals(manager, outcome.refusals);
    return outcome.awards.length > 0 ? this.enter(manager, outcome.awards.map(query.entryOf)) : [];
  }

  private get budgeting(): Budgeting {
    const { zone, points } = this.programme.settings;
    return { zone, budgets: points?.budgets ?? [] };
  }
}

const movesOf = (after: readonly BudgetUsage[], before: ReadonlyMap<string, BudgetUsage>): BudgetUsage[] =>
  after.map((usage) => ({ ...usage, points: usage.points - before.get(budgetKey(usage))!.points }));

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
