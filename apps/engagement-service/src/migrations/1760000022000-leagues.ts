import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Weeks of leagues: who plays in which group, and, once closed, what came of it. */
export class Leagues1760000022000 implements MigrationInterface {
  name = 'Leagues1760000022000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE league_weeks (
        id uuid PRIMARY KEY, league text NOT NULL, period_key text NOT NULL, start_at timestamptz NOT NULL,
        end_at timestamptz NOT NULL, opened_at timestamptz NOT NULL, joins_at timestamptz NOT NULL, closed_at timestamptz,
        UNIQUE (league, period_key)
      )`);
    await runner.query(`
      CREATE TABLE league_members (
        week_id uuid NOT NULL REFERENCES league_weeks, person_id uuid NOT NULL, tier int NOT NULL, group_number int NOT NULL,
        joined_at timestamptz NOT NULL, PRIMARY KEY (week_id, person_id)
      )`);
    await runner.query(`CREATE INDEX league_members_group ON league_members (week_id, group_number)`);
    await runner.query(`
      CREATE TABLE league_results (
        week_id uuid NOT NULL REFERENCES league_weeks, person_id uuid NOT NULL, tier int NOT NULL, group_number int NOT NULL,
        rank int NOT NULL, place int NOT NULL, score double precision NOT NULL, reached_at timestamptz, outcome text NOT NULL
          CHECK (outcome IN ('promoted', 'stayed', 'demoted')), next_tier int NOT NULL, PRIMARY KEY (week_id, person_id)
      )`);
    await runner.query(`CREATE INDEX league_results_person ON league_results (person_id)`);
    await runner.query(`CREATE TRIGGER league_results_stay BEFORE UPDATE OR DELETE ON league_results
      FOR EACH STATEMENT EXECUTE FUNCTION stays_as_it_is()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE league_results, league_members, league_weeks`);
  }
}
