import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock, DomainError, Pollers, afterCommit, newId, notFound } from '#libs/platform';
import type { Caller, Poller } from '#libs/platform';
import { budgetKey, budgetsFor, rescore, rescoringNeeds } from '#libs/scoring';
import type { Adjustment, BudgetUsage, Rule } from '#libs/scoring';
import { Audit } from '../audit/audit.service.js';
import { ProgrammeService } from '../programme/programme.service.js';
import { addToBudgets, lockBudgets } from './budgets.query.js';
import * as query from './rescoring.query.js';
import type { RescoringRow } from './rescoring.query.js';
import { endOf, holdSince } from './rules.query.js';
import { RulesService } from './rules.service.js';
import { readScored } from './scored.query.js';
import { lockPeople, writeUsages } from './scoring.query.js';

const PAGE = 500;
/** Of rules that give to others than the actor: each page looks through all activities of the type. */
const LONG_PAGE = 5_000;
const SHOWN = 50;
const DAY_MS = 86_400_000;

/** What counting a rule backwards would change. */
export interface RescoringPreview {
  rule: string;
  ruleVersion: number;
  since: string;
  entries: number;
  people: number;
  points: number;
  /** Whom it would move furthest, and by how much. */
  furthest: { personId: string; points: number }[];
  /** Closed boards that hold some of these days; they stay as they are. */
  closedBoards: { board: string; periodKey: string }[];
}

/** Counts a changed rule backwards: shows the differences first, then posts them as entries dated at what they adjust. */
@Injectable()
export class RescoringService implements OnModuleInit {
  private poller!: Poller;

  constructor(
    private readonly database: DataSource,
    private readonly rules: RulesService,
    private readonly programme: ProgrammeService,
    private readonly audit: Audit,
    private readonly clock: Clock,
    private readonly pollers: Pollers,
  ) {}

  onModuleInit(): void {
    this.poller = this.pollers.add({ name: 'rescorings', work: () => this.work() });
  }

  private readonly hint = (): void => this.poller.hint();

