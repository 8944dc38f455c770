import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log of activities and what is counted and awarded from it. */
export class Scoring1760000002000 implements MigrationInterface {
  name = 'Scoring1760000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE activities (
        id uuid PRIMARY KEY, type text NOT NULL, person_id uuid NOT NULL, object_id text,
        occurred_at timestamptz NOT NULL, day date NOT NULL, data jsonb NOT NULL
      )`);
    await runner.query(`CREATE INDEX activities_person ON activities (person_id, occurred_at)`);
    await runner.query(`
      CREATE TABLE metric_days (
        person_id uuid NOT NULL, metric text NOT NULL, day date NOT NULL, value double precision NOT NULL,
        PRIMARY KEY (person_id, metric, day)
      )`);
    await runner.query(`
      CREATE TABLE metric_crossings (
        person_id uuid NOT NULL, metric text NOT NULL, per text NOT NULL, period_key text NOT NULL,
        threshold double precision NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (person_id, metric, per, period_key, threshold)
      )`);
    await runner.query(`
      CREATE TABLE rule_versions (
        rule text NOT NULL, version int NOT NULL, definition jsonb NOT NULL, published_at timestamptz NOT NULL,
        PRIMARY KEY (rule, version)
      )`);
    await runner.query(`
      CREATE TABLE ledger (
        id uuid PRIMARY KEY, person_id uuid NOT NULL, kind text NOT NULL, points int NOT NULL,
        rule text NOT NULL, rule_version int NOT NULL, source_event_id uuid NOT NULL, reason text NOT NULL,
        occurred_at timestamptz NOT NULL, posted_at timestamptz NOT NULL,
        UNIQUE (rule, rule_version, source_event_id, person_id, kind)
      )`);
    await runner.query(`CREATE INDEX ledger_time ON ledger (occurred_at) INCLUDE (person_id, points)`);
    await runner.query(`CREATE INDEX ledger_person ON ledger (person_id, occurred_at)`);
    await runner.query(
      `CREATE TABLE balances (person_id uuid PRIMARY KEY, balance bigint NOT NULL, lifetime bigint NOT NULL)`,
    );
    await runner.query(`
      CREATE TABLE rule_usages (
        rule text NOT NULL, person_id uuid NOT NULL, per text NOT NULL, period_key text NOT NULL,
        points int NOT NULL, times int NOT NULL, PRIMARY KEY (person_id, rule, per, period_key)
      )`);
    await runner.query(`
      CREATE TABLE refusals (
        id uuid PRIMARY KEY, person_id uuid NOT NULL, rule text NOT NULL, rule_version int NOT NULL,
        source_event_id uuid NOT NULL, points int NOT NULL, reason text NOT NULL, occurred_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX refusals_person ON refusals (person_id, occurred_at)`);
    await runner.query(`
      CREATE TABLE badge_awards (
        id uuid PRIMARY KEY, badge text NOT NULL, person_id uuid NOT NULL, period_key text NOT NULL,
        cause text NOT NULL, earned_at timestamptz NOT NULL, UNIQUE (badge, person_id, period_key)
      )`);
    await runner.query(`CREATE INDEX badge_awards_person ON badge_awards (person_id)`);
    await runner.query(`
      CREATE TABLE board_closings (
        id uuid PRIMARY KEY, board text NOT NULL, period_key text NOT NULL,
        start_at timestamptz NOT NULL, end_at timestamptz NOT NULL, closed_at timestamptz NOT NULL,
        participants int NOT NULL, UNIQUE (board, period_key)
      )`);
    await runner.query(`
      CREATE TABLE board_places (
        closing_id uuid NOT NULL REFERENCES board_closings, person_id uuid NOT NULL,
        rank int NOT NULL, score bigint NOT NULL, reached_at timestamptz NOT NULL,
        PRIMARY KEY (closing_id, person_id)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE board_places, board_closings, badge_awards, refusals, rule_usages, balances,
      ledger, rule_versions, metric_crossings, metric_days, activities`);
  }
}
