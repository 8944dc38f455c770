import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Points set aside, rewards claimed, survey rounds, and the launch that goals count from. */
export class Recognition1760000005000 implements MigrationInterface {
  name = 'Recognition1760000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE holds (
        id uuid PRIMARY KEY, hold_key text NOT NULL, entry_id uuid NOT NULL REFERENCES ledger, person_id uuid NOT NULL,
        points int NOT NULL, state text NOT NULL CHECK (state IN ('held', 'released', 'reversed')),
        reason text NOT NULL, held_at timestamptz NOT NULL, settled_at timestamptz, settled_reason text
      )`);
    await runner.query(`CREATE UNIQUE INDEX holds_once ON holds (entry_id) WHERE state = 'held'`);
    await runner.query(`CREATE INDEX holds_key ON holds (hold_key)`);
    await runner.query(`
      CREATE TABLE reward_claims (
        id uuid PRIMARY KEY, reward text NOT NULL, person_id uuid NOT NULL, price int NOT NULL,
        state text NOT NULL CHECK (state IN ('claimed', 'approved', 'rejected', 'fulfilled')),
        reason text, claimed_at timestamptz NOT NULL, settled_at timestamptz
      )`);
    await runner.query(`CREATE INDEX reward_claims_person ON reward_claims (person_id, reward, claimed_at)`);
    await runner.query(`CREATE INDEX reward_claims_reward ON reward_claims (reward, state)`);
    await runner.query(`
      CREATE TABLE survey_rounds (
        id uuid PRIMARY KEY, survey text NOT NULL, period_key text NOT NULL, definition jsonb NOT NULL,
        opened_at timestamptz NOT NULL, closed_at timestamptz, result jsonb, UNIQUE (survey, period_key)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX survey_rounds_open ON survey_rounds (survey) WHERE closed_at IS NULL`,
    );
    // Nobody's name: the question's hash makes an answer single, and who was asked is not kept here.
    await runner.query(`
      CREATE TABLE survey_answers (
        round_id uuid NOT NULL REFERENCES survey_rounds, ask_hash bytea NOT NULL, answer text NOT NULL,
        PRIMARY KEY (round_id, ask_hash)
      )`);
    await runner.query(`CREATE TABLE launches (id uuid PRIMARY KEY, at timestamptz NOT NULL)`);
    await runner.query(`CREATE UNIQUE INDEX launches_once ON launches ((true))`);
    await runner.query(`CREATE TABLE goals_told (months int PRIMARY KEY, at timestamptz NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE goals_told, launches, survey_answers, survey_rounds, reward_claims, holds`,
    );
  }
}
