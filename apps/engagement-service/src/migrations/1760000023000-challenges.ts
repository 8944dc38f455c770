import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far challenges have come, kept by following the changes of scores, and who has finished them. */
export class Challenges1760000023000 implements MigrationInterface {
  name = 'Challenges1760000023000';

  async up(runner: QueryRunner): Promise<void> {
    // Up to where changes have been taken in: all before `horizon`, and `seen` of those that were under way then.
    await runner.query(`
      CREATE TABLE challenge_follower (
        one boolean PRIMARY KEY DEFAULT true CHECK (one), horizon xid8, seen bigint[] NOT NULL DEFAULT '{}'
      )`);
    await runner.query(`INSERT INTO challenge_follower DEFAULT VALUES`);
    await runner.query(`
      CREATE TABLE challenge_periods (
        challenge text NOT NULL, period_key text NOT NULL, definition jsonb NOT NULL, since timestamptz NOT NULL,
        PRIMARY KEY (challenge, period_key)
      )`);
    await runner.query(`
      CREATE TABLE challenge_progress (
        challenge text NOT NULL, period_key text NOT NULL, subject text NOT NULL, value double precision NOT NULL,
        PRIMARY KEY (challenge, period_key, subject)
      ) WITH (fillfactor = 85)`);
    await runner.query(`
      CREATE TABLE challenge_finishes (
        id uuid PRIMARY KEY, challenge text NOT NULL, period_key text NOT NULL, subject text NOT NULL,
        value double precision NOT NULL, finished_at timestamptz NOT NULL, paid_to uuid, paid_at timestamptz,
        UNIQUE (challenge, period_key, subject)
      )`);
    await runner.query(
      `CREATE INDEX challenge_finishes_unpaid ON challenge_finishes (finished_at) WHERE paid_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE challenge_finishes, challenge_progress, challenge_periods, challenge_follower`,
    );
  }
}