  /** Changes nothing. Throws `rule_unknown` or `since_in_future`. */
  async preview(ruleId: string, since: string): Promise<RescoringPreview> {
    const rule = this.ruleOf(ruleId);
    // Somewhere on earth it may be tomorrow already.
    if (Date.parse(since) > this.clock.now().getTime() + DAY_MS)
      throw new DomainError('since_in_future', 422, `${since} has not come yet: there is nothing to count.`);
    const byPerson = new Map<string, number>();
    let entries = 0;
    await this.eachPage(pageOf(rule), async (manager, people) => {
      const { adjustments } = await this.reckon(manager, rule, people, since);
      entries += adjustments.length;
      for (const { personId, points } of adjustments)
        byPerson.set(personId, (byPerson.get(personId) ?? 0) + points);
    });
    const points = [...byPerson.values()].reduce((sum, value) => sum + value, 0);
    const furthest = [...byPerson]
      .map(([personId, moved]) => ({ personId, points: moved }))
      .sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.personId < b.personId ? -1 : 1))
      .slice(0, SHOWN);
    const head = { rule: rule.id, ruleVersion: rule.version, since, entries, people: byPerson.size, points };
    return { ...head, furthest, closedBoards: await this.closedBoards(since) };
  }

  /** Orders it, when the preview still comes to what was expected. Throws `rescoring_changed` or `rescoring_running`. */
  async order(
    who: Caller,
    ruleId: string,
    since: string,
    expected: { entries: number; points: number },
  ): Promise<RescoringRow> {
    const { entries, points, ruleVersion } = await this.preview(ruleId, since);
    if (entries !== expected.entries || points !== expected.points)
      throw new DomainError(
        'rescoring_changed',
        409,
        `It would now post ${entries} entries of ${points} points in all; look at the preview again.`,
      );
    const id = newId();
    await this.database.transaction(async (manager) => {
      const [row]: object[] = await manager.query(
        `INSERT INTO rescorings (id, rule, rule_version, since, state, ordered_at) VALUES ($1, $2, $3, $4, 'running', $5)
         ON CONFLICT DO NOTHING RETURNING id`,
        [id, ruleId, ruleVersion, since, this.clock.now()],
      );
      if (!row)
        throw new DomainError('rescoring_running', 409, 'This rule is being counted backwards already.');
      await holdSince(manager, ruleId, ruleVersion, since);
      const after = { since, ruleVersion, entries, points };
      await this.audit.note(manager, { who, action: 'rescore', what: `rule ${ruleId}`, before: null, after });
      afterCommit(manager, this.hint);
    });
    await this.rules.reread(this.database.manager);
    return this.get(id);
  }

  /** Throws `rescoring_unknown`. */
  async get(id: string): Promise<RescoringRow> {
    const [row]: RescoringRow[] = await this.database.query(
      `SELECT ${query.RESCORING} FROM rescorings WHERE id = $1`,
      [id],
    );
    if (!row) throw notFound('rescoring', id);
    return row;
  }

  /** Works one page of people off; returns how many pages it did. */
  private work(): Promise<number> {
    return this.database.transaction(async (manager) => {
      const rescoring = await query.claimRunning(manager);
      if (!rescoring) return 0;
      await this.workPage(manager, rescoring);
      return 1;
    });
  }

  private async workPage(manager: EntityManager, rescoring: RescoringRow): Promise<void> {
    const rule = await this.rules.version(manager, rescoring.rule, rescoring.ruleVersion);
    const people = await query.pageOfScorers(manager, rescoring.cursor, pageOf(rule));
    await lockPeople(manager, people);
    const { adjustments, usages } = await this.reckon(manager, rule, people, rescoring.since);
    if (adjustments.length > 0) await this.post(manager, rescoring, rule, adjustments);
    if (usages.length > 0) await writeUsages(manager, usages);
    await query.checkpoint(manager, rescoring.id, {
      cursor: people.at(-1) ?? null,
      entries: adjustments.length,
      people: new Set(adjustments.map(({ personId }) => personId)).size,
      points: adjustments.reduce((sum, { points }) => sum + points, 0),
      now: people.length < pageOf(rule) ? this.clock.now() : null,
    });
  }

  /** Budgets bear on none of it, but count it. */
  private async post(
    manager: EntityManager,
    rescoring: RescoringRow,
    rule: Rule,
    adjustments: readonly Adjustment[],
  ): Promise<void> {
    const { zone, points: settings } = this.programme.settings;
    const budgeting = { zone, budgets: settings?.budgets ?? [] };
    const budgeted = this.rules.budgeted(rule);
    const moves = adjustments.flatMap(({ activity, points }) =>
      budgetsFor({ rule: budgeted, activity }, budgeting).map(({ usage }) => ({ ...usage, points })),
    );
    await lockBudgets(manager, new Map(moves.map((usage) => [budgetKey(usage), usage])), zone);
    await addToBudgets(manager, sumsOf(moves));
    await query.postAdjustments(manager, rescoring, adjustments, this.clock.now());
  }

  private async reckon(
    manager: EntityManager,
    rule: Rule,
    people: readonly string[],
    since: string,
  ): Promise<{ adjustments: Adjustment[]; usages: ReturnType<typeof rescore>['usages'] }> {
    if (people.length === 0) return { adjustments: [], usages: [] };
    const history = await readScored(manager, rule, people, rescoringNeeds(rule, since));
    // Asked after the people are locked: what another version has given them by now is left to that one.
    return rescore(rule, history, since, await endOf(manager, rule.id, rule.version));
  }

  /** One snapshot for all pages, so that the sums belong together. */
  private eachPage(
    page: number,
    work: (manager: EntityManager, people: string[]) => Promise<void>,
  ): Promise<void> {
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      for (let after: string | null = null; ;) {
        const people = await query.pageOfScorers(manager, after, page);
        await work(manager, people);
        if (people.length < page) return;
        after = people.at(-1)!;
      }
    });
  }

  private closedBoards(since: string): Promise<RescoringPreview['closedBoards']> {
    return this.database.query(
      `SELECT board, period_key AS "periodKey" FROM board_closings WHERE end_at > $1::date ORDER BY end_at, board`,
      [since],
    );
  }

  private ruleOf(id: string): Rule {
    const rule = this.rules.rules.find((item) => item.id === id);
    if (!rule) throw notFound('rule', id);
    return rule;
  }
}

const pageOf = ({ to = 'actor' }: Rule): number => (to === 'actor' ? PAGE : LONG_PAGE);

function sumsOf(moves: readonly BudgetUsage[]): BudgetUsage[] {
  const sums = new Map<string, BudgetUsage>();
  for (const move of moves) {
    const sum = sums.get(budgetKey(move));
    if (sum) sum.points += move.points;
    else sums.set(budgetKey(move), { ...move });
  }
  return [...sums.values()];
}
