import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ProgrammeSettings } from '#libs/contracts';
import { Clock } from '#libs/platform';
import { budgetNames, ruleBook } from '#libs/scoring';
import type { BudgetName, Rule, RuleDefinition, RuleVersion, RulesAt } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';
import { forgetOtherBudgets } from './budgets.query.js';
import * as query from './rules.query.js';

/** The rules in force, each at its newest version; a changed rule becomes a new version, an old one never changes. */
@Injectable()
export class RulesService implements OnModuleInit {
  private current: Rule[] = [];
  private versions: readonly RuleVersion[] = [];
  private book: RulesAt = () => [];

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.transaction(async (manager) => {
      await this.refresh(manager);
      await this.changeBudgets(manager, this.programme.rules, this.programme.settings);
    });
  }

  get rules(): readonly Rule[] {
    return this.current;
  }

  /** The versions that judge an activity: those in force when it happened. */
  readonly at: RulesAt = (activity) => this.book(activity);

  /** Every version of every rule that ever was. */
  get history(): readonly RuleVersion[] {
    return this.versions;
  }

  /** A rule as it stood in one version. */
  async version(manager: EntityManager, rule: string, version: number): Promise<Rule> {
    const known = this.versions.find((item) => item.id === rule && item.version === version);
    return known ?? { ...(await query.definitionOf(manager, rule, version))!, version };
  }

  /** Takes the rules of the programme in force. */
  async refresh(manager: EntityManager): Promise<void> {
    this.current = await this.publish(manager, this.programme.rules);
    await this.reread(manager);
  }

  /** Learns what has become of the versions, such as one that was counted backwards and holds from an earlier day. */
  async reread(manager: EntityManager): Promise<void> {
    this.versions = await query.readVersions(manager);
    this.book = ruleBook(this.versions.map((version) => this.budgeted(version)));
  }

  /** A version with the budgets the rule has now: whichever version judges, what is given is given now. */
  budgeted<R extends Rule>(version: R): R {
    return { ...version, budget: this.current.find(({ id }) => id === version.id)?.budget };
  }

  /** Forgets what was used of budgets that are not both in the programme in force and in the next one. */
  async changeBudgets(
    manager: EntityManager,
    rules: readonly RuleDefinition[],
    settings: ProgrammeSettings,
  ): Promise<void> {
    const keyOf = ({ budget, per }: BudgetName): string => `${budget}|${per}`;
    const before = new Set(budgetNames(this.current, this.programme.settings.points?.budgets).map(keyOf));
    const kept = budgetNames(rules, settings.points?.budgets).filter((name) => before.has(keyOf(name)));
    await forgetOtherBudgets(manager, kept, settings.zone);
  }

  /** Makes versions of rules that are new or have changed, and ends those that are gone; here they come into force with `refresh`. */
  async publish(manager: EntityManager, rules: readonly RuleDefinition[]): Promise<Rule[]> {
    // Replicas that start together publish one after the other, and find what the first has published.
    await manager.query(`LOCK TABLE rule_versions IN SHARE ROW EXCLUSIVE MODE`);
    const now = this.clock.now();
    await query.endOthers(
      manager,
      rules.map(({ id }) => id),
      now,
    );
    const published: Rule[] = [];
    for (const rule of rules)
      published.push({ ...rule, version: await query.publishRule(manager, rule, now) });
    return published;
  }
}
