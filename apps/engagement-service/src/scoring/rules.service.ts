import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { Rule, RuleDefinition } from '#libs/scoring';
import { ProgrammeService } from '../programme/programme.service.js';

/** The rules in force, each at its newest version; a changed rule becomes a new version, an old one never changes. */
@Injectable()
export class RulesService implements OnModuleInit {
  private current: Rule[] = [];

  constructor(
    private readonly database: DataSource,
    private readonly programme: ProgrammeService,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.transaction((manager) => this.refresh(manager));
  }

  get rules(): readonly Rule[] {
    return this.current;
  }

  /** A rule as it stood in one version. */
  async version(manager: EntityManager, rule: string, version: number): Promise<Rule> {
    const [row]: { definition: RuleDefinition }[] = await manager.query(
      `SELECT definition FROM rule_versions WHERE rule = $1 AND version = $2`,
      [rule, version],
    );
    return { ...row!.definition, version };
  }

  /** Takes the rules of the programme in force. */
  async refresh(manager: EntityManager): Promise<void> {
    this.current = await this.publish(manager, this.programme.rules);
  }

  /** Makes versions of rules that are new or have changed; here they come into force with `refresh`. */
  async publish(manager: EntityManager, rules: readonly RuleDefinition[]): Promise<Rule[]> {
    // Replicas that start together publish one after the other, and find what the first has published.
    await manager.query(`LOCK TABLE rule_versions IN SHARE ROW EXCLUSIVE MODE`);
    const published: Rule[] = [];
    for (const rule of rules) published.push(await this.publishOne(manager, rule));
    return published;
  }

  /** jsonb equality decides: another order of keys or another comment is no change. */
  private async publishOne(manager: EntityManager, rule: RuleDefinition): Promise<Rule> {
    const [row]: { version: number }[] = await manager.query(
      `WITH latest AS (
         SELECT version, definition FROM rule_versions WHERE rule = $1 ORDER BY version DESC LIMIT 1
       ), added AS (
         INSERT INTO rule_versions (rule, version, definition, published_at)
         SELECT $1, COALESCE((SELECT version FROM latest), 0) + 1, $2::jsonb, $3
         WHERE NOT EXISTS (SELECT FROM latest WHERE definition = $2::jsonb)
         ON CONFLICT DO NOTHING RETURNING version
       )
       SELECT version FROM added UNION ALL SELECT version FROM latest ORDER BY version DESC LIMIT 1`,
      [rule.id, JSON.stringify(rule), this.clock.now()],
    );
    return { ...rule, version: row!.version };
  }
}
