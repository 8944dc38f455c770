import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When versions of rules hold, caps per object, budgets, whose posts are whose, and what distinct metrics have met. */
export class Points1760000015000 implements MigrationInterface {
  name = 'Points1760000015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE rule_versions ADD since date, ADD ended_at timestamptz`);
    await runner.query(`ALTER TABLE rule_usages ADD object text NOT NULL DEFAULT ''`);
    await runner.query(`
      ALTER TABLE rule_usages DROP CONSTRAINT rule_usages_pkey, ADD PRIMARY KEY (person_id, rule, per, period_key, object)`);
    await runner.query(`
      CREATE TABLE budget_usages (
        budget text NOT NULL, per text NOT NULL, period_key text NOT NULL, points bigint NOT NULL,
        PRIMARY KEY (budget, per, period_key)
      )`);
    await runner.query(`ALTER TABLE refusals ADD cause jsonb`);
    await runner.query(`CREATE TABLE post_authors (post_id text PRIMARY KEY, person_id uuid NOT NULL)`);
    await runner.query(`
      INSERT INTO post_authors (post_id, person_id) SELECT DISTINCT ON (data->>'postId') data->>'postId', person_id
      FROM activities WHERE type = 'suggestion.published' AND data->>'postId' IS NOT NULL ORDER BY data->>'postId', occurred_at`);
    await runner.query(`
      CREATE TABLE metric_elements (
        person_id uuid NOT NULL, metric text NOT NULL, element text NOT NULL, day date NOT NULL,
        PRIMARY KEY (person_id, metric, element, day)
      )`);
    // Days come in their order, nearly: a few pages tell where a window lies, and counting stays as quick as without.
    await runner.query(`CREATE INDEX metric_days_day ON metric_days USING brin (day)`);
    await runner.query(`CREATE INDEX metric_elements_day ON metric_elements USING brin (day)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX metric_days_day`);
    await runner.query(`DROP TABLE metric_elements, post_authors, budget_usages`);
    await runner.query(`ALTER TABLE refusals DROP cause`);
    await runner.query(`DELETE FROM rule_usages WHERE object <> ''`);
    await runner.query(`
      ALTER TABLE rule_usages DROP CONSTRAINT rule_usages_pkey, ADD PRIMARY KEY (person_id, rule, per, period_key)`);
    await runner.query(`ALTER TABLE rule_usages DROP object`);
    await runner.query(`ALTER TABLE rule_versions DROP since, DROP ended_at`);
  }
}
