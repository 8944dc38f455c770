import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people wish for, and rewards another system hands over. */
export class Rewards1760000023500 implements MigrationInterface {
  name = 'Rewards1760000023500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reward_wishes (
        person_id uuid NOT NULL, reward text NOT NULL, wished_at timestamptz NOT NULL, told_at timestamptz,
        PRIMARY KEY (person_id, reward)
      )`);
    await runner.query(`CREATE INDEX reward_wishes_untold ON reward_wishes (reward) WHERE told_at IS NULL`);
    await runner.query(`
      CREATE TABLE reward_deliveries (
        claim_id uuid PRIMARY KEY REFERENCES reward_claims, url text NOT NULL, body jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'done', 'failed')), attempts int NOT NULL DEFAULT 0,
        next_at timestamptz NOT NULL, error text
      )`);
    await runner.query(
      `CREATE INDEX reward_deliveries_open ON reward_deliveries (next_at) WHERE state = 'open'`,
    );
    await runner.query(
      `CREATE INDEX reward_claims_time ON reward_claims (claimed_at) INCLUDE (price, person_id) WHERE state <> 'rejected'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX reward_claims_time`);
    await runner.query(`DROP TABLE reward_deliveries, reward_wishes`);
  }
}
