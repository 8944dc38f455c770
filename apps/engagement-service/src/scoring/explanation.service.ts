import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { notFound } from '#libs/platform';
import { chancesOf, limitsOf, usageKey, usageOf, verdictsOf } from '#libs/scoring';
import type { Activity, Chance, Verdict } from '#libs/scoring';
import { doubtOf } from './doubts.query.js';
import { credibilityOf, explain, standingOf, wordsOf } from './explanation.js';
import type { CapStanding, Explained, Findings } from './explanation.js';
import * as query from './explanation.query.js';
import { readRoster } from './roster.query.js';
import { RulesService } from './rules.service.js';
import { readUsages } from './scoring.query.js';

/** Answers for points: why they were given, why others were not, and what became of them. */
@Injectable()
export class ExplanationService {
  constructor(
    private readonly database: DataSource,
    private readonly rules: RulesService,
  ) {}

  /** Every rule that listens to the activity, and what it made of it for whom. Throws `activity_unknown`. */
  async ofActivity(id: string): Promise<object> {
    const { manager } = this.database;
    const activity = await query.readActivity(manager, id);
    if (!activity) throw notFound('activity', id);
    const verdicts = verdictsOf(activity, this.rules.history);
    const chances = await this.chancesOf(manager, activity, verdicts);
    const found = await this.find(manager, activity, chances);
    const whyNobody = ({ rule }: Verdict): string | null =>
      chances.find((chance) => chance.rule.id === rule.id)?.nobody ?? null;
    const capsOf = await this.capsOf(manager, chances);
    const doubt = await doubtOf(manager, id);
    const rules: Explained[] = explain(verdicts, found, { capsOf, whyNobody, doubt });
    return { activity, credibility: credibilityOf(activity, doubt), rules };
  }

  /** One entry, the rule as it stood, what it came from, and what answered it. Throws `entry_unknown`. */
  async ofEntry(id: string): Promise<object> {
    const { manager } = this.database;
    const entry = await query.readEntry(manager, id);
    if (!entry) throw notFound('entry', id);
    const holds = await query.holdsOf(manager, [id]);
    const answers = await query.answersTo(manager, entry.occurredAt, [id, ...holds.map((hold) => hold.id)]);
    const rule = this.rules.history.find(
      (version) => version.id === entry.rule && version.version === entry.ruleVersion,
    );
    const activity = await query.readActivity(manager, entry.sourceEventId);
    const words = [entry, ...answers].map(wordsOf);
    return { entry, words, rule: rule ?? null, activity, holds, answers };
  }

  private async chancesOf(
    manager: EntityManager,
    activity: Activity,
    verdicts: readonly Verdict[],
  ): Promise<Chance[]> {
    const matches = verdicts
      .filter(({ verdict }) => verdict === 'judged')
      .map(({ rule }) => ({ rule, activity }));
    return chancesOf(matches, await readRoster(manager, matches));
  }

  private async find(
    manager: EntityManager,
    activity: Activity,
    chances: readonly Chance[],
  ): Promise<Findings> {
    const entries = await query.entriesFor(manager, activity);
    const holds = await query.holdsOf(
      manager,
      entries.map(({ id }) => id),
    );
    const sources = [...entries, ...holds].map(({ id }) => id);
    const answers = await query.answersTo(manager, new Date(activity.occurredAt), sources);
    const people = [activity, ...entries, ...chances].map(({ personId }) => personId);
    return {
      entries,
      holds,
      answers,
      refusals: await query.refusalsFor(manager, activity, [...new Set(people)]),
    };
  }

  private async capsOf(
    manager: EntityManager,
    chances: readonly Chance[],
  ): Promise<(verdict: Verdict, personId: string) => CapStanding[]> {
    const needed = chances.flatMap((chance) =>
      limitsOf(chance.rule).map((limit) => ({ limit, usage: usageOf(limit, chance) })),
    );
    const empty = new Map(needed.map(({ usage }) => [usageKey(usage), usage]));
    const usages = empty.size > 0 ? await readUsages(manager, empty) : empty;
    return ({ rule }, personId) =>
      needed
        .filter(({ usage }) => usage.rule === rule.id && usage.personId === personId)
        .map(({ limit, usage }) => standingOf(limit, usages.get(usageKey(usage))!));
  }
}
